package io.larder.client.jcache;

import javax.cache.Cache;

/**
 * What a cache's operations work with.
 *
 * @param cache as listeners know it
 */
record CacheParts<K, V>(
        Cache<K, V> cache,
        Entries<K, V> entries,
        Origin<K, V> origin,
        Expiry expiry,
        Listeners<K, V> listeners,
        KeyLocks locks,
        CacheStatistics statistics) {
    /** Closes what the program brought along. */
    void close() {
        listeners.close();
        origin.close();
        expiry.close();
    }
}

package io.larder.client.api;

import java.util.Optional;

/**
 * Gets a value from where it comes from, as a database: called when the cache has none, and by one
 * caller at a time among all programs that use the cache. It may block.
 */
@FunctionalInterface
public interface Loader<K, V> {
    /**
     * The key's value.
     *
     * @return empty if the origin has none; not null
     * @throws Exception if it cannot be had now; callers get it as the cause of a {@link
     *     LoaderException}, and nothing is stored
     */
    Optional<V> load(K key) throws Exception;
}

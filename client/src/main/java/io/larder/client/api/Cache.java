package io.larder.client.api;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One region of a Larder server with keys and values of your types: the blocking view of an {@link
 * AsyncCache}. Any thread may call it, virtual ones too, which it never pins; not the client's own
 * event loop, where it throws {@link IllegalStateException} instead of waiting for itself.
 *
 * <p>Keys and values are made into bytes, and back, on the calling thread; what cannot be is a
 * {@link CodecException}. Every method throws a {@link LarderException} if it has no answer within
 * the timeout. No key, value or option may be null, and a miss is an empty Optional or a missing
 * key. Interrupting the thread gives the call up ({@link CallInterruptedException}).
 *
 * <p>Locking: every operation parks the calling thread until it has an answer; none holds a lock.
 */
public interface Cache<K, V> {
    /** The same region without blocking. */
    AsyncCache<K, V> async();

    /** The same region over raw bytes. */
    BytesCache bytes();

    /** The name of the region. */
    default String region() {
        return bytes().region();
    }

    /**
     * The same cache with another timeout for each call.
     *
     * @param timeout from 1 ms to 1 day
     */
    Cache<K, V> withTimeout(Duration timeout);

    /** See {@link AsyncCache#get}. */
    Optional<V> get(K key);

    /** See {@link AsyncCache#getEntry}. */
    Optional<Entry<V>> getEntry(K key);

    /** See {@link AsyncCache#getIfChanged}. */
    IfChanged<V> getIfChanged(K key, long knownVersion);

    /** See {@link AsyncCache#getAll}. */
    Map<K, V> getAll(Collection<? extends K> keys);

    /** See {@link AsyncCache#getOrLoad(Object, Loader)}. */
    default Optional<V> getOrLoad(K key, Loader<K, V> loader) {
        return getOrLoad(key, LoadOptions.DEFAULT, loader);
    }

    /**
     * See {@link AsyncCache#getOrLoad(Object, LoadOptions, Loader)}. If the load falls to this
     * call, its loader runs on the calling thread; it may take longer than the timeout.
     */
    Optional<V> getOrLoad(K key, LoadOptions options, Loader<K, V> loader);

    /** See {@link AsyncCache#getOrLoadAll}, and {@link #getOrLoad(Object, LoadOptions, Loader)}. */
    Map<K, V> getOrLoadAll(
            Collection<? extends K> keys, LoadOptions options, BulkLoader<K, V> loader);

    /** See {@link AsyncCache#getAndTouch}. */
    Optional<Entry<V>> getAndTouch(K key, Ttl ttl);

    /** See {@link AsyncCache#put(Object, Object)}. */
    default WriteResult put(K key, V value) {
        return put(key, value, PutOptions.DEFAULT);
    }

    /** See {@link AsyncCache#put(Object, Object, PutOptions)}. */
    WriteResult put(K key, V value, PutOptions options);

    /** See {@link AsyncCache#putAll(Map)}. */
    default Map<K, KeyResult<WriteResult>> putAll(Map<? extends K, ? extends V> entries) {
        return putAll(entries, PutOptions.DEFAULT);
    }

    /** See {@link AsyncCache#putAll(Map, PutOptions)}. */
    Map<K, KeyResult<WriteResult>> putAll(
            Map<? extends K, ? extends V> entries, PutOptions options);

    /** See {@link AsyncCache#putIfAbsent}. */
    default WriteResult putIfAbsent(K key, V value) {
        return put(key, value, PutOptions.DEFAULT.onlyIfAbsent());
    }

    /** See {@link AsyncCache#replace}. */
    default WriteResult replace(K key, V value) {
        return put(key, value, PutOptions.DEFAULT.onlyIfPresent());
    }

    /** See {@link AsyncCache#compareAndSet}. */
    default WriteResult compareAndSet(K key, long expectedVersion, V value) {
        return put(key, value, PutOptions.DEFAULT.ifVersion(expectedVersion));
    }

    /** See {@link AsyncCache#putIfNewer}. */
    default WriteResult putIfNewer(K key, V value, long callerVersion) {
        return put(key, value, PutOptions.DEFAULT.ifNewer(callerVersion));
    }

    /** See {@link AsyncCache#remove}. */
    boolean remove(K key);

    /** See {@link AsyncCache#removeIfVersion}. */
    WriteResult removeIfVersion(K key, long expectedVersion);

    /** See {@link AsyncCache#touch}. */
    boolean touch(K key, Ttl ttl);

    /** See {@link AsyncCache#increment(Object, long)}. */
    OptionalLong increment(K key, long delta);

    /** See {@link AsyncCache#increment(Object, long, long, Ttl)}. */
    long increment(K key, long delta, long initial, Ttl ttl);

    /** See {@link AsyncCache#append}. */
    WriteResult append(K key, V suffix);

    /** See {@link AsyncCache#scan}. */
    KeyPage<K> scan(String prefix, long cursor, int count);

    /** {@link #keys(String)} of all keys. */
    default Iterable<K> keys() {
        return keys("");
    }

    /**
     * The region's keys, page by page as they are asked for; each iteration is a scan of its own,
     * see {@link AsyncBytesCache#scan}: a key may come twice. {@code hasNext} waits for a page.
     *
     * @param prefix what the keys' bytes begin with, as UTF-8; empty for all
     */
    default Iterable<K> keys(String prefix) {
        return () ->
                new PagedIterator<>(
                        cursor -> scan(prefix, cursor, 0), KeyPage::keys, KeyPage::nextCursor);
    }

    /** {@link #keys(String)} as a stream, which needs no closing. */
    default Stream<K> keyStream(String prefix) {
        return StreamSupport.stream(keys(prefix).spliterator(), false);
    }

    /** See {@link AsyncCache#clear}. */
    void clear();

    /** See {@link AsyncCache#invalidateTag}. */
    void invalidateTag(String tag);

    /** See {@link AsyncCache#invalidatePrefix}. */
    void invalidatePrefix(String prefix);
}

package io.larder.client.api;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One region of a Larder server with keys and values of your types, without blocking. What {@link
 * AsyncBytesCache} says of futures, bounds and order holds here; any thread may call it.
 *
 * <p><b>Codecs.</b> A key or value is made into bytes by the call itself, which throws the {@link
 * CodecException} if that fails. What is read is decoded where futures complete: on the client's
 * event loop, unless an executor was configured, which is the thing to do if decoding takes long. A
 * value that cannot be decoded fails this future, with a {@link CodecException}, and nothing else.
 *
 * <p><b>Nulls.</b> There are none: neither keys nor values nor options may be null, and a miss is
 * an empty Optional or a missing key.
 *
 * <p><b>Cancelling</b> a future gives the call up: its result is dropped, nothing more is sent for
 * it, and a write may have been carried out or not.
 */
public interface AsyncCache<K, V> {
    /** The same region over raw bytes. */
    AsyncBytesCache bytes();

    /** The name of the region. */
    default String region() {
        return bytes().region();
    }

    /** See {@link AsyncBytesCache#withTimeout}. */
    AsyncCache<K, V> withTimeout(Duration timeout);

    /** The value, or empty on a miss. */
    CompletableFuture<Optional<V>> get(K key);

    /** The value with its version, remaining time and flags, or empty on a miss. */
    CompletableFuture<Optional<Entry<V>>> getEntry(K key);

    /** See {@link AsyncBytesCache#getIfChanged}. */
    CompletableFuture<IfChanged<V>> getIfChanged(K key, long knownVersion);

    /**
     * The values of those keys that are there, in as few requests as the server's limits allow. A
     * map, as Caffeine's {@code getAllPresent}: what a caller does next is to look a key up or to
     * go through what was found, and a key that is not in it is a miss, which needs neither a null
     * nor an index. It iterates in the order of {@code keys}, as a list would; a key that repeats
     * is asked for once.
     *
     * <p>Each key is read on its own: together they are no snapshot. If one of them fails, the
     * future fails with the first failure.
     *
     * @param keys may be empty
     * @return unmodifiable
     */
    CompletableFuture<Map<K, V>> getAll(Collection<? extends K> keys);

    /** {@link #getOrLoad(Object, LoadOptions, Loader)} with the default options. */
    default CompletableFuture<Optional<V>> getOrLoad(K key, Loader<K, V> loader) {
        return getOrLoad(key, LoadOptions.DEFAULT, loader);
    }

    /**
     * The value, which is loaded and stored if the cache has none: by one caller in all programs,
     * however many miss it at once. See {@link AsyncBytesCache#getOrLoad} for all that holds here.
     *
     * @return empty if the origin has none; fails with a {@link LoaderException} if the loader does
     */
    CompletableFuture<Optional<V>> getOrLoad(K key, LoadOptions options, Loader<K, V> loader);

    /**
     * {@link #getOrLoad} of many keys: those that fall to this call are loaded together.
     *
     * @param keys may be empty
     * @return the values of those keys that have one, in the order of {@code keys}; unmodifiable
     */
    CompletableFuture<Map<K, V>> getOrLoadAll(
            Collection<? extends K> keys, LoadOptions options, BulkLoader<K, V> loader);

    /** The entry, after its expiry was set to {@code ttl} from now; empty on a miss. */
    CompletableFuture<Optional<Entry<V>>> getAndTouch(K key, Ttl ttl);

    /** Stores the value with the region's default TTL, whatever was there. */
    default CompletableFuture<WriteResult> put(K key, V value) {
        return put(key, value, PutOptions.DEFAULT);
    }

    /** Stores the value if the options' condition holds; the result says if it did. */
    CompletableFuture<WriteResult> put(K key, V value, PutOptions options);

    /** {@link #putAll(Map, PutOptions)} with the default options. */
    default CompletableFuture<Map<K, KeyResult<WriteResult>>> putAll(
            Map<? extends K, ? extends V> entries) {
        return putAll(entries, PutOptions.DEFAULT);
    }

    /**
     * Stores many values, in as few requests as the server's limits allow. Each key is written on
     * its own, and has its result or its failure; the future itself does not fail.
     *
     * @param entries may be empty
     * @return a result for each key, in the order of the entries; unmodifiable
     */
    CompletableFuture<Map<K, KeyResult<WriteResult>>> putAll(
            Map<? extends K, ? extends V> entries, PutOptions options);

    /**
     * Stores the value if the key is absent.
     *
     * @return applied, or EXISTS
     */
    default CompletableFuture<WriteResult> putIfAbsent(K key, V value) {
        return put(key, value, PutOptions.DEFAULT.onlyIfAbsent());
    }

    /**
     * Stores the value if the key is present.
     *
     * @return applied, or MISSING
     */
    default CompletableFuture<WriteResult> replace(K key, V value) {
        return put(key, value, PutOptions.DEFAULT.onlyIfPresent());
    }

    /**
     * Stores the value if the item has this version.
     *
     * @param expectedVersion from an {@link Entry} or a {@link WriteResult}; not 0
     * @return applied, VERSION_MISMATCH, or MISSING
     */
    default CompletableFuture<WriteResult> compareAndSet(K key, long expectedVersion, V value) {
        return put(key, value, PutOptions.DEFAULT.ifVersion(expectedVersion));
    }

    /**
     * Stores the value if the item has no caller's version, or a lower one, or is absent; see
     * {@link PutOptions#ifNewer}.
     *
     * @param callerVersion from 1
     * @return applied, or NOT_NEWER
     */
    default CompletableFuture<WriteResult> putIfNewer(K key, V value, long callerVersion) {
        return put(key, value, PutOptions.DEFAULT.ifNewer(callerVersion));
    }

    /** Removes the item; true if there was one. */
    CompletableFuture<Boolean> remove(K key);

    /**
     * Removes the item if it has this version.
     *
     * @return applied, VERSION_MISMATCH, or MISSING
     */
    CompletableFuture<WriteResult> removeIfVersion(K key, long expectedVersion);

    /** Sets the item's expiry to {@code ttl} from now; false if there is no item. */
    CompletableFuture<Boolean> touch(K key, Ttl ttl);

    /**
     * Adds to a number in one step on the server. Its expiry stays. For caches whose values are
     * {@link Codec#longs()}; others throw {@link UnsupportedOperationException}.
     *
     * @return the number after it, or empty if there is none; fails with {@link
     *     NotANumberException} if the sum overflows
     */
    CompletableFuture<OptionalLong> increment(K key, long delta);

    /**
     * Adds to a number; if there is none, makes one as if it had been {@code initial}. Else as
     * {@link #increment(Object, long)}.
     *
     * @param ttl of a new number; an existing one keeps its own
     * @return the number after it
     */
    CompletableFuture<Long> increment(K key, long delta, long initial, Ttl ttl);

    /**
     * Adds after the value, in one step on the server. For caches whose values are {@link
     * Codec#utf8()} or {@link Codec#bytes()}, where bytes after bytes are the value after the
     * value; others, and compressed ones, throw {@link UnsupportedOperationException}. Where
     * another program stores the same values compressed, appending to one breaks it.
     *
     * @return applied, or MISSING
     */
    CompletableFuture<WriteResult> append(K key, V suffix);

    /**
     * Some of the region's keys, decoded; see {@link AsyncBytesCache#scan}.
     *
     * @param prefix what the keys' bytes begin with, as UTF-8; empty for all
     */
    CompletableFuture<KeyPage<K>> scan(String prefix, long cursor, int count);

    /** Removes all items of the region. */
    CompletableFuture<@Nullable Void> clear();

    /** See {@link AsyncBytesCache#invalidateTag}. */
    CompletableFuture<@Nullable Void> invalidateTag(String tag);

    /**
     * See {@link AsyncBytesCache#invalidatePrefix}.
     *
     * @param prefix what the keys' bytes begin with, as UTF-8; not empty
     */
    CompletableFuture<@Nullable Void> invalidatePrefix(String prefix);
}

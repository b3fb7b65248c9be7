package io.larder.client.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One region of a Larder server over raw bytes, without blocking: every call returns at once with a
 * future. Any thread may call it; calls that wait at the same time share one write to the socket.
 *
 * <p><b>Bytes.</b> Keys and values are copied before a call returns, so the caller may reuse its
 * arrays; arrays that come back belong to the caller. Keys have 1 to 4,095 bytes, or what the
 * server says; values may be empty.
 *
 * <p><b>Futures.</b> Each one completes, at the latest a little after the timeout, and fails with a
 * {@link LarderException} only. A refused condition is a {@link WriteResult}, not a failure. They
 * complete on the client's event loop unless an executor was configured: a callback that blocks
 * there stalls every call of this client. Cancelling a future does not call the operation back.
 *
 * <p><b>Bounds.</b> A call that would exceed the window of unanswered calls, in number or bytes,
 * fails at once with {@link TooManyRequestsException}: nothing queues without bound. Until a call
 * completes it counts.
 *
 * <p><b>Order.</b> Two calls of one thread are sent in their order; answers may come in any. To
 * have one seen by the next, wait for its future.
 *
 * <p>No argument may be null. An argument that is wrong whatever the server (a negative count, an
 * empty key) is an {@link IllegalArgumentException}, thrown by the call itself.
 */
public interface AsyncBytesCache {
    /** The name of the region; empty for the server's default region. */
    String region();

    /**
     * The same cache with another timeout for each call, from the call to its completion; retries
     * and the wait for a connection included.
     *
     * @param timeout from 1 ms to 1 day
     */
    AsyncBytesCache withTimeout(Duration timeout);

    /** The value, or empty on a miss. */
    CompletableFuture<Optional<byte[]>> get(byte[] key);

    /** The value with its format, or empty on a miss: what a {@link Codec} reads. */
    CompletableFuture<Optional<StoredValue>> getStored(byte[] key);

    /** The value with its version, remaining time and flags, or empty on a miss. */
    CompletableFuture<Optional<Entry<byte[]>>> getEntry(byte[] key);

    /**
     * The entry if its version differs from the one the caller has; the value travels only then.
     *
     * @param knownVersion from an {@link Entry} or a {@link WriteResult}
     */
    CompletableFuture<IfChanged<byte[]>> getIfChanged(byte[] key, long knownVersion);

    /**
     * The values of many keys, in the order of {@code keys}, in as few requests as the server's
     * limits allow. Each key is read on its own: together they are no snapshot. If one of them
     * fails, the future fails with the first failure.
     *
     * @param keys may be empty, may repeat
     */
    CompletableFuture<List<Optional<byte[]>>> getAll(List<byte[]> keys);

    /** {@link #getAll}, each value with its format. */
    CompletableFuture<List<Optional<StoredValue>>> getAllStored(List<byte[]> keys);

    /**
     * The value, which is loaded and stored if the cache has none; empty if the origin has none.
     *
     * <p><b>One load.</b> Of all callers who miss the key at once, in this program and in all
     * others, one runs its loader; the rest are given what it has loaded. A loader that fails fails
     * the calls of this program that wait for it, with a {@link LoaderException}; those of others
     * load themselves, one of them, and so does the next call here. A program that dies while it
     * loads is replaced at once.
     *
     * <p><b>Changes.</b> If the key is written or deleted while it is loaded, what was loaded is
     * given to those who asked for it before, and is not stored. So change the origin first, then
     * delete (or put) the key: nothing old stays in the cache.
     *
     * <p><b>Soft TTL.</b> Where the options have one ({@link PutOptions#softTtl(Duration)}), a
     * value past it is still given, at once, and one caller in all programs loads it anew in the
     * background. If that fails the old one stays, until its TTL.
     *
     * <p><b>Without the cache.</b> If the server does not answer within this cache's timeout, or is
     * not connected, the loader is run and its value given, and not stored; with a server that has
     * no leases there is one load at a time in each program.
     *
     * <p>Cancelling does not call the load back, as others may wait for it.
     *
     * @return fails with {@link RequestTimeoutException} if another caller's load takes longer than
     *     the options' timeout
     */
    CompletableFuture<Optional<byte[]>> getOrLoad(
            byte[] key, LoadOptions options, Loader<byte[], byte[]> loader);

    /** {@link #getOrLoad} of a value with its format. */
    CompletableFuture<Optional<StoredValue>> getOrLoadStored(
            byte[] key, LoadOptions options, Loader<byte[], StoredValue> loader);

    /**
     * {@link #getOrLoadStored} with a loader that does not wait: it is called on the options'
     * executor, or on a thread of the client, and none is held until its value comes.
     */
    CompletableFuture<Optional<StoredValue>> getOrLoadStoredAsync(
            byte[] key, LoadOptions options, AsyncLoader<byte[], StoredValue> loader);

    /**
     * {@link #getOrLoad} of many keys, in their order: those that fall to this call are loaded
     * together, up to 1,024 at a time. If one of them fails, the future fails.
     *
     * @param keys may be empty, may repeat
     */
    CompletableFuture<List<Optional<StoredValue>>> getOrLoadAllStored(
            List<byte[]> keys, LoadOptions options, BulkLoader<byte[], StoredValue> loader);

    /** The entry, after its expiry was set to {@code ttl} from now; empty on a miss. */
    CompletableFuture<Optional<Entry<byte[]>>> getAndTouch(byte[] key, Ttl ttl);

    /** Stores the value with the region's default TTL, whatever was there. */
    default CompletableFuture<WriteResult> put(byte[] key, byte[] value) {
        return put(key, value, PutOptions.DEFAULT);
    }

    /** Stores the value if the options' condition holds; the result says if it did. */
    default CompletableFuture<WriteResult> put(byte[] key, byte[] value, PutOptions options) {
        return putStored(key, StoredValue.raw(value), options);
    }

    /** {@link #put(byte[], byte[], PutOptions)} of a value with its format. */
    CompletableFuture<WriteResult> putStored(byte[] key, StoredValue value, PutOptions options);

    /**
     * Stores many values with the same options, in as few requests as the server's limits allow.
     * Each key is written on its own, and others' operations come between. The future itself does
     * not fail: each key has its result or its failure.
     *
     * @param keys may be empty; of one that repeats any may be the last
     * @param values as many
     * @return a result for each key, in their order
     */
    CompletableFuture<List<KeyResult<WriteResult>>> putAll(
            List<byte[]> keys, List<StoredValue> values, PutOptions options);

    /**
     * Stores the value, with the region's default TTL, if the item has this version; for another
     * TTL, {@link #put(byte[], byte[], PutOptions)} with {@link PutOptions#ifVersion}.
     *
     * @param expectedVersion from an {@link Entry} or a {@link WriteResult}; not 0
     * @return applied, VERSION_MISMATCH, or MISSING
     */
    default CompletableFuture<WriteResult> compareAndSet(
            byte[] key, long expectedVersion, byte[] value) {
        return put(key, value, PutOptions.DEFAULT.ifVersion(expectedVersion));
    }

    /** Removes the item; true if there was one. */
    CompletableFuture<Boolean> delete(byte[] key);

    /**
     * Removes the item if it has this version.
     *
     * @return applied, VERSION_MISMATCH, or MISSING
     */
    CompletableFuture<WriteResult> deleteIfVersion(byte[] key, long expectedVersion);

    /** Sets the item's expiry to {@code ttl} from now; false if there is no item. */
    CompletableFuture<Boolean> touch(byte[] key, Ttl ttl);

    /**
     * Adds to a counter, which is decimal text, in one step on the server. Its expiry stays.
     *
     * @return the number after it, or empty if there is no counter; fails with {@link
     *     NotANumberException} if the value is none or the sum overflows
     */
    CompletableFuture<OptionalLong> increment(byte[] key, long delta);

    /**
     * Adds to a counter; if there is none, makes one as if it had been {@code initial}: it is
     * {@code initial + delta} then.
     *
     * @param ttl of a new counter; an existing one keeps its own
     * @return the number after it; fails with {@link NotANumberException} if the value is none or
     *     the sum overflows
     */
    CompletableFuture<Long> increment(byte[] key, long delta, long initial, Ttl ttl);

    /**
     * Adds bytes after the value.
     *
     * @return applied, or MISSING
     */
    CompletableFuture<WriteResult> append(byte[] key, byte[] suffix);

    /**
     * Adds bytes before the value.
     *
     * @return applied, or MISSING
     */
    CompletableFuture<WriteResult> prepend(byte[] key, byte[] prefix);

    /**
     * Some of the region's keys. Each key that is there from the first page to the last is returned
     * at least once, maybe twice; others may be or not. Fails with {@link
     * UnsupportedByServerException} if the server cannot scan.
     *
     * @param prefix what keys begin with; empty for all
     * @param cursor {@link ScanPage#START}, then {@link ScanPage#nextCursor()}
     * @param count keys wanted; in rare cases one or two more come; 0 leaves it to the server
     */
    CompletableFuture<ScanPage> scan(byte[] prefix, long cursor, int count);

    /**
     * As the first page of {@link #scan}, but from the place that a key has, or would have, in the
     * server's order, beginning with the key itself if it is there. The order is that of the keys'
     * hashes: it is no range of keys. Go on with {@link #scan}.
     *
     * @param startKey from 1 byte
     * @param prefix what keys begin with; empty for all
     * @param count keys wanted; in rare cases one or two more come; 0 leaves it to the server
     */
    CompletableFuture<ScanPage> scanFrom(byte[] startKey, byte[] prefix, int count);

    /** Removes all items of the region. */
    CompletableFuture<@Nullable Void> clear();

    /**
     * Removes all items of the region that were stored with this tag, in the same short time
     * however many there are. What was written before the call is gone after it; what is written
     * meanwhile may stay or not.
     *
     * @param tag of 1 to 64 bytes of UTF-8
     * @return fails with {@link ServerBusyException} if too many tags are being swept
     */
    CompletableFuture<@Nullable Void> invalidateTag(String tag);

    /**
     * Removes all items of the region whose keys begin with {@code prefix}; else as {@link
     * #invalidateTag}.
     *
     * @param prefix from 1 byte
     */
    CompletableFuture<@Nullable Void> invalidatePrefix(byte[] prefix);

    /**
     * The servers' figures of this region, of several servers their sums.
     *
     * @throws UnsupportedOperationException if it is the default region, of which servers have no
     *     figures of their own
     */
    CompletableFuture<RegionStats> stats();

    /** What became of the copies that this cache keeps in the client; empty if it keeps none. */
    default Optional<NearStats> nearStats() {
        return Optional.empty();
    }

    /** {@link #get(byte[])} with key and value as UTF-8. */
    default CompletableFuture<Optional<String>> getText(String key) {
        return get(key.getBytes(UTF_8)).thenApply(found -> found.map(it -> new String(it, UTF_8)));
    }

    /** {@link #put(byte[], byte[])} with key and value as UTF-8. */
    default CompletableFuture<WriteResult> putText(String key, String value) {
        return putText(key, value, PutOptions.DEFAULT);
    }

    /** {@link #put(byte[], byte[], PutOptions)} with key and value as UTF-8. */
    default CompletableFuture<WriteResult> putText(String key, String value, PutOptions options) {
        return put(key.getBytes(UTF_8), value.getBytes(UTF_8), options);
    }

    /** {@link #delete(byte[])} with the key as UTF-8. */
    default CompletableFuture<Boolean> delete(String key) {
        return delete(key.getBytes(UTF_8));
    }

    /** {@link #touch(byte[], Ttl)} with the key as UTF-8. */
    default CompletableFuture<Boolean> touch(String key, Ttl ttl) {
        return touch(key.getBytes(UTF_8), ttl);
    }

    /** {@link #increment(byte[], long, long, Ttl)} with the key as UTF-8. */
    default CompletableFuture<Long> increment(String key, long delta, long initial, Ttl ttl) {
        return increment(key.getBytes(UTF_8), delta, initial, ttl);
    }
}

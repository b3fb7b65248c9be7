package io.larder.client.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The blocking view of an {@link AsyncBytesCache}: the same operations, each of which waits for its
 * answer. Any thread may call it, virtual ones too, except the client's own event loop, where it
 * throws {@link IllegalStateException} instead of waiting for itself.
 *
 * <p>Bytes are copied as there. Where an asynchronous call would be refused because the window of
 * unanswered calls is full, this one waits for room, up to its timeout. Every method throws a
 * {@link LarderException} if it has no answer by then, and leaves the interrupt flag set if
 * interrupted ({@link CallInterruptedException}).
 *
 * <p>Locking: every operation parks the calling thread until it has an answer; none holds a lock.
 */
public interface BytesCache {
    /** The same region without blocking. */
    AsyncBytesCache async();

    /** The name of the region; empty for the server's default region. */
    default String region() {
        return async().region();
    }

    /**
     * The same cache with another timeout for each call.
     *
     * @param timeout from 1 ms to 1 day
     */
    BytesCache withTimeout(Duration timeout);

    /** See {@link AsyncBytesCache#get(byte[])}. */
    Optional<byte[]> get(byte[] key);

    /** See {@link AsyncBytesCache#getStored(byte[])}. */
    Optional<StoredValue> getStored(byte[] key);

    /** See {@link AsyncBytesCache#getEntry(byte[])}. */
    Optional<Entry<byte[]>> getEntry(byte[] key);

    /** See {@link AsyncBytesCache#getIfChanged(byte[], long)}. */
    IfChanged<byte[]> getIfChanged(byte[] key, long knownVersion);

    /** See {@link AsyncBytesCache#getAll(List)}. */
    List<Optional<byte[]>> getAll(List<byte[]> keys);

    /** See {@link AsyncBytesCache#getAllStored(List)}. */
    List<Optional<StoredValue>> getAllStored(List<byte[]> keys);

    /**
     * See {@link AsyncBytesCache#getOrLoad}. If the load falls to this call, its loader runs on the
     * calling thread; it may take longer than the timeout.
     */
    Optional<byte[]> getOrLoad(byte[] key, LoadOptions options, Loader<byte[], byte[]> loader);

    /** See {@link AsyncBytesCache#getOrLoadStored}, and {@link #getOrLoad}. */
    Optional<StoredValue> getOrLoadStored(
            byte[] key, LoadOptions options, Loader<byte[], StoredValue> loader);

    /** See {@link AsyncBytesCache#getOrLoadAllStored}, and {@link #getOrLoad}. */
    List<Optional<StoredValue>> getOrLoadAllStored(
            List<byte[]> keys, LoadOptions options, BulkLoader<byte[], StoredValue> loader);

    /** See {@link AsyncBytesCache#getAndTouch(byte[], Ttl)}. */
    Optional<Entry<byte[]>> getAndTouch(byte[] key, Ttl ttl);

    /** See {@link AsyncBytesCache#put(byte[], byte[])}. */
    default WriteResult put(byte[] key, byte[] value) {
        return put(key, value, PutOptions.DEFAULT);
    }

    /** See {@link AsyncBytesCache#put(byte[], byte[], PutOptions)}. */
    default WriteResult put(byte[] key, byte[] value, PutOptions options) {
        return putStored(key, StoredValue.raw(value), options);
    }

    /** See {@link AsyncBytesCache#putStored(byte[], StoredValue, PutOptions)}. */
    WriteResult putStored(byte[] key, StoredValue value, PutOptions options);

    /** See {@link AsyncBytesCache#putAll(List, List, PutOptions)}. */
    List<KeyResult<WriteResult>> putAll(
            List<byte[]> keys, List<StoredValue> values, PutOptions options);

    /** See {@link AsyncBytesCache#compareAndSet(byte[], long, byte[])}. */
    default WriteResult compareAndSet(byte[] key, long expectedVersion, byte[] value) {
        return put(key, value, PutOptions.DEFAULT.ifVersion(expectedVersion));
    }

    /** See {@link AsyncBytesCache#delete(byte[])}. */
    boolean delete(byte[] key);

    /** See {@link AsyncBytesCache#deleteIfVersion(byte[], long)}. */
    WriteResult deleteIfVersion(byte[] key, long expectedVersion);

    /** See {@link AsyncBytesCache#touch(byte[], Ttl)}. */
    boolean touch(byte[] key, Ttl ttl);

    /** See {@link AsyncBytesCache#increment(byte[], long)}. */
    OptionalLong increment(byte[] key, long delta);

    /** See {@link AsyncBytesCache#increment(byte[], long, long, Ttl)}. */
    long increment(byte[] key, long delta, long initial, Ttl ttl);

    /** See {@link AsyncBytesCache#append(byte[], byte[])}. */
    WriteResult append(byte[] key, byte[] suffix);

    /** See {@link AsyncBytesCache#prepend(byte[], byte[])}. */
    WriteResult prepend(byte[] key, byte[] prefix);

    /** See {@link AsyncBytesCache#scan(byte[], long, int)}. */
    ScanPage scan(byte[] prefix, long cursor, int count);

    /** See {@link AsyncBytesCache#scanFrom(byte[], byte[], int)}. */
    ScanPage scanFrom(byte[] startKey, byte[] prefix, int count);

    /**
     * All keys of the region that begin with {@code prefix}, page by page as they are asked for;
     * each iteration is a scan of its own, see {@link #scan}. {@code hasNext} waits for a page.
     *
     * @param prefix empty for all keys
     */
    default Iterable<byte[]> keys(byte[] prefix) {
        byte[] copy = prefix.clone();
        return () ->
                new PagedIterator<>(
                        cursor -> scan(copy, cursor, 0), ScanPage::keys, ScanPage::nextCursor);
    }

    /** See {@link AsyncBytesCache#clear()}. */
    void clear();

    /** See {@link AsyncBytesCache#invalidateTag(String)}. */
    void invalidateTag(String tag);

    /** See {@link AsyncBytesCache#invalidatePrefix(byte[])}. */
    void invalidatePrefix(byte[] prefix);

    /** See {@link AsyncBytesCache#stats()}. */
    RegionStats stats();

    /** See {@link AsyncBytesCache#nearStats()}. */
    default Optional<NearStats> nearStats() {
        return async().nearStats();
    }

    /** See {@link AsyncBytesCache#getText(String)}. */
    default Optional<String> getText(String key) {
        return get(key.getBytes(UTF_8)).map(it -> new String(it, UTF_8));
    }

    /** See {@link AsyncBytesCache#putText(String, String)}. */
    default WriteResult putText(String key, String value) {
        return putText(key, value, PutOptions.DEFAULT);
    }

    /** See {@link AsyncBytesCache#putText(String, String, PutOptions)}. */
    default WriteResult putText(String key, String value, PutOptions options) {
        return put(key.getBytes(UTF_8), value.getBytes(UTF_8), options);
    }

    /** See {@link AsyncBytesCache#delete(String)}. */
    default boolean delete(String key) {
        return delete(key.getBytes(UTF_8));
    }

    /** See {@link AsyncBytesCache#touch(String, Ttl)}. */
    default boolean touch(String key, Ttl ttl) {
        return touch(key.getBytes(UTF_8), ttl);
    }

    /** See {@link AsyncBytesCache#increment(String, long, long, Ttl)}. */
    default long increment(String key, long delta, long initial, Ttl ttl) {
        return increment(key.getBytes(UTF_8), delta, initial, ttl);
    }
}

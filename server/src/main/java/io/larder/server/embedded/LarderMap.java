package io.larder.server.embedded;

import io.larder.server.store.ValueSink;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A map of bytes to bytes whose entries lie outside of the Java heap, may expire, and are evicted
 * when memory runs short. Any thread may call anything.
 *
 * <p>Keys have 1 to 4,095 bytes. What is passed in is copied and never kept; what is returned is a
 * copy. Reads take no lock. Each operation on one key is atomic: it looks as if it were done at one
 * moment between call and return. What is atomic over several keys is {@link #swap} and {@link
 * #updateAll}, and no other; even they are seen by a read, which takes no lock, one key after the
 * other.
 *
 * <p><b>Functions</b> that decide what becomes of entries ({@link #compute} and its kin) run under
 * the lock of their key's shard, so that other writers wait for them. They must be short, must not
 * block, and must not call any map: that is refused with an {@link IllegalStateException}. A
 * function may be called more than once, namely anew where there was no room for what it wanted.
 * What it throws reaches the caller, and the entries stay as they were.
 *
 * <p><b>Times to live</b> are positive durations, counted in milliseconds; an operation that takes
 * none uses the region's default, which is never unless the region says otherwise.
 *
 * <p>A key of which a client has stored over the wire that its origin does not have it is absent
 * here; to remove or touch it nevertheless says that it was there.
 *
 * <p>Writes throw {@link StoreBusyException} where there is no room, and {@link
 * IllegalArgumentException} where a value is too long (a function's: for half a segment) or an
 * argument is out of range. Nothing is null unless marked.
 */
public interface LarderMap extends Iterable<Entry> {
    /** The value, or null if the key is absent. */
    byte @Nullable [] get(byte[] key);

    /**
     * Gives the value to a sink without allocating; says whether the key is present. The sink must
     * not throw and must not call a map, and may be called several times, also with bytes that turn
     * out to be void: only the last call before a true counts, and none before a false.
     */
    boolean get(byte[] key, int offset, int length, ValueSink sink);

    /** As {@link #get(byte[], int, int, ValueSink)} with the whole array as key. */
    default boolean get(byte[] key, ValueSink sink) {
        return get(key, 0, key.length, sink);
    }

    /** The entry, with version and time to live, or null if the key is absent. */
    @Nullable Entry getEntry(byte[] key);

    /** Whether the key is present. Does not count as a use. */
    boolean containsKey(byte[] key);

    /**
     * The values of many keys, in the order of the keys, null for those that are absent. Each read
     * is by itself; together they are faster than one by one.
     */
    List<byte @Nullable []> getAll(List<byte[]> keys);

    /** Stores an entry. */
    void put(byte[] key, byte[] value);

    /** Stores an entry that expires. */
    void put(byte[] key, byte[] value, Duration timeToLive);

    /** Stores parts of arrays; {@code timeToLiveMillis} 0 means never. */
    void put(
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength,
            long timeToLiveMillis);

    /** Stores many entries, each by itself, in ascending order of their shards. */
    void putAll(Map<byte[], byte[]> entries);

    /** Stores an entry if the key is absent; says whether it was. */
    boolean putIfAbsent(byte[] key, byte[] value);

    /** As {@link #putIfAbsent(byte[], byte[])}, for an entry that expires. */
    boolean putIfAbsent(byte[] key, byte[] value, Duration timeToLive);

    /** Stores an entry if the key is present; says whether it was. */
    boolean replace(byte[] key, byte[] value);

    /** Stores an entry if the key is present with this version; says whether it was. */
    boolean replace(byte[] key, long expectedVersion, byte[] value);

    /** Makes the key absent; says whether it was present. */
    boolean remove(byte[] key);

    /** Makes the key absent if it is present with this version; says whether it was. */
    boolean remove(byte[] key, long expectedVersion);

    /**
     * Makes many keys absent, each by itself, in ascending order of their shards; how many were.
     */
    long removeAll(Collection<byte[]> keys);

    /** Gives the entry another time to live; says whether the key is present. */
    boolean touch(byte[] key, Duration timeToLive);

    /** The value there is, else the given one, which is then stored. */
    byte[] getOrInsert(byte[] key, byte[] value);

    /** The value there is, else the supplier's, which is then stored. See <b>Functions</b>. */
    byte[] getOrInsert(byte[] key, Supplier<byte[]> supplier);

    /**
     * Has a function decide what becomes of the entry, null if the key is absent. See
     * <b>Functions</b>.
     *
     * @return the value afterwards, null if the key is absent then
     */
    byte @Nullable [] compute(byte[] key, Function<? super @Nullable Entry, Change> function);

    /** As {@link #compute}, but does nothing and returns null if the key is absent. */
    byte @Nullable [] alter(byte[] key, Function<? super Entry, Change> function);

    /** Puts bytes behind the value, which keeps its expiry; says whether the key is present. */
    boolean append(byte[] key, byte[] suffix);

    /** Puts bytes before the value, which keeps its expiry; says whether the key is present. */
    boolean prepend(byte[] key, byte[] prefix);

    /**
     * Adds to a number stored as decimal text, 0 if absent, and returns the sum. A number that is
     * there keeps its expiry.
     *
     * @throws NumberFormatException if the value is no number of 64 bits
     * @throws ArithmeticException if the sum would be none
     */
    long increment(byte[] key, long delta);

    /**
     * Exchanges the values of two keys, with their expiry, in one step; one that is absent becomes
     * the other.
     */
    void swap(byte[] left, byte[] right);

    /**
     * Has a function decide what becomes of several entries, in one step: all of it is done or, if
     * there is no room or the function throws, nothing. The shards of all keys are locked, in
     * ascending order, so that no two such updates can wait for each other. See <b>Functions</b>.
     *
     * @param keys 1 to 256, all different
     * @param function gets the entries in the order of the keys, null for those that are absent,
     *     and returns a change for each
     */
    void updateAll(
            List<byte[]> keys, Function<? super List<@Nullable Entry>, List<Change>> function);

    /** As {@link #put(byte[], byte[])}, but gives up waiting for the lock after {@code timeout}. */
    Outcome tryPut(byte[] key, byte[] value, Duration timeout);

    /** As {@link #remove(byte[])}, but gives up waiting for the lock after {@code timeout}. */
    Outcome tryRemove(byte[] key, Duration timeout);

    /**
     * As {@link #compute}, but gives up waiting for the lock after {@code timeout}, and does not
     * return the value.
     */
    Outcome tryCompute(
            byte[] key, Duration timeout, Function<? super @Nullable Entry, Change> function);

    /** As {@link #updateAll}, but gives up waiting for the locks after {@code timeout}. */
    Outcome tryUpdateAll(
            List<byte[]> keys,
            Duration timeout,
            Function<? super List<@Nullable Entry>, List<Change>> function);

    /**
     * Walks over the entries, weakly consistent: what is present throughout is met at least once,
     * what comes or goes meanwhile may be or not, and an entry that is written or moved may be met
     * again. No lock is held between steps; {@link Iterator#remove} removes the entry unless it has
     * changed since.
     */
    @Override
    Iterator<Entry> iterator();

    /**
     * Hands each entry to a consumer; see {@link #iterator}. In parallel, on this thread and the
     * maintenance workers, if the store holds at least {@code parallelismThreshold} entries; the
     * consumer then is called by several threads at a time. It must not block for long: eviction
     * waits for the same workers.
     */
    void forEach(long parallelismThreshold, Consumer<? super Entry> action);

    /**
     * Transforms each entry and combines what comes out, nulls left out; null if nothing does.
     * Sequential or parallel as {@link #forEach(long, Consumer)}; combines in the order of the
     * shards, so the reducer need be associative only.
     */
    <R> @Nullable R reduce(
            long parallelismThreshold,
            Function<? super Entry, ? extends @Nullable R> transformer,
            BiFunction<? super R, ? super R, ? extends R> reducer);

    /**
     * Removes the entries that the predicate accepts; how many. An entry that changes after it was
     * judged is judged anew. See {@link #iterator} for which are met; no lock is held while the
     * predicate runs.
     */
    long removeIf(Predicate<? super Entry> predicate);

    /** Removes the entries that the predicate does not accept; how many. See {@link #removeIf}. */
    default long retain(Predicate<? super Entry> predicate) {
        return removeIf(predicate.negate());
    }

    /** How many entries there are, counted one by one; see {@link #iterator}. */
    long size();

    /** Makes the map empty in constant time; memory comes back in the background. */
    void clear();
}

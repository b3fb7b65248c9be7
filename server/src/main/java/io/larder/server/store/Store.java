package io.larder.server.store;

import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * The narrow waist: everything above (commands, regions, front-ends) sees a store only through
 * this, and every engine implements it.
 *
 * <p>Any thread may call any operation; carriers ({@link Key}, {@link Mutation}) and sinks belong
 * to one thread at a time. {@code nowMillis} is the store clock's time, read once per batch of
 * requests before the index is looked at; expiry is judged by it. Each operation on one key is
 * linearizable. Nothing is null unless marked.
 */
public interface Store extends AutoCloseable {
    /** The most keys of one {@link #update}. */
    int UPDATE_KEYS_MAX = 256;

    /** The hasher every {@link Key} given to this store must have been wrapped with. */
    KeyHasher hasher();

    /** The longest value in bytes, as the memory limit is at present. */
    int valueBytesMax();

    /** The longest value in bytes of an item of {@code space}. */
    default int valueBytesMax(int space) {
        return valueBytesMax();
    }

    /**
     * What the engine that keeps {@code space} holds at most, where that is what OUT_OF_CAPACITY
     * means, as {@code 1000 entries}; null where it means the region's quota.
     */
    default @Nullable String capacityOf(int space) {
        return null;
    }

    /**
     * Looks a key up and hands its item to the sink.
     *
     * <p>Locking: none, but after eight interrupted attempts it takes the shard's lock (counted as
     * {@code reads_locked}), and so it does where items expire for want of use, once for each
     * eighth of that time; allocates nothing.
     */
    ReadStatus get(Key key, long nowMillis, ValueSink sink);

    /**
     * Brings the cache lines a {@link #get} of this key would wait for towards the processor: first
     * the bucket's ({@code pass} 0), then the item's ({@code pass} 1). A hint; changes nothing, but
     * done for a whole batch the misses overlap. The result only keeps the loads alive.
     */
    int prefetch(Key key, int pass);

    /**
     * The same for the keys of the first {@code count} mutations of a row: all buckets, then all
     * items. Nothing else is done between two touches, since a processor has as many loads under
     * way at once as there are within the few hundred instructions that it looks ahead.
     */
    default int prefetch(Mutation[] row, int count) {
        int touched = 0;
        for (int i = 0; i < count; i++) {
            touched += prefetch(row[i].key, 0);
        }
        for (int i = 0; i < count; i++) {
            touched += prefetch(row[i].key, 1);
        }
        return touched;
    }

    /**
     * Stores {@code mutation.value} under {@code mutation.key} if its conditions hold.
     *
     * <p>Locking: the shard's lock, held for the copy of up to 4 KiB; may help with one eviction.
     */
    WriteStatus put(Mutation mutation, long nowMillis);

    /**
     * Begins a value of {@code valueLength} bytes for {@code key} that arrives in pieces; null if
     * unfinished ones, or a memory limit just lowered, leave no room for it now. To be closed by
     * the caller.
     *
     * @throws IllegalArgumentException if it is longer than {@link #valueBytesMax()} can ever be
     */
    @Nullable ValueUpload upload(Key key, int valueLength);

    /**
     * Stores a finished upload under {@code mutation.key}, for which it was begun, if the
     * conditions hold; {@code mutation.value} is not looked at.
     *
     * <p>Locking: the shard's lock; may help with one eviction.
     */
    WriteStatus put(Mutation mutation, ValueUpload upload, long nowMillis);

    /**
     * Begins a fill: {@link Mutation#fill} then has a put store its value only if nothing has
     * changed the key in between. A change is every write and delete of the key, also a delete that
     * finds nothing, and an invalidation of it by prefix or by a tag it had or is to get; neither
     * an expiry nor an eviction is one. A key has one fill at a time: a further one ends the first.
     *
     * @param version the key's, {@link Mutation#VERSION_ABSENT} for "absent"
     * @return the fill, never {@link Mutation#NO_FILL}; but that if the key has another version
     *     <p>Locking: the shard's lock.
     */
    long beginFill(Key key, long version, long nowMillis);

    /**
     * Ends a fill: what comes for it is CHANGED. Nothing if it is over.
     *
     * <p>Locking: the shard's lock.
     *
     * @param hash of the key it was begun for
     */
    void endFill(long hash, long fill);

    /**
     * Deletes the key if the conditions hold; MISSING if it is absent.
     *
     * <p>Locking: the shard's lock.
     */
    WriteStatus delete(Mutation mutation, long nowMillis);

    /**
     * Gives the item {@code mutation.expiryMillis} if the conditions hold and, if there is a sink,
     * hands the item over in the same step; MISSING if it is absent. The version stays.
     *
     * <p>Locking: the shard's lock, also for the sink's copy.
     */
    WriteStatus touch(Mutation mutation, long nowMillis, @Nullable ValueSink sink);

    /**
     * Adds {@code mutation.delta} to a decimal number of 64 signed bits. An absent key counts as
     * {@code mutation.initial} where {@code createIfAbsent}, and then gets {@code expiryMillis};
     * else it is MISSING. A present one gets that expiry too, unless {@code keepExpiry}. Flags and
     * format stay. Where DONE, {@code expiryMillis} is afterwards the expiry it has.
     *
     * <p>Locking: the shard's lock.
     */
    WriteStatus increment(Mutation mutation, long nowMillis);

    /**
     * Puts {@code mutation.value} behind the stored value ({@code atEnd}) or before it; MISSING if
     * the key is absent. Expiry, flags and format stay.
     *
     * <p>Locking: the shard's lock.
     */
    WriteStatus append(Mutation mutation, boolean atEnd, long nowMillis);

    /**
     * Goes a step on with a scan: hands items to the sink until it wants no more, {@link
     * Scan#bucketsMax} chains were looked at, or the end is reached, and sets {@link Scan#cursor}.
     * The order is that of the keys' hashes.
     *
     * <p>Locking: none, but a chain that was interrupted eight times is copied under its shard's
     * lock (counted as {@code reads_locked}); the sink is never called under one. Allocates nothing
     * once the scan has room for the largest chain it met.
     *
     * @throws IllegalArgumentException if the cursor is none of this store's
     */
    void scan(Scan scan, long nowMillis, ScanSink sink);

    /**
     * The place a key has, or would have, in the order of {@link #scan}: a cursor from which a scan
     * begins with it, if it is there, then goes on to the end.
     */
    long cursorOf(Key key);

    /**
     * Has a function see the keys' items, where the conditions of all their mutations hold, and
     * puts, removes or keeps each as it says: all of it or, where a condition fails, the function
     * throws, or there is no room, nothing. Other writes and updates see either all or nothing of
     * it; a {@link #get} sees each key change at once, but one key after the other. The status of a
     * condition that fails is that of the first in the order of the keys' hashes.
     *
     * <p>Locking: the locks of all keys' shards, in ascending order, also for the function and for
     * the copies; may help with one eviction.
     *
     * @param mutations 1 to {@link #UPDATE_KEYS_MAX}, each of another key
     * @throws IllegalArgumentException for none, for more, and for a key that is there twice
     */
    WriteStatus update(Mutation[] mutations, long nowMillis, EntryFunction function);

    /**
     * Makes every item of {@code space} that carries the tag (see {@link Mutation#addTag}) and was
     * written before this call absent; an item written meanwhile may be gone or not, a later one is
     * not touched. No read that begins after the return finds what was there before the call; for
     * each key it is one step, but not one moment for all of them. In time constant in the number
     * of items; their memory comes back in the background. BUSY if too many tags were invalidated
     * of late.
     *
     * <p>Locking: each shard's lock in turn, briefly.
     */
    WriteStatus invalidateTag(int space, long tag, long nowMillis);

    /**
     * The same for every item of {@code space} whose key begins with {@code prefix}, which is not
     * empty.
     *
     * <p>Locking: each shard's lock in turn, briefly.
     */
    WriteStatus invalidatePrefix(int space, Slice prefix, long nowMillis);

    /** A consistent-enough picture of the counters; each is exact, together they may straddle. */
    StoreStats stats();

    /** Ends background work; operations afterwards are the caller's mistake. Idempotent. */
    @Override
    void close();
}

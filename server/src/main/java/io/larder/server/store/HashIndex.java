package io.larder.server.store;

import io.larder.server.memory.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.agrona.collections.IntArrayList;

/**
 * A shard's index: from hashes to items, in buckets of one cache line that grow by linear hashing,
 * one bucket at a time. Changed under the shard's lock, read without it by {@link ShardReader}.
 *
 * @see <a href="https://www.vldb.org/conf/1980/P212.PDF">Litwin, Linear hashing: a new tool for
 *     file and table addressing</a>
 */
class HashIndex {
    /*
     * A bucket is 64 bytes, aligned:
     *
     *   0                8               16                              56           64
     *  +----------------+---------------+---------------+-- ... ------+---------------+
     *  | control        | slot 0        | slot 1        |             | slot 6        |
     *  +----------------+---------------+---------------+-- ... ------+---------------+
     *  control:  63  relocation version 32  32 | 31  overflow bucket id 24  8 | 7  snapshot mark  0
     *
     * Buckets live in chunks, pieces of segments from the same pool as those of the items, so the
     * index is inside the one budget. Chunks never move and are never given back: a reader with an
     * old geometry looks at a real bucket. Overflow buckets come from chunks of their own and are
     * reused through a free list. A chain is a primary bucket and at most seven overflow buckets.
     *
     * Geometry is one word, `level 16 | split 48`: buckets 0 .. 2^level + split - 1 exist; those
     * below split have been split into themselves and their image 2^level above.
     *
     * How a slot moves (split), each step a release store, in this order:
     *   1. copy it to its new place, which no reader reaches yet
     *   2. raise the relocation version of the old place's primary bucket
     *   3. publish the geometry
     *   4. clear the old place
     * A reader that looked in the old place before 4 found the key. One that looked after 4 sees,
     * by 4's release, that the version differs from the one it read first, or, if it read that
     * first after 2, that the geometry (3 comes before 4) maps its hash elsewhere, and starts over.
     * With 2 before 1 or after 4, or 3 before 1, there is a moment in which a reader sees neither
     * end nor a difference.
     *
     * After a split, what is left of the chain is pulled together the same way (copy all, raise,
     * clear all), since a chain's holes would keep overflow buckets alive.
     *
     * An emptied overflow bucket is taken out of its chain, then the version is raised, then the
     * bucket may be reused in another chain: a reader that strayed with it sees the difference.
     */
    static final int BUCKET_BYTES = 64;
    static final int CHAIN_BUCKETS_MAX = 8;
    static final long NO_SLOT = -1;

    private static final int SLOTS = 7;
    static final int CHAIN_SLOTS_MAX = SLOTS * CHAIN_BUCKETS_MAX;

    private static final int NO_OVERFLOW = 0;
    private static final long MARK_MASK = 0xFF;
    private static final long OVERFLOW_MASK = 0xFF_FFFFL << 8;
    private static final int OVERFLOW_IDS_MAX = 0xFF_FFFF;
    private static final long RELOCATION_ONE = 1L << 32;
    private static final int LEVEL_SHIFT = 48;
    private static final long SPLIT_MASK = (1L << LEVEL_SHIFT) - 1;
    private static final int INITIAL_BUCKETS_MAX = 64;

    /**
     * Items per primary bucket above which an insert splits one. Five of seven keeps the bytes per
     * item at about 14.5 overflow buckets included, with one chain in eight longer than a line.
     */
    private static final int LOAD_MAX = 5;

    private static final VarHandle GEOMETRY;

    static {
        try {
            GEOMETRY =
                    MethodHandles.lookup().findVarHandle(HashIndex.class, "geometry", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final IndexChunks chunks;
    private final Memory memory;
    private final int chunkShift;

    @SuppressWarnings(
            "UnusedVariable") // release under the lock, acquire by readers, through GEOMETRY
    private long geometry;

    /**
     * Positions of the chunks of primary and of overflow buckets. Replaced under the lock by longer
     * copies, before the geometry or the control word that leads a reader to the new entry.
     * Volatile, since a reader with an older geometry may meet the new array, and must find the old
     * entries in it.
     */
    private volatile long[] primaryChunks;

    private volatile long[] overflowChunks = {};

    private final Growth growth = new Growth();

    /** What only writers use, under the lock; apart, so that readers' lines stay clean. */
    private static final class Growth {
        final IntArrayList freeOverflow = new IntArrayList();
        final long[] moved = new long[CHAIN_SLOTS_MAX];
        final long[] chain = new long[CHAIN_SLOTS_MAX];
        int overflowIds;
        long used;
    }

    /**
     * An index with one chunk.
     *
     * @throws OutOfMemoryError if not even that is to be had
     */
    HashIndex(Memory arena, IndexChunks chunks) {
        this.chunks = chunks;
        this.memory = arena;
        this.chunkShift = Integer.numberOfTrailingZeros(chunks.chunkBytes() / BUCKET_BYTES);
        long first = chunks.take();
        if (first == IndexChunks.NONE) {
            throw new OutOfMemoryError("no segment for an index");
        }
        this.primaryChunks = new long[] {first};
        int buckets = Math.min(INITIAL_BUCKETS_MAX, 1 << chunkShift);
        memory.storeFence();
        memory.zero(first, (long) buckets * BUCKET_BYTES);
        publishGeometry((long) Integer.numberOfTrailingZeros(buckets) << LEVEL_SHIFT);
    }

    // ---- what readers use, without the lock

    long geometryAcquire() {
        return (long) GEOMETRY.getAcquire(this);
    }

    /** The primary bucket of {@code hash} under {@code geometry}. */
    static long bucketOf(long hash, long geometry) {
        long low = (1L << (geometry >>> LEVEL_SHIFT)) - 1;
        long bucket = hash & low;
        return bucket < (geometry & SPLIT_MASK) ? hash & (low << 1 | 1) : bucket;
    }

    /** Primary buckets there are under {@code geometry}. */
    static long buckets(long geometry) {
        return (1L << (geometry >>> LEVEL_SHIFT)) + (geometry & SPLIT_MASK);
    }

    /** Position of a primary bucket that some geometry already read has. */
    final long primaryPosition(long bucket) {
        return primaryChunks[(int) (bucket >>> chunkShift)]
                + (bucket & (1L << chunkShift) - 1) * BUCKET_BYTES;
    }

    /** Position of the overflow bucket a control word names, {@link #NO_SLOT} if it names none. */
    final long overflowPosition(long control) {
        int id = overflowId(control);
        return id == NO_OVERFLOW ? NO_SLOT : overflowPositionOf(id);
    }

    static boolean sameRelocation(long control, long other) {
        return control >>> 32 == other >>> 32;
    }

    private long overflowPositionOf(int id) {
        return overflowChunks[(id - 1) >>> chunkShift]
                + (id - 1 & (1L << chunkShift) - 1) * BUCKET_BYTES;
    }

    private static int overflowId(long control) {
        return (int) (control >>> 8) & OVERFLOW_IDS_MAX;
    }

    // ---- finding, under the lock

    /** Position of the slot that holds {@code key}, {@link #NO_SLOT} if none does. */
    final long find(Key key) {
        long tag = Slot.tagBits(key.hash());
        for (long at = primary(key.hash()); at != NO_SLOT; at = next(at)) {
            for (long slotAt = at + 8; slotAt < at + BUCKET_BYTES; slotAt += 8) {
                long slot = memory.getLong(slotAt);
                if (Slot.mayHold(slot, tag)
                        && ItemLayout.matches(memory, Slot.position(slot), key)) {
                    return slotAt;
                }
            }
        }
        return NO_SLOT;
    }

    /**
     * Position of the slot that points at the item at {@code itemPosition}, or {@link #NO_SLOT}.
     */
    final long locate(long hash, long itemPosition) {
        long tag = Slot.tagBits(hash);
        for (long at = primary(hash); at != NO_SLOT; at = next(at)) {
            for (long slotAt = at + 8; slotAt < at + BUCKET_BYTES; slotAt += 8) {
                long slot = memory.getLong(slotAt);
                if (Slot.mayHold(slot, tag) && Slot.position(slot) == itemPosition) {
                    return slotAt;
                }
            }
        }
        return NO_SLOT;
    }

    /** Position of the first slot in the chain of {@code hash} whose item fits, else NO_SLOT. */
    final long locate(long hash, LongPredicate fits) {
        long tag = Slot.tagBits(hash);
        for (long at = primary(hash); at != NO_SLOT; at = next(at)) {
            for (long slotAt = at + 8; slotAt < at + BUCKET_BYTES; slotAt += 8) {
                long slot = memory.getLong(slotAt);
                if (Slot.mayHold(slot, tag) && fits.test(Slot.position(slot))) {
                    return slotAt;
                }
            }
        }
        return NO_SLOT;
    }

    /**
     * A slot of the chain of {@code hash} that was not read of late, else the chain's last, among
     * those whose item may go; {@link #NO_SLOT} if none may.
     */
    final long coldest(long hash, LongPredicate mayGo) {
        long coldest = NO_SLOT;
        for (long at = primary(hash); at != NO_SLOT; at = next(at)) {
            for (long slotAt = at + 8; slotAt < at + BUCKET_BYTES; slotAt += 8) {
                long slot = memory.getLong(slotAt);
                if (slot != Slot.EMPTY && mayGo.test(Slot.position(slot))) {
                    coldest = slotAt;
                    if (Slot.freq(slot) == 0) {
                        return coldest;
                    }
                }
            }
        }
        return coldest;
    }

    // ---- changing, under the lock

    /**
     * Points the slot at {@code slotAt} somewhere else: the linearisation point of an overwrite.
     */
    void swing(long slotAt, long slot) {
        memory.putLongRelease(slotAt, slot);
    }

    /** Adds a slot to the chain of {@code hash}; false if the chain is at its cap, or memory. */
    final boolean insert(long hash, long slot) {
        if (!append(primary(hash), slot)) {
            return false;
        }
        growth.used++;
        return true;
    }

    /** Empties the slot at {@code slotAt}, which is in the chain of {@code hash}. */
    final void remove(long hash, long slotAt) {
        memory.putLongRelease(slotAt, Slot.EMPTY);
        growth.used--;
        long primary = primary(hash);
        if ((slotAt & -BUCKET_BYTES) != primary) {
            unlinkEmptyOverflow(primary);
        }
    }

    /**
     * Splits the next bucket if the index is fuller than it should be; skips if memory is short.
     */
    final void growIfNeeded(LongUnaryOperator hashOfItemAt) {
        if (growth.used > LOAD_MAX * primaryBuckets()) {
            long seen = (long) GEOMETRY.get(this);
            long image = (1L << (seen >>> LEVEL_SHIFT)) + (seen & SPLIT_MASK);
            if (ensurePrimary(image)) {
                split(seen, image, hashOfItemAt);
            }
        }
    }

    void split(long seen, long image, LongUnaryOperator hashOfItemAt) {
        long source = primaryPosition(seen & SPLIT_MASK);
        int count = copyUp(seen, source, primaryPosition(image), hashOfItemAt);
        if (count >= 0) {
            raiseRelocation(source);
            publishGeometry(after(seen));
            clearMoved(count);
            pullTogether(source);
        }
    }

    /**
     * Copies the slots whose hash has the level's bit into the chain at {@code target}, which no
     * reader reaches yet, and remembers where they were; -1, having undone it, if memory is short.
     */
    final int copyUp(long seen, long source, long target, LongUnaryOperator hashOfItemAt) {
        long bit = 1L << (seen >>> LEVEL_SHIFT);
        int count = 0;
        memory.storeFence();
        memory.zero(target, BUCKET_BYTES);
        inheritMark(source, target);
        for (long at = source; at != NO_SLOT; at = next(at)) {
            for (long slotAt = at + 8; slotAt < at + BUCKET_BYTES; slotAt += 8) {
                long slot = memory.getLong(slotAt);
                if (slot == Slot.EMPTY
                        || (hashOfItemAt.applyAsLong(Slot.position(slot)) & bit) == 0) {
                    continue;
                }
                if (!append(target, slot)) {
                    freeChain(target);
                    return -1;
                }
                growth.moved[count++] = slotAt;
            }
        }
        return count;
    }

    /** Gives the split's image the snapshot mark of its source: see {@link ShardSnapshot}. */
    void inheritMark(long source, long target) {
        mark(target, mark(source));
    }

    void raiseRelocation(long primary) {
        memory.putLongRelease(primary, memory.getLong(primary) + RELOCATION_ONE);
    }

    void publishGeometry(long value) {
        GEOMETRY.setRelease(this, value);
    }

    void clearMoved(int count) {
        for (int i = 0; i < count; i++) {
            memory.putLongRelease(growth.moved[i], Slot.EMPTY);
        }
    }

    /** Moves the slots at the chain's end into the holes before them, and frees what empties. */
    void pullTogether(long primary) {
        int slots = 0;
        for (long at = primary; at != NO_SLOT; at = next(at)) {
            for (long slotAt = at + 8; slotAt < at + BUCKET_BYTES; slotAt += 8) {
                growth.chain[slots++] = slotAt;
            }
        }
        if (slots == SLOTS) {
            return;
        }
        int count = 0;
        int hole = 0;
        for (int last = slots - 1; hole < last; last--) {
            long slot = memory.getLong(growth.chain[last]);
            if (slot == Slot.EMPTY) {
                continue;
            }
            while (hole < last && memory.getLong(growth.chain[hole]) != Slot.EMPTY) {
                hole++;
            }
            if (hole < last) {
                memory.putLongRelease(growth.chain[hole], slot);
                growth.moved[count++] = growth.chain[last];
            }
        }
        if (count > 0) {
            raiseRelocation(primary);
            clearMoved(count);
        }
        unlinkEmptyOverflow(primary);
    }

    /** The geometry that follows {@code seen} by one split. */
    static long after(long seen) {
        long level = seen >>> LEVEL_SHIFT;
        long split = (seen & SPLIT_MASK) + 1;
        return split == 1L << level ? (level + 1) << LEVEL_SHIFT : (level << LEVEL_SHIFT) | split;
    }

    private boolean append(long primary, long slot) {
        long last = primary;
        int buckets = 0;
        for (long at = primary; at != NO_SLOT; at = next(at)) {
            for (long slotAt = at + 8; slotAt < at + BUCKET_BYTES; slotAt += 8) {
                if (memory.getLong(slotAt) == Slot.EMPTY) {
                    memory.putLongRelease(slotAt, slot);
                    return true;
                }
            }
            last = at;
            buckets++;
        }
        int id = buckets < CHAIN_BUCKETS_MAX ? takeOverflow() : NO_OVERFLOW;
        if (id == NO_OVERFLOW) {
            return false;
        }
        long bucket = overflowPositionOf(id);
        memory.storeFence();
        memory.zero(bucket, BUCKET_BYTES);
        memory.putLong(bucket + 8, slot);
        linkOverflow(last, id, 0);
        return true;
    }

    private void linkOverflow(long at, int id, long relocation) {
        long control = (memory.getLong(at) & ~OVERFLOW_MASK) | (long) id << 8;
        memory.putLongRelease(at, control + relocation);
    }

    private void unlinkEmptyOverflow(long primary) {
        long previous = primary;
        long control = memory.getLong(primary);
        while (overflowId(control) != NO_OVERFLOW) {
            int id = overflowId(control);
            long at = overflowPositionOf(id);
            long following = memory.getLong(at);
            if (isEmpty(at)) {
                linkOverflow(
                        previous, overflowId(following), previous == primary ? RELOCATION_ONE : 0);
                if (previous != primary) {
                    raiseRelocation(primary);
                }
                growth.freeOverflow.addInt(id);
            } else {
                previous = at;
            }
            control = following;
        }
    }

    private boolean isEmpty(long at) {
        for (long slotAt = at + 8; slotAt < at + BUCKET_BYTES; slotAt += 8) {
            if (memory.getLong(slotAt) != Slot.EMPTY) {
                return false;
            }
        }
        return true;
    }

    /**
     * Frees the overflow buckets of a chain that was never published. A free bucket is empty: a
     * reader may have strayed into it.
     */
    private void freeChain(long primary) {
        for (int id = overflowId(memory.getLong(primary)); id != NO_OVERFLOW; ) {
            long at = overflowPositionOf(id);
            for (long slotAt = at + 8; slotAt < at + BUCKET_BYTES; slotAt += 8) {
                memory.putLongRelease(slotAt, Slot.EMPTY);
            }
            growth.freeOverflow.addInt(id);
            id = overflowId(memory.getLong(at));
        }
    }

    // ---- memory, under the lock

    private boolean ensurePrimary(long bucket) {
        int chunk = (int) (bucket >>> chunkShift);
        if (chunk < primaryChunks.length) {
            return true;
        }
        long taken = chunks.take();
        if (taken == IndexChunks.NONE) {
            return false;
        }
        primaryChunks = with(primaryChunks, taken);
        return true;
    }

    private int takeOverflow() {
        if (!growth.freeOverflow.isEmpty()) {
            return growth.freeOverflow.popInt();
        }
        if (growth.overflowIds == (long) overflowChunks.length << chunkShift) {
            boolean idsLeft = growth.overflowIds <= OVERFLOW_IDS_MAX - (1 << chunkShift);
            long taken = idsLeft ? chunks.take() : IndexChunks.NONE;
            if (taken == IndexChunks.NONE) {
                return NO_OVERFLOW;
            }
            overflowChunks = with(overflowChunks, taken);
        }
        return ++growth.overflowIds;
    }

    private static long[] with(long[] chunks, long position) {
        long[] longer = Arrays.copyOf(chunks, chunks.length + 1);
        longer[chunks.length] = position;
        return longer;
    }

    private long primary(long hash) {
        return primaryPosition(bucketOf(hash, (long) GEOMETRY.get(this)));
    }

    private long next(long at) {
        return overflowPosition(memory.getLong(at));
    }

    // ---- snapshot marks, under the lock; readers do not look at them

    /** The snapshot mark of the chain whose primary bucket lies at {@code primary}. */
    final int mark(long primary) {
        return (int) (memory.getLong(primary) & MARK_MASK);
    }

    final void mark(long primary, int mark) {
        memory.putLongRelease(primary, (memory.getLong(primary) & ~MARK_MASK) | mark);
    }

    // ---- looking around, under the lock

    /** Primary buckets there are now. */
    final long primaryBuckets() {
        return buckets((long) GEOMETRY.get(this));
    }

    /**
     * Position of the slot after {@code slotAt} in its chain, or the chain's first; NO_SLOT at its
     * end.
     */
    final long nextSlot(long bucket, long slotAt) {
        if (slotAt == NO_SLOT) {
            return primaryPosition(bucket) + 8;
        }
        long following = slotAt + 8;
        if ((following & BUCKET_BYTES - 1) != 0) {
            return following;
        }
        long overflow = next(slotAt & -BUCKET_BYTES);
        return overflow == NO_SLOT ? NO_SLOT : overflow + 8;
    }

    /** Bytes of all chunks. */
    final long bytes() {
        return (long) (primaryChunks.length + overflowChunks.length) * chunks.chunkBytes();
    }
}

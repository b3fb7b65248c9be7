package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.metrics.StripedCounter;
import org.jspecify.annotations.Nullable;

/**
 * Reads of one shard: lock-free, writing nothing shared but what the {@link HitSink} does. For any
 * thread.
 */
class ShardReader {
    /*
     * The read protocol.
     *
     *   1. hash -> geometry (acquire) -> primary bucket's control word (acquire)
     *   2. a slot s with the tag (opaque, a hint) -> its segment's generation g (acquire) -> the
     *      floors in force (acquire, see ShardFloors) -> the slot again (acquire). If it differs (frequency aside), the new content is looked at,
     *      in the same place. If it is equal: the linearisation point
     *   3. lengths are checked against the segment's end before they are used; space, key and
     *      expiry are judged in place; the item's state is ignored, being linked is what counts
     *   4. the sink copies
     *   5. load fence, generation again (opaque). Changed: nothing of 3 and 4 can be believed
     *   6. a miss needs, after a load fence, the primary's relocation version unchanged and the
     *      geometry still mapping the hash to this bucket
     *   7. a large value, instead of 4: what the item says of it is copied, then, after 5, its chain
     *      is pinned (ChainTable); only then does the sink see it
     * and else starts over.
     *
     * Why a hit is right. The recycler of a segment unlinks every slot that points into it, then
     * raises the generation (release). Whoever writes into its next life does a store fence after
     * reserving and before the first byte, and got the segment through the pool, so after the
     * raise. In 2, if the slot still says s after g was read, then at that moment s was linked and
     * the segment in life g: had g been the next life's, the unlinking, done before the raise,
     * would be visible, and s could be there again only as a new link into that life, which is
     * just as well. If any byte read in 3 or 4 was of a later life, then by fence and fence 5 sees
     * the raise. So the bytes are those of the item s was linked to at the linearisation point,
     * immutable but for word 0.
     *
     * Why looking again in the same place matters. Between the hint and the second look the key's
     * item may have been replaced: its slot stays, its content changes. A reader that went on to
     * the next slot would miss a key that was there all the time.
     *
     * Why a miss is right. The key's slot leaves its place only by removal, and then the key was
     * absent at that moment, within the read, or by a move (HashIndex), which copies, raises the
     * version, and then clears; so a reader that saw the cleared place sees the version raised.
     * The verdict "another key's item" needs 5 as much as a hit does: the item may have been
     * recycled under the reader and read as another key's, while its slot had been swung to a copy.
     *
     * Why a large value is right. The chain that 7 pins is the one the item of the linearisation
     * point names, by 5. If its pin succeeds it has not been freed since, so it holds what that
     * item's writer wrote. If not, the item has been retired meanwhile.
     *
     * Every start over is caused by a step some other thread finished: a recycling, a split, an
     * unlinked overflow bucket. After ATTEMPTS of them the read takes the lock, so that no
     * interference, however regular, delays it for ever.
     */
    static final int ATTEMPTS = 8;

    /** Cache lines of an item that are asked for ahead: header, key and some of the value. */
    private static final int PREFETCHED_LINES = 3;

    /** What a look at an item, or a whole attempt, came to. */
    enum Verdict {
        /** The key's item, given to the sink, or to be given to it if it is large. */
        HIT,
        /**
         * The key's item, but a tombstone, past its expiry or invalidated: a miss, no other slot
         * can differ.
         */
        GONE,
        /** Not the key's item; after a whole attempt: not in the shard. */
        OTHER,
        /** Start over. */
        RETRY
    }

    final Memory memory;
    final SegmentTable segments;
    final HashIndex index;
    final ShardFloors floors;
    private final ShardLock lock;
    private final HitSink hitSink;
    private final StripedCounter readsLocked;

    ShardReader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
        this.memory = shard.memory;
        this.segments = shard.segments;
        this.index = shard.index;
        this.floors = shard.floors;
        this.lock = shard.lock;
        this.hitSink = hitSink;
        this.readsLocked = readsLocked;
    }

    /** Locking: none; the shard's lock after {@link #ATTEMPTS} interrupted attempts. */
    final ReadStatus read(Key key, long nowMillis, ValueSink sink) {
        Verdict verdict = Verdict.RETRY;
        for (int attempt = 0; verdict == Verdict.RETRY && attempt < ATTEMPTS; attempt++) {
            verdict = attempt(key, nowMillis, sink);
        }
        if (verdict == Verdict.RETRY) {
            readsLocked.increment();
            boolean isLarge;
            lock.lock();
            try {
                long slotAt = index.find(key);
                verdict =
                        slotAt == HashIndex.NO_SLOT
                                ? Verdict.OTHER
                                : judge(
                                        key,
                                        memory.getLong(slotAt),
                                        floors.active(),
                                        nowMillis,
                                        sink);
                isLarge = isLarge(verdict, key);
                if (isLarge && !pin(key.view.value())) {
                    throw new IllegalStateException("a linked item whose chain is gone");
                }
            } finally {
                lock.unlock();
            }
            if (isLarge) {
                handOver(key.view, sink);
            }
        }
        return verdict == Verdict.HIT ? ReadStatus.HIT : ReadStatus.MISS;
    }

    /** Steps 1 to 6, once. */
    Verdict attempt(Key key, long nowMillis, ValueSink sink) {
        long bucket = HashIndex.bucketOf(key.hash(), index.geometryAcquire());
        long primary = index.primaryPosition(bucket);
        long primaryControl = memory.getLongAcquire(primary);
        long control = primaryControl;
        long at = primary;
        for (int buckets = 1; ; buckets++) {
            Verdict verdict = searchBucket(at, key, nowMillis, sink);
            if (verdict != Verdict.OTHER) {
                return verdict;
            }
            at = index.overflowPosition(control);
            if (at == HashIndex.NO_SLOT) {
                return missIsTrue(key, bucket, primary, primaryControl)
                        ? Verdict.OTHER
                        : Verdict.RETRY;
            }
            if (buckets == HashIndex.CHAIN_BUCKETS_MAX) {
                return Verdict.RETRY; // strayed into another chain
            }
            control = memory.getLongAcquire(at);
        }
    }

    private Verdict searchBucket(long at, Key key, long nowMillis, ValueSink sink) {
        long tag = Slot.tagBits(key.hash());
        for (long slotAt = at + 8; slotAt < at + HashIndex.BUCKET_BYTES; slotAt += 8) {
            long slot = memory.getLongOpaque(slotAt);
            if (Slot.mayHold(slot, tag)) {
                Verdict verdict = lookAt(slotAt, slot, key, nowMillis, sink);
                if (verdict != Verdict.OTHER) {
                    return verdict;
                }
            }
        }
        return Verdict.OTHER;
    }

    /** Steps 2 to 5 for one slot. */
    Verdict lookAt(long slotAt, long hint, Key key, long nowMillis, ValueSink sink) {
        long tag = Slot.tagBits(key.hash());
        long slot = hint;
        while (Slot.mayHold(slot, tag)) {
            int segment = segments.segmentOf(Slot.position(slot));
            long generation = segments.generationAcquire(segment);
            ShardFloors.Active invalidated = floors.active();
            long again = memory.getLongAcquire(slotAt);
            if (!Slot.sameItem(again, slot)) {
                slot = again;
                continue;
            }
            Verdict verdict = judge(key, slot, invalidated, nowMillis, sink);
            memory.loadFence();
            if (segments.generationOpaque(segment) != generation) {
                return Verdict.RETRY;
            }
            if (isLarge(verdict, key)) {
                if (!pin(key.view.value())) {
                    return Verdict.RETRY;
                }
                handOver(key.view, sink);
            }
            if (verdict == Verdict.HIT && sink.countsAsUse()) {
                hitSink.hit(memory, slotAt, again, key.hash());
            }
            return verdict;
        }
        return Verdict.OTHER;
    }

    /** Step 6. */
    boolean missIsTrue(Key key, long bucket, long primary, long primaryControl) {
        memory.loadFence();
        return HashIndex.sameRelocation(memory.getLongOpaque(primary), primaryControl)
                && HashIndex.bucketOf(key.hash(), index.geometryAcquire()) == bucket;
    }

    /**
     * Steps 3 and 4: what the slot's item says, which is true only if its segment is still in the
     * life it was in. Out of bounds means that it is not, so any verdict will do.
     */
    final Verdict judge(
            Key key,
            long slot,
            ShardFloors.@Nullable Active invalidated,
            long nowMillis,
            ValueSink sink) {
        long position = Slot.position(slot);
        long room = segments.endOf(position) - position;
        if (room < ItemLayout.HEADER_BYTES + Memory.WORD_BYTES) {
            return Verdict.OTHER;
        }
        long word0 = memory.getLongOpaque(position);
        long word1 = memory.getLongOpaque(position + ItemLayout.WORD1_OFFSET);
        int extensionBytes = ItemLayout.extensionBytes(memory, position, word1);
        int keyLength = ItemLayout.keyLength(word1);
        int valueLength = ItemLayout.valueLength(word0);
        if (keyLength != key.bytes().length()
                || ItemLayout.itemBytes(extensionBytes, keyLength, valueLength) > room
                || ItemLayout.space(memory, position, extensionBytes) != key.space()
                || !memory.equalTo(ItemLayout.keyPosition(position, extensionBytes), key.bytes())) {
            return Verdict.OTHER;
        }
        if (Slot.kind(slot) == Slot.KIND_TOMBSTONE || ItemLayout.expiryMillis(word0) <= nowMillis) {
            return Verdict.GONE;
        }
        if (invalidated != null
                && invalidated.cover(
                        memory,
                        position,
                        extensionBytes,
                        ItemLayout.version(word1),
                        key.space(),
                        key.bytes())) {
            return Verdict.GONE;
        }
        if (ItemLayout.kind(word1) == ItemLayout.KIND_LARGE) {
            LargeValue value = new LargeValue(segments, position, word0, word1, extensionBytes);
            key.view.showLarge(word0, word1, value).used(Slot.freq(slot));
        } else {
            key.view.show(memory, position, word0, word1, extensionBytes).used(Slot.freq(slot));
            sink.accept(key.view);
        }
        return Verdict.HIT;
    }

    private static boolean isLarge(Verdict verdict, Key key) {
        return verdict == Verdict.HIT && key.view.isLarge();
    }

    /** Step 7: keeps a large value from being freed; false if it may have been already. */
    boolean pin(LargeValue value) {
        return value.pin();
    }

    /** Gives a pinned value to the sink, and lets go of it unless the sink retained it. */
    static void handOver(ItemView view, ValueSink sink) {
        try {
            sink.accept(view);
        } finally {
            view.release();
        }
    }

    /** See {@link Store#prefetch}. */
    final int prefetch(Key key, int pass) {
        long primary =
                index.primaryPosition(HashIndex.bucketOf(key.hash(), index.geometryAcquire()));
        if (pass == 0) {
            return (int) memory.getLongOpaque(primary);
        }
        long tag = Slot.tagBits(key.hash());
        for (long slotAt = primary + 8; slotAt < primary + HashIndex.BUCKET_BYTES; slotAt += 8) {
            long slot = memory.getLongOpaque(slotAt);
            if (Slot.mayHold(slot, tag)) {
                return memory.touch(Slot.position(slot), PREFETCHED_LINES);
            }
        }
        return 0;
    }
}

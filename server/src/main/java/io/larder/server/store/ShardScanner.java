package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.metrics.StripedCounter;
import org.jspecify.annotations.Nullable;

/** Scans of one shard: lock-free, writing nothing shared but pins. For any thread. */
class ShardScanner {
    /*
     * A shard is scanned bucket by bucket, upwards; inside a bucket, tag by tag. A pass over a
     * bucket's chain copies its items out, and is believed or done anew:
     *
     *   1. the geometry (acquire) has the bucket -> its primary's control word (acquire)
     *   2. every slot of the chain: steps 2 to 5 of the read protocol (ShardReader), a copy into
     *      the scan's own room in place of the reply, and step 7 if values are wanted. A
     *      generation that changed, a chain that is gone: start over
     *   3. load fence; the primary's relocation version is what it was: the pass is believed. Else
     *      start over
     *   4. the items are handed over, by tag, and the scan goes on behind the last of them
     *   5. the scan is through when a geometry, read after the last pass, has no further bucket
     *
     * What is copied is right for the reason that a hit is: the argument is ShardReader's.
     *
     * Why no item is missed that is there all the time. Let b(x) be the bucket that the geometry of
     * the moment gives to x. A split leaves it as it is or raises it, to an image that did not exist
     * before; nothing else changes it, and x's tag never changes. So x's place (bucket, tag) only
     * grows, and it is enough to show that
     *
     *   (A) a believed pass over bucket k returns x if b(x) = k when the pass ends, and
     *   (B) the end is not believed while b(x) is further up.
     *
     * For then, each time a place has been passed without x being returned, x's place is above it,
     * up to the end, where no place is left: a contradiction.
     *
     * (A) Since b(x) = k at the end, and bucket k existed in 1, x was in k's chain during the whole
     * pass: it could only have come into k by the split that made k. Inside the chain x keeps its
     * slot: an overwrite, a touch or a compaction swings or keeps the slot, and step 2 looks at
     * whatever it holds in the same place. Only pullTogether moves it, downwards, to where the pass
     * may have been already: copy, raise the version, clear. A pass that saw neither end of the
     * move read the new place before the copy, so its control word before the raise (both are the
     * shard's, in this order, and the word was read first), and the old place after the clear; by
     * the clear's release and the fence in 3 it sees the version raised. Likewise an overflow bucket
     * that was taken out of the chain: while it is not reused, it still leads on along the chain;
     * it is reused only after the version was raised, so whoever saw other items in it, or another
     * way on, starts over. A chain longer than a chain can be is such a way.
     *
     * The split that takes x out of k needs no check of the geometry, unlike a miss of a read: if x
     * was gone from k's slots, then the geometry with x's image had been published before, and x is
     * further up.
     *
     * (B) The geometry is read after the last pass: at that moment no bucket is above k, and b(x)
     * is not above k. Had it been read before, a split between it and the pass could have moved x
     * to a bucket that nobody goes to.
     *
     * After ATTEMPTS interrupted passes one is done under the lock, where nothing moves.
     */
    static final int ATTEMPTS = ShardReader.ATTEMPTS;

    final Memory memory;
    final HashIndex index;
    private final int id;
    private final int shards;
    private final SegmentTable segments;
    private final ShardFloors floors;
    private final ShardLock lock;
    private final StripedCounter readsLocked;

    ShardScanner(Shard shard, int shards, StripedCounter readsLocked) {
        this.memory = shard.memory;
        this.index = shard.index;
        this.id = shard.id;
        this.shards = shards;
        this.segments = shard.segments;
        this.floors = shard.floors;
        this.lock = shard.lock;
        this.readsLocked = readsLocked;
    }

    /**
     * Goes on with a scan that has reached this shard, and sets its cursor; whether the sink wants
     * more and the step's bound was not reached.
     *
     * <p>Locking: none; the shard's lock after {@link #ATTEMPTS} interrupted passes, not for the
     * sink.
     */
    boolean scan(Scan scan, long nowMillis, ScanSink sink) {
        long bucket = ScanCursor.bucket(scan.cursor);
        int tag = ScanCursor.tag(scan.cursor);
        while (bucket < HashIndex.buckets(index.geometryAcquire())) {
            if (!visit(bucket, tag, scan, nowMillis, sink)) {
                return false;
            }
            bucket++;
            tag = 0;
        }
        scan.cursor = ScanCursor.afterShard(id, shards);
        return true;
    }

    /** Scans a bucket that exists from {@code tag}, and sets the scan's cursor behind it. */
    final boolean visit(long bucket, int tag, Scan scan, long nowMillis, ScanSink sink) {
        if (scan.bucketsLeft == 0) {
            return false;
        }
        scan.bucketsLeft--;
        try {
            collect(bucket, tag, scan, nowMillis);
            return handOver(bucket, scan, sink);
        } finally {
            scan.batch.clear();
        }
    }

    private void collect(long bucket, int tag, Scan scan, long nowMillis) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt(bucket, tag, scan, nowMillis)) {
                return;
            }
        }
        readsLocked.increment();
        lock.lock();
        try {
            attempt(bucket, tag, scan, nowMillis);
        } finally {
            lock.unlock();
        }
    }

    /** Steps 1 to 3, once; whether the pass is believed. */
    final boolean attempt(long bucket, int tag, Scan scan, long nowMillis) {
        scan.batch.clear();
        long primary = index.primaryPosition(bucket);
        long primaryControl = memory.getLongAcquire(primary);
        long control = primaryControl;
        long at = primary;
        for (int buckets = 1; ; buckets++) {
            for (long slotAt = at + 8; slotAt < at + HashIndex.BUCKET_BYTES; slotAt += 8) {
                if (!copySlot(slotAt, tag, scan, nowMillis)) {
                    return false;
                }
            }
            at = index.overflowPosition(control);
            if (at == HashIndex.NO_SLOT) {
                return chainStayed(primary, primaryControl);
            }
            if (buckets == HashIndex.CHAIN_BUCKETS_MAX) {
                return false; // strayed into another chain
            }
            control = memory.getLongAcquire(at);
        }
    }

    /** Step 3. */
    boolean chainStayed(long primary, long primaryControl) {
        memory.loadFence();
        return HashIndex.sameRelocation(memory.getLongOpaque(primary), primaryControl);
    }

    /** Step 2 for one slot; false if its item was recycled meanwhile. */
    private boolean copySlot(long slotAt, int tag, Scan scan, long nowMillis) {
        long slot = memory.getLongOpaque(slotAt);
        while (slot != Slot.EMPTY && Slot.tag(slot) >= tag) {
            int segment = segments.segmentOf(Slot.position(slot));
            long generation = segments.generationAcquire(segment);
            ShardFloors.Active invalidated = floors.active();
            long again = memory.getLongAcquire(slotAt);
            if (!Slot.sameItem(again, slot)) {
                slot = again;
                continue;
            }
            copyItem(slot, invalidated, scan, nowMillis);
            memory.loadFence();
            return segments.generationOpaque(segment) == generation && scan.batch.pinLast();
        }
        return true;
    }

    private void copyItem(
            long slot, ShardFloors.@Nullable Active invalidated, Scan scan, long nowMillis) {
        long position = Slot.position(slot);
        long room = segments.endOf(position) - position;
        if (Slot.kind(slot) == Slot.KIND_TOMBSTONE
                || room < ItemLayout.HEADER_BYTES + Memory.WORD_BYTES) {
            return;
        }
        long word0 = memory.getLongOpaque(position);
        long word1 = memory.getLongOpaque(position + ItemLayout.WORD1_OFFSET);
        int extensionBytes = ItemLayout.extensionBytes(memory, position, word1);
        int keyLength = ItemLayout.keyLength(word1);
        if (ItemLayout.expiryMillis(word0) <= nowMillis
                || keyLength < scan.prefix.length()
                || ItemLayout.itemBytes(extensionBytes, keyLength, ItemLayout.valueLength(word0))
                        > room) {
            return;
        }
        int space = ItemLayout.space(memory, position, extensionBytes);
        if ((scan.space == Scan.ANY_SPACE || scan.space == space)
                && scan.liveness.isLive(space, ItemLayout.version(word1))
                && memory.equalTo(ItemLayout.keyPosition(position, extensionBytes), scan.prefix)) {
            ItemView view = scan.batch.view.show(memory, position, word0, word1, extensionBytes);
            long keyAt = ItemLayout.keyPosition(position, extensionBytes);
            if (invalidated != null
                    && view.isCoveredBy(
                            invalidated, space, memory.wrap(keyAt, keyLength, scan.keyScratch))) {
                return;
            }
            LargeValue large =
                    scan.withValues && view.isLarge()
                            ? new LargeValue(segments, position, word0, word1, extensionBytes)
                            : null;
            scan.batch.add(view, Slot.tag(slot), scan.withValues, large);
        }
    }

    /** Step 4; whether more is wanted. */
    private boolean handOver(long bucket, Scan scan, ScanSink sink) {
        ScanBatch batch = scan.batch;
        batch.sort();
        boolean wantsMore = true;
        for (int rank = 0; rank < batch.count(); rank++) {
            if (!wantsMore && batch.tag(rank) != batch.tag(rank - 1)) {
                scan.cursor = ScanCursor.of(id, bucket, batch.tag(rank));
                return false;
            }
            wantsMore &= sink.accept(batch.show(rank));
        }
        scan.cursor = ScanCursor.of(id, bucket + 1, 0);
        return wantsMore;
    }
}

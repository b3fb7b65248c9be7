package io.larder.server.store;

import io.larder.server.memory.Memory;
import org.jspecify.annotations.Nullable;

/**
 * A shard's part in the store's snapshots: sees to it that each chain is copied once, as it was at
 * the cut. Everything under the shard's lock.
 */
final class ShardSnapshot {
    /*
     * A snapshot holds what the writes before its cut left behind, and nothing of the writes after
     * it. Writers are not stopped; they help.
     *
     *   begin      the store's mark, a number of 8 bits, is raised (volatile)
     *   write      under the lock, before anything that a read could notice is changed:
     *              beforeChange reads the mark; a chain that bears another one is copied as it is,
     *              and marked
     *   snapshot   goes through every shard, upwards, bucket by bucket, a few per hold of the lock:
     *              likewise a chain without the mark is copied, and marked; the end of a shard is
     *              its bucket count under the last hold
     *   split      the image inherits the mark of its source
     *
     * The cut. A write is before it if it read the old mark. If one write ended before another
     * began, the first read the mark earlier, so if the second is before the cut, so is the first:
     * no write is in the snapshot without those that it could know of, in whatever shards. A write
     * of several keys reads the mark once for each: the cut may lie between them.
     *
     * Each key is copied as it was at the cut. Before the cut all chains bear the old mark: the last
     * snapshot went through all of them, also if it failed, and splits hand it on (the first mark is
     * 0, as is a fresh bucket's). Let x be a key, and consider its chain. While the chain does not
     * bear the new mark, nobody who read the new mark has changed it, since such a writer copies
     * first, under the same lock; so what is copied is what those left behind that read the old
     * one. Once it bears the mark, x is copied; and stays in chains that bear it, as a split hands
     * the mark on with the keys. So x is copied at most once. And at least once: a split moves x
     * only upwards, and the snapshot goes on until no bucket is above (see ShardScanner), so it
     * meets x's chain, or finds it marked. Without inheritance, x in a split's image would be copied
     * again, as some later write left it.
     *
     * What counts as a change: publishing an item, unlinking one for a deletion, a touch. Moves do
     * not, from segment to segment or slot to slot: they change nothing that is copied. Nor do
     * eviction, expiry and the sweep of cleared regions: what they took before its chain was copied
     * is missing, as it would be from the store.
     *
     * A large value is not copied under the lock: its chain is pinned, and the snapshot's thread
     * copies it when the block is written.
     *
     * Tagged items are left out and counted: their tags are hashes under this store's seed, which
     * a later start does not have, and without them a clear by tag would not reach them.
     *
     * No writer waits for a file. Copies go to blocks in memory, which the thread that takes the
     * snapshot writes out between its own steps. They are bounded (SnapshotCut.BYTES_MAX): if writes
     * come to unmarked chains faster than blocks can be written for so long that the bound is
     * reached, the snapshot is lost and says so. The writers come first.
     */
    private final Shard shard;
    private final HashIndex index;
    private final Memory memory;
    private final ItemView view = new ItemView();
    private SnapshotCut cut = new SnapshotCut(); // replaced before any thread shares the shard
    private SnapshotBlocks blocks = new SnapshotBlocks(cut);

    ShardSnapshot(Shard shard) {
        this.shard = shard;
        this.index = shard.index;
        this.memory = shard.memory;
    }

    /** Makes this shard take part in the snapshots of a store; to be called once, before use. */
    void join(SnapshotCut newCut) {
        cut = newCut;
        blocks = new SnapshotBlocks(newCut);
    }

    /** What a key of this hash says is about to change. */
    void beforeChange(long hash) {
        mark(HashIndex.bucketOf(hash, index.geometryAcquire()));
    }

    /** Goes through some chains; returns the bucket to go on from, -1 at the end. */
    long visit(long fromBucket, int chains) {
        long end = Math.min(fromBucket + chains, index.primaryBuckets());
        long bucket = fromBucket;
        do {
            mark(bucket++);
        } while (bucket < end && cut.bytesHeld.get() < SnapshotCut.BYTES_PER_HOLD);
        return bucket == index.primaryBuckets() ? -1 : bucket;
    }

    /** Takes the oldest block of copies away; null if there is none. */
    SnapshotBlocks.@Nullable Block takeBlock() {
        return blocks.take();
    }

    private void mark(long bucket) {
        int mark = cut.mark();
        long primary = index.primaryPosition(bucket);
        if (index.mark(primary) != mark) {
            if (!cut.isLost() && !copy(bucket)) {
                cut.lose();
            }
            index.mark(primary, mark);
        }
    }

    private boolean copy(long bucket) {
        for (long slotAt = index.nextSlot(bucket, HashIndex.NO_SLOT);
                slotAt != HashIndex.NO_SLOT;
                slotAt = index.nextSlot(bucket, slotAt)) {
            long slot = memory.getLong(slotAt);
            if (slot != Slot.EMPTY && Slot.kind(slot) != Slot.KIND_TOMBSTONE && !copyItem(slot)) {
                return false;
            }
        }
        return true;
    }

    private boolean copyItem(long slot) {
        long position = Slot.position(slot);
        long word0 = memory.getLong(position);
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        int extensionBytes = ItemLayout.extensionBytes(memory, position, word1);
        view.show(memory, position, word0, word1, extensionBytes);
        if (view.expiryMillis() <= cut.nowMillis() || !shard.isLive(position, cut.liveness())) {
            return true;
        }
        if (view.tagCount() > 0 || SnapshotItem.bytes(view) > SnapshotItem.BYTES_MAX) {
            cut.omitted.incrementAndGet();
            return true;
        }
        long expiryMillis =
                shard.spaces.maxIdleMillis(view.space()) == 0
                        ? view.expiryMillis()
                        : view.endOfLifeMillis();
        return view.isLarge()
                ? blocks.addLarge(
                        view,
                        expiryMillis,
                        new LargeValue(shard.segments, position, word0, word1, extensionBytes))
                : blocks.add(view, expiryMillis);
    }
}

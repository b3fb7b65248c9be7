package io.larder.server.store;

import io.larder.server.memory.Memory;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.agrona.collections.LongArrayList;

/**
 * Finds one shard's items again in the segments that an earlier process left, and makes the shard
 * what it was: index, log and account. For one thread, under the shard's lock from begin to end.
 */
class ShardRebuild {
    /*
     * What a killed process leaves. Each of its threads stopped between two instructions; what a
     * thread had stored until then is in the mapping, in the order of its program as the compiler
     * left it, and if one thread saw another's store, that is there too. So where the order of two
     * stores matters, the later is a release store, or a store fence lies between; what order a
     * processor makes them visible in does not matter, and nothing is flushed. (Against a crash of
     * the whole machine this is no help: then nothing is rebuilt.)
     *
     *   write      the item's bytes and sum, then COMPLETE; then the slot is swung, then the old
     *              item is marked DEAD; then the lock is given back, then the caller is answered.
     *              Whatever was answered: the new item is COMPLETE and the old one DEAD. Killed in
     *              between: both are COMPLETE, the new one has the higher version, and wins
     *   refused    decided before COMPLETE, so a refused item is RESERVED or DEAD
     *   delete     likewise, the new item being a tombstone; or, where there was no room for one,
     *              DEAD before the answer
     *   move       the copy COMPLETE, the slot swung, the source DEAD, in one hold: whichever is
     *              taken is the same item, word 0 included
     *   evict      DEAD before the lock is given back
     *   touch      word 0, one store; the item keeps its version
     *   clear      the region's new space is written down first (RegionTable); items of the old
     *              one are not live
     *   invalidate the floor is written down in each shard before the answer (VersionRecord)
     *   large      segments, then the owner's pin, then the head COMPLETE; head DEAD, then unpinned,
     *              then the segments given away: while the head is COMPLETE its chain is whole
     *   hole       FILLER over the rest, then over the place itself, then word 1 and the extension,
     *              then RESERVED: at every moment the lengths lead from item to item
     *   segment    its first word ends it before it is a LOG; all in it is DEAD before it is FREE
     *
     * The rebuild, in this order, so that it may itself be killed at any moment and begun anew:
     *
     *   1 scan     every segment up to its zero word. A whole COMPLETE item competes for its key's
     *              slot; the loser is marked DEAD at once, the newest never. What is RESERVED or
     *              damaged is marked DEAD. Expired items and tombstones compete like all others
     *   2 place    items for which the index had no room compete too, from old to new; those for
     *              which there still is none are marked DEAD after everything older of their key
     *   3 chains   a large winner whose chain is not whole is marked DEAD
     *   4 drop     winners that are tombstones, expired, of a dead space or below a floor
     *
     * The newest item of a key is marked DEAD in 2, 3 and 4 only, when all older ones are already:
     * at no moment does an older one stand alone, so a second rebuild never takes it for the key's.
     * No caller is answered before the last step is over; the index and the queues are made anew.
     * After 4 the floors cover nothing any more, and are forgotten.
     */
    private static final int DAMAGED = -1;

    final Shard shard;
    final Memory memory;
    private final SegmentTable segments;
    private final HashIndex index;
    private final KeyHasher hasher;
    private final ChainClaims claims;
    private final LongPredicate isMine;
    private final RebuildProgress progress;
    private final ItemSum sum;
    private final Key key = new Key();
    private final LongUnaryOperator hashAt;
    private final LongArrayList unplaced = new LongArrayList();
    private final LongArrayList large = new LongArrayList();
    private final LongArrayList doomed = new LongArrayList();
    private Liveness liveness = Liveness.ALL;
    private long nowMillis;

    /**
     * @param isMine says of a hash whether it belongs to this shard
     * @param claims of all shards
     */
    ShardRebuild(
            Shard shard,
            KeyHasher hasher,
            LongPredicate isMine,
            ChainClaims claims,
            RebuildProgress progress) {
        this.shard = shard;
        this.memory = shard.memory;
        this.segments = shard.segments;
        this.index = shard.index;
        this.hasher = hasher;
        this.isMine = isMine;
        this.claims = claims;
        this.progress = progress;
        this.sum = new ItemSum(memory);
        this.hashAt = shard::hashAt;
    }

    /**
     * Rebuilds the shard from its segments, the one opened first first.
     *
     * <p>Locking: the shard's lock.
     */
    final void run(int[] log, Liveness spaces, long now) {
        liveness = spaces;
        nowMillis = now;
        shard.lock.lock();
        try {
            shard.account.expiry.advance(now);
            if (!shard.versions.restore(shard.id, shard.floors)) {
                throw new IllegalStateException("floors of shard " + shard.id + ": damaged");
            }
            shard.resumeAfter(shard.versions.last(shard.id));
            shard.raiseFillFloor(shard.versions.fillFloor(shard.id));
            for (int segment : log) {
                scan(segment);
                progress.segmentDone();
            }
            place();
            restoreLarge();
            drop();
            shard.forgetFloors();
            restoreLog(log);
        } finally {
            shard.lock.unlock();
        }
    }

    // ---- step 1

    private void scan(int segment) {
        segments.reopen(segment, segments.record().stream(segment));
        long position = segments.start(segment);
        long end = segments.endOf(position);
        while (position < end) {
            long word0 = memory.getLong(position);
            if (ItemLayout.state(word0) == ItemLayout.STATE_END) {
                return;
            }
            int bytes = bytesAt(position, word0, end);
            boolean isTaken = false;
            if (bytes == DAMAGED) {
                progress.damaged.increment();
                bytes = (int) (end - position);
                ItemLayout.writeFiller(memory, position, bytes);
                shard.log.found(segment, bytes);
            } else {
                shard.log.found(segment, bytes);
                isTaken = take(position, word0, bytes);
            }
            if (!isTaken) {
                shard.died(position, bytes);
            }
            position += bytes;
        }
    }

    /** Bytes of whatever lies at {@code position}, if that is something and ends by {@code end}. */
    private int bytesAt(long position, long word0, long end) {
        boolean hasRoom =
                switch (ItemLayout.state(word0)) {
                    case ItemLayout.STATE_FILLER -> true;
                    case ItemLayout.STATE_COMPLETE,
                            ItemLayout.STATE_DEAD,
                            ItemLayout.STATE_RESERVED ->
                            end - position >= ItemLayout.HEADER_BYTES + Memory.WORD_BYTES;
                    default -> false;
                };
        int bytes = hasRoom ? ItemLayout.itemBytes(memory, position, word0) : DAMAGED;
        return bytes >= Memory.WORD_BYTES && bytes <= end - position ? bytes : DAMAGED;
    }

    /** Lets an item compete; false if it is dead already, or by this. */
    private boolean take(long position, long word0, int bytes) {
        if (ItemLayout.state(word0) == ItemLayout.STATE_RESERVED) {
            shard.markDead(position, word0);
        }
        if (ItemLayout.state(word0) != ItemLayout.STATE_COMPLETE) {
            return false;
        }
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        if (!isWhole(position, word0, word1, bytes) || !isMine.test(showKey(position, word1))) {
            progress.damaged.increment();
            shard.markDead(position, word0);
            return false;
        }
        shard.resumeAfter(ItemLayout.version(word1));
        return compete(position, word0, word1);
    }

    boolean isWhole(long position, long word0, long word1, int bytes) {
        return ItemLayout.keyLength(word1) > 0 && sum.isWhole(position, word0, word1, bytes);
    }

    private long showKey(long position, long word1) {
        return key.wrapItem(hasher, memory, position, word1).hash();
    }

    /** Compares with the item that has the key's slot so far, if any; false if this one loses. */
    private boolean compete(long position, long word0, long word1) {
        long slotAt = index.find(key);
        if (slotAt == HashIndex.NO_SLOT) {
            if (index.insert(key.hash(), slotOf(position, word1))) {
                taken(position, word0, word1);
                index.growIfNeeded(hashAt);
            } else {
                unplaced.addLong(position);
            }
            return true;
        }
        long other = Slot.position(memory.getLong(slotAt));
        if (versionAt(other) >= ItemLayout.version(word1)) {
            lost(position, word0);
            return false;
        }
        index.swing(slotAt, slotOf(position, word1));
        forget(other);
        taken(position, word0, word1);
        return true;
    }

    /** An item is not the newest of its key. */
    void lost(long position, long word0) {
        progress.losers.increment();
        shard.markDead(position, word0);
    }

    private long slotOf(long position, long word1) {
        int kind =
                ItemLayout.kind(word1) == ItemLayout.KIND_TOMBSTONE
                        ? Slot.KIND_TOMBSTONE
                        : Slot.KIND_ITEM;
        return Slot.of(key.hash(), kind, segments.lives(segments.segmentOf(position)), position);
    }

    private long versionAt(long position) {
        return ItemLayout.version(memory.getLong(position + ItemLayout.WORD1_OFFSET));
    }

    /** Counts an item that has its key's slot now; a large one is counted when its chain is. */
    private void taken(long position, long word0, long word1) {
        int kind = ItemLayout.kind(word1);
        if (kind == ItemLayout.KIND_LARGE) {
            large.addLong(position);
        } else {
            count(position, kind);
        }
        if (kind == ItemLayout.KIND_TOMBSTONE
                || ItemLayout.expiryMillis(word0) <= nowMillis
                || !shard.isLive(position, liveness)) {
            doomed.addLong(position);
        }
    }

    private void count(long position, int kind) {
        shard.recharge(position);
        shard.stored(position, kind);
    }

    /** An item has lost its slot to a newer one. */
    private void forget(long position) {
        long word0 = memory.getLong(position);
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        if (ItemLayout.kind(word1) == ItemLayout.KIND_LARGE) {
            lost(position, word0);
            shard.died(position, ItemLayout.itemBytes(memory, position, word0, word1));
        } else {
            int bytes = ItemLayout.itemBytes(memory, position, word0, word1);
            shard.uncount(position, word0, word1, bytes);
            lost(position, word0);
        }
    }

    // ---- steps 2 to 4

    private void place() {
        long[] byVersion =
                Arrays.stream(unplaced.toLongArray())
                        .boxed()
                        .sorted(Comparator.comparingLong(this::versionAt))
                        .mapToLong(Long::longValue)
                        .toArray();
        for (long position : byVersion) {
            long word0 = memory.getLong(position);
            long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
            showKey(position, word1);
            unplaced.clear();
            if (!compete(position, word0, word1) || !unplaced.isEmpty()) {
                if (ItemLayout.state(memory.getLong(position)) == ItemLayout.STATE_COMPLETE) {
                    shard.markDead(position, word0);
                }
                shard.died(position, ItemLayout.itemBytes(memory, position, word0, word1));
            }
        }
    }

    private void restoreLarge() {
        for (int i = 0; i < large.size(); i++) {
            long position = large.getLong(i);
            long word0 = memory.getLong(position);
            if (ItemLayout.state(word0) != ItemLayout.STATE_COMPLETE) {
                continue;
            }
            long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
            if (claims.claim(position, word0, word1, sum)) {
                count(position, ItemLayout.KIND_LARGE);
            } else {
                progress.damaged.increment();
                long hash = shard.hashAt(position);
                index.remove(hash, index.locate(hash, position));
                shard.markDead(position, word0);
                shard.died(position, ItemLayout.itemBytes(memory, position, word0, word1));
            }
        }
    }

    private void drop() {
        for (int i = 0; i < doomed.size(); i++) {
            long position = doomed.getLong(i);
            if (ItemLayout.state(memory.getLong(position)) == ItemLayout.STATE_COMPLETE) {
                long hash = shard.hashAt(position);
                shard.unlink(hash, index.locate(hash, position));
                progress.dropped.increment();
            }
        }
        progress.items.add(shard.account.itemsLinked());
    }

    private void restoreLog(int[] log) {
        for (int segment : log) {
            if (segments.liveBytes(segment) > 0) {
                shard.log.restore(segment);
            } else {
                shard.account.recycled(segments.deadBytes(segment));
                shard.log.retire(segment);
                segments.give(segment);
            }
        }
    }
}

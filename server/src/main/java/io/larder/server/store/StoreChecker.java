package io.larder.server.store;

import io.larder.server.memory.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a store that is being used, and holds index, segments and counters against each
 * other. For one thread, once.
 *
 * <p>Locking: each shard's lock in turn, many times and for a little each: {@link
 * #BUCKETS_PER_HOLD} buckets, one segment, or the count of a shard's slots. Readers notice nothing.
 */
/*
 * Under a shard's lock nothing of it moves, so each hold sees a state in which all of this is true:
 *
 *   index     each slot has its item's tag, kind and generation and lies in the bucket of the item's
 *             hash; the item is COMPLETE and ends within its segment's filling; no key is twice in a
 *             chain
 *   segments  of the log: the lengths lead from item to item up to the tail, and to a word 0; each
 *             COMPLETE item has a slot; DEAD bytes and RESERVED items are as many as were counted
 *   counters  as many slots with items as the account says
 *
 * Between two holds all may change, which is why nothing is remembered from one to the next. What a
 * recycler has in its hands is in no log: its items are seen by their slots only.
 */
final class StoreChecker {
    static final int BUCKETS_PER_HOLD = 256;

    private final Shard[] shards;
    private final SegmentTable segments;
    private final Memory memory;
    private final List<String> faults = new ArrayList<>();
    private long faultsFound;
    private long slots;
    private long items;
    private long walked;
    private long longestHoldNanos;

    StoreChecker(Shard[] shards, SegmentTable segments) {
        this.shards = shards;
        this.segments = segments;
        this.memory = segments.arena();
    }

    StoreCheck check() {
        for (Shard shard : shards) {
            checkIndex(shard);
            checkLog(shard);
            hold(shard, () -> checkCount(shard));
        }
        return new StoreCheck(slots, items, walked, faults, faultsFound, longestHoldNanos);
    }

    private void hold(Shard shard, Runnable look) {
        shard.lock.lock();
        long beganNanos = System.nanoTime();
        try {
            look.run();
        } finally {
            longestHoldNanos = Math.max(longestHoldNanos, System.nanoTime() - beganNanos);
            shard.lock.unlock();
        }
    }

    private void fault(Shard shard, String text) {
        faultsFound++;
        if (faults.size() < StoreCheck.FAULTS_MAX) {
            faults.add("shard " + shard.id + ": " + text);
        }
    }

    // ---- index

    private void checkIndex(Shard shard) {
        for (long first = 0; first < shard.index.primaryBuckets(); first += BUCKETS_PER_HOLD) {
            long from = first;
            hold(shard, () -> checkBuckets(shard, from));
        }
    }

    private void checkBuckets(Shard shard, long from) {
        long end = Math.min(from + BUCKETS_PER_HOLD, shard.index.primaryBuckets());
        for (long bucket = from; bucket < end; bucket++) {
            long slotAt = shard.index.nextSlot(bucket, HashIndex.NO_SLOT);
            while (slotAt != HashIndex.NO_SLOT) {
                long slot = memory.getLong(slotAt);
                if (slot != Slot.EMPTY) {
                    checkSlot(shard, bucket, slotAt, slot);
                }
                slotAt = shard.index.nextSlot(bucket, slotAt);
            }
        }
    }

    private void checkSlot(Shard shard, long bucket, long slotAt, long slot) {
        slots++;
        long position = Slot.position(slot);
        String problem = problemOfItem(position);
        if (problem == null) {
            problem = problemOfSlot(shard, bucket, slotAt, slot, position);
        }
        if (problem != null) {
            fault(shard, "slot " + slotAt + " of bucket " + bucket + ": " + problem);
        }
    }

    private @Nullable String problemOfItem(long position) {
        if (position >= memory.bytes()) {
            return "item " + position + " (expected: below " + memory.bytes() + ")";
        }
        int segment = segments.segmentOf(position);
        long end = segments.start(segment) + segments.tail(segment);
        if (position + ItemLayout.HEADER_BYTES > end) {
            return "item " + position + " (expected: one that begins before " + end + ")";
        }
        long word0 = memory.getLong(position);
        if (ItemLayout.state(word0) != ItemLayout.STATE_COMPLETE) {
            return "item "
                    + position
                    + ": state "
                    + ItemLayout.state(word0)
                    + " (expected: complete)";
        }
        long itemEnd = position + ItemLayout.itemBytes(memory, position, word0);
        return itemEnd > end
                ? "item " + position + ": ends at " + itemEnd + " (expected: up to " + end + ")"
                : null;
    }

    private @Nullable String problemOfSlot(
            Shard shard, long bucket, long slotAt, long slot, long position) {
        long hash = shard.hashAt(position);
        long rightBucket = HashIndex.bucketOf(hash, shard.index.geometryAcquire());
        if (rightBucket != bucket) {
            return "item "
                    + position
                    + " (expected: one of this bucket, not of "
                    + rightBucket
                    + ")";
        }
        boolean isTombstone =
                ItemLayout.kind(memory.getLong(position + ItemLayout.WORD1_OFFSET))
                        == ItemLayout.KIND_TOMBSTONE;
        long right =
                Slot.of(
                        hash,
                        isTombstone ? Slot.KIND_TOMBSTONE : Slot.KIND_ITEM,
                        segments.lives(segments.segmentOf(position)),
                        position);
        if (!Slot.sameItem(slot, right)) {
            return Long.toHexString(slot) + " (expected: " + Long.toHexString(right) + ")";
        }
        return isTwice(shard, bucket, slotAt, slot) ? "its key has another slot" : null;
    }

    /** Whether a slot further on in the chain has the same key. */
    private boolean isTwice(Shard shard, long bucket, long slotAt, long slot) {
        long other = shard.index.nextSlot(bucket, slotAt);
        while (other != HashIndex.NO_SLOT) {
            long seen = memory.getLong(other);
            if (seen != Slot.EMPTY
                    && Slot.tag(seen) == Slot.tag(slot)
                    && problemOfItem(Slot.position(seen)) == null
                    && isSameKey(shard, Slot.position(slot), Slot.position(seen))) {
                return true;
            }
            other = shard.index.nextSlot(bucket, other);
        }
        return false;
    }

    private static boolean isSameKey(Shard shard, long position, long other) {
        return shard.spaceAt(position) == shard.spaceAt(other)
                && Arrays.equals(
                        shard.keyAt(position).toByteArray(), shard.keyAt(other).toByteArray());
    }

    // ---- segments

    private void checkLog(Shard shard) {
        List<Integer> log = new ArrayList<>();
        hold(shard, () -> shard.log.forEachSegment(log::add));
        for (int segment : log) {
            hold(
                    shard,
                    () -> {
                        if (isInLog(shard, segment)) {
                            walk(shard, segment);
                        }
                    });
        }
    }

    private static boolean isInLog(Shard shard, int segment) {
        boolean[] isThere = new boolean[1];
        shard.log.forEachSegment(each -> isThere[0] |= each == segment);
        return isThere[0];
    }

    private void walk(Shard shard, int segment) {
        walked++;
        long position = segments.start(segment);
        long end = position + segments.tail(segment);
        int reserved = 0;
        int dead = 0;
        while (position < end) {
            long word0 = memory.getLong(position);
            int bytes = ItemLayout.itemBytes(memory, position, word0);
            switch (ItemLayout.state(word0)) {
                case ItemLayout.STATE_RESERVED -> reserved++;
                case ItemLayout.STATE_DEAD, ItemLayout.STATE_FILLER -> dead += bytes;
                case ItemLayout.STATE_COMPLETE -> dead += deadBytesOf(shard, position, bytes);
                default -> {
                    fault(shard, "segment " + segment + ": no item at " + position);
                    return;
                }
            }
            position += bytes;
        }
        expect(shard, "segment " + segment + ": end of its items", position, end);
        expect(
                shard,
                "segment " + segment + ": items being written",
                segments.pending(segment),
                reserved);
        expect(shard, "segment " + segment + ": dead bytes", segments.deadBytes(segment), dead);
    }

    /** Bytes of a complete item that count as dead: those of a tombstone. */
    private int deadBytesOf(Shard shard, long position, int bytes) {
        items++;
        if (shard.index.locate(shard.hashAt(position), position) == HashIndex.NO_SLOT) {
            fault(shard, "item " + position + ": no slot points at it");
        }
        long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        return ItemLayout.kind(word1) == ItemLayout.KIND_TOMBSTONE ? bytes : 0;
    }

    // ---- counters

    private void checkCount(Shard shard) {
        long counted = 0;
        for (long bucket = 0; bucket < shard.index.primaryBuckets(); bucket++) {
            long slotAt = shard.index.nextSlot(bucket, HashIndex.NO_SLOT);
            while (slotAt != HashIndex.NO_SLOT) {
                counted += Slot.kind(memory.getLong(slotAt)) == Slot.KIND_ITEM ? 1 : 0;
                slotAt = shard.index.nextSlot(bucket, slotAt);
            }
        }
        expect(shard, "items counted", shard.account.itemsLinked(), counted);
    }

    private void expect(Shard shard, String what, long found, long wanted) {
        if (found != wanted) {
            fault(shard, what + ": " + found + " (expected: " + wanted + ")");
        }
    }
}

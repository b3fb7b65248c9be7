package io.larder.server.store;

import io.larder.server.memory.Memory;

/**
 * The items of a batch that are copied on: reserved under the lock, copied outside of it, settled
 * under it again. For one thread at a time.
 */
class Survivors {
    /** A freq to settle with: whatever the slot says then. */
    static final int SAME_FREQ = -1;

    /** Two per item of a batch at most: one that stays for one that wins against a victim. */
    private static final int MAX = 2 * SegmentRecycler.BATCH;

    final Shard shard;
    private final Memory memory;
    private final SegmentTable segments;
    private final long[] sources = new long[MAX];
    private final long[] targets = new long[MAX];
    private final long[] hashes = new long[MAX];
    private final int[] freqs = new int[MAX];
    private int count;

    Survivors(Shard shard) {
        this.shard = shard;
        this.memory = shard.memory;
        this.segments = shard.segments;
    }

    final boolean isEmpty() {
        return count == 0;
    }

    /** Whether another batch item and its victim's neighbour might not find a place. */
    final boolean isFull() {
        return count >= MAX - 1;
    }

    /** Reserves the copy's place in {@code stream}; false if there is none. Under the lock. */
    final boolean reserve(SegmentHand item, int stream, int freq) {
        long target =
                shard.log.reserve(
                        stream,
                        item.bytes,
                        ItemLayout.valueLength(item.word0),
                        item.word1,
                        ItemLayout.extensionBytes(memory, item.position, item.word1));
        if (target == SegmentLog.NO_SPACE) {
            return false;
        }
        segments.addPending(segments.segmentOf(target), 1);
        sources[count] = item.position;
        targets[count] = target;
        hashes[count] = item.hash;
        freqs[count++] = freq;
        return true;
    }

    /** Copies what was reserved: all but word 0. Needs no lock. */
    final void copy() {
        for (int i = 0; i < count; i++) {
            copyBody(sources[i], targets[i]);
        }
    }

    /** Publishes what was copied. Under the lock. */
    final void settle() {
        for (int i = 0; i < count; i++) {
            segments.addPending(segments.segmentOf(targets[i]), -1);
            settle(sources[i], targets[i], hashes[i], freqs[i]);
        }
        count = 0;
    }

    /** Gives up what was reserved. Under the lock. */
    final void abandon() {
        for (int i = 0; i < count; i++) {
            segments.addPending(segments.segmentOf(targets[i]), -1);
            shard.abandon(targets[i]);
        }
        count = 0;
    }

    void copyBody(long source, long target) {
        int bytes = ItemLayout.itemBytes(memory, source, memory.getLong(source));
        memory.copy(
                source + ItemLayout.WORD1_OFFSET,
                target + ItemLayout.WORD1_OFFSET,
                bytes - ItemLayout.WORD1_OFFSET);
    }

    void settle(long source, long target, long hash, int freq) {
        long slotAt = shard.index.locate(hash, source);
        if (slotAt == HashIndex.NO_SLOT) {
            shard.abandon(target);
            return;
        }
        memory.putLongRelease(target, memory.getLong(source));
        int kept = freq == SAME_FREQ ? Slot.freq(memory.getLong(slotAt)) : freq;
        shard.move(source, target, hash, slotAt, kept);
    }
}

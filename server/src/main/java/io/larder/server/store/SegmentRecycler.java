package io.larder.server.store;

import io.larder.server.memory.Memory;

/**
 * Turns a shard's oldest sealed segment back into a free one: drops its items, or copies on what
 * survives, a few per hold of the lock. For one thread at a time; the shard's maintenance sees to
 * that.
 */
class SegmentRecycler {
    /*
     *   begin            take the oldest sealed segment with nothing pending out of the queue
     *   step, repeated   lock
     *                      publish the survivors copied since the last step: find the slot again;
     *                        if it still points at the source, copy word 0 anew (a touch may have
     *                        come in between), swing the slot, mark the source DEAD; else abandon
     *                        the copy
     *                      walk on over at most BATCH items; each linked one is unlinked and
     *                        marked DEAD, or gets a reservation among the survivors; a large one
     *                        that was dropped ends the walk, as its chain may be room enough
     *                    unlock
     *                    copy the bodies of those reserved: immutable but for word 0
     *   the last step    still locked; nothing points into the segment now: raise its generation
     *                    unlock; give the segment to the pool
     *
     * The source cannot be recycled under the copy, since only this object recycles in this shard.
     * The target cannot, since its segment's pending count is raised from reservation to
     * publication. A reader follows the slot to either place: both hold the same item, and the
     * source's bytes stay until after the generation is raised, which the reader checks. Were the
     * source not marked DEAD, a rebuild after a crash would find the item twice and could bring it
     * back after a deletion.
     */
    static final int BATCH = 32;

    private static final int NONE = -1;

    final Shard shard;
    private final Memory memory;
    private final SegmentTable segments;
    private int segment = NONE;
    private long cursor;

    // Survivors between reservation and publication.
    private final long[] sources = new long[BATCH];
    private final long[] targets = new long[BATCH];
    private final long[] hashes = new long[BATCH];
    private int survivors;

    SegmentRecycler(Shard shard) {
        this.shard = shard;
        this.memory = shard.memory;
        this.segments = shard.segments;
    }

    /**
     * Starts on a segment unless one is under way; false if the shard has none to give.
     *
     * <p>Locking: the shard's lock.
     */
    final boolean begin() {
        if (segment == NONE) {
            shard.lock.lock();
            try {
                segment = shard.log.takeOldest();
                if (segment == NONE) {
                    shard.log.sealOpen();
                    segment = shard.log.takeOldest();
                }
                cursor = segment == NONE ? 0 : segments.start(segment);
            } finally {
                shard.lock.unlock();
            }
        }
        return segment != NONE;
    }

    /**
     * Does the next few items; true once the segment is free again.
     *
     * <p>Locking: the shard's lock; the survivors' bodies are copied outside of it.
     */
    final boolean step(Survival survival, Liveness liveness, long nowMillis) {
        boolean walked;
        shard.lock.lock();
        try {
            shard.account.expiry.advance(nowMillis);
            for (int i = 0; i < survivors; i++) {
                settle(sources[i], targets[i], hashes[i]);
            }
            survivors = 0;
            walked = walkOrUndo(survival, liveness, nowMillis);
            if (walked && survivors == 0) {
                shard.account.recycled(segments.deadBytes(segment));
                segments.retire(segment);
            }
        } finally {
            shard.lock.unlock();
        }
        if (walked && survivors == 0) {
            segments.give(segment);
            segment = NONE;
            return true;
        }
        for (int i = 0; i < survivors; i++) {
            copyBody(sources[i], targets[i]);
        }
        return false;
    }

    /**
     * Walks on; true when the segment's end is reached. If anything is thrown, what was reserved is
     * given up and the walk begins anew next time: an item already dropped is DEAD and passed over.
     */
    private boolean walkOrUndo(Survival survival, Liveness liveness, long nowMillis) {
        try {
            return walk(survival, liveness, nowMillis);
        } catch (Throwable e) {
            for (int i = 0; i < survivors; i++) {
                segments.addPending(segments.segmentOf(targets[i]), -1);
                shard.abandon(targets[i]);
            }
            survivors = 0;
            cursor = segments.start(segment);
            throw e;
        }
    }

    private boolean walk(Survival survival, Liveness liveness, long nowMillis) {
        long end = segments.start(segment) + segments.tail(segment);
        int chained = shard.account.chainSegments();
        for (int items = 0;
                items < BATCH && cursor < end && shard.account.chainSegments() == chained;
                items++) {
            long position = cursor;
            long word0 = memory.getLong(position);
            long word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
            int bytes = ItemLayout.itemBytes(memory, position, word0, word1);
            cursor += bytes;
            assert ItemLayout.state(word0) != ItemLayout.STATE_RESERVED : position;
            if (ItemLayout.state(word0) == ItemLayout.STATE_COMPLETE) {
                visit(position, word0, word1, bytes, survival, liveness, nowMillis);
            }
        }
        return cursor == end;
    }

    private void visit(
            long position,
            long word0,
            long word1,
            int bytes,
            Survival survival,
            Liveness liveness,
            long nowMillis) {
        long hash = shard.hashAt(position);
        long slotAt = shard.index.locate(hash, position);
        if (slotAt == HashIndex.NO_SLOT) {
            throw new IllegalStateException(
                    "item at " + position + ": COMPLETE, but nothing points at it");
        }
        if (ItemLayout.expiryMillis(word0) <= nowMillis) {
            if (ItemLayout.kind(word1) != ItemLayout.KIND_TOMBSTONE) {
                shard.account.expirations++;
            }
        } else if (shard.isLive(position, liveness)) {
            if (ItemLayout.kind(word1) != ItemLayout.KIND_TOMBSTONE
                    && survives(
                            position,
                            Slot.freq(memory.getLong(slotAt)),
                            shard.large.chargedBytes(position, word1, bytes),
                            survival)
                    && reserveCopy(position, word0, word1, bytes, hash)) {
                return;
            }
            shard.noteEvicted(position);
        }
        shard.unlink(hash, slotAt);
    }

    /** What its space says of the item, or else what it has earned. */
    private boolean survives(long position, int freq, int bytes, Survival survival) {
        int space = shard.spaceAt(position);
        return shard.spaces.isPinned(space)
                || (!shard.spaces.isExpendable(space) && survival.survives(freq, bytes));
    }

    private boolean reserveCopy(long source, long word0, long word1, int bytes, long hash) {
        long target =
                shard.log.reserve(
                        SegmentLog.SURVIVORS,
                        bytes,
                        ItemLayout.valueLength(word0),
                        word1,
                        ItemLayout.extensionBytes(memory, source, word1));
        if (target == SegmentLog.NO_SPACE) {
            return false;
        }
        segments.addPending(segments.segmentOf(target), 1);
        sources[survivors] = source;
        targets[survivors] = target;
        hashes[survivors++] = hash;
        return true;
    }

    void copyBody(long source, long target) {
        long word1 = memory.getLong(source + ItemLayout.WORD1_OFFSET);
        int bytes = ItemLayout.itemBytes(memory, source, memory.getLong(source), word1);
        memory.copy(
                source + ItemLayout.WORD1_OFFSET,
                target + ItemLayout.WORD1_OFFSET,
                bytes - ItemLayout.WORD1_OFFSET);
    }

    void settle(long source, long target, long hash) {
        segments.addPending(segments.segmentOf(target), -1);
        long slotAt = shard.index.locate(hash, source);
        if (slotAt == HashIndex.NO_SLOT) {
            shard.abandon(target);
        } else {
            memory.putLongRelease(target, memory.getLong(source));
            shard.move(source, target, hash, slotAt);
        }
    }

    /** The segment under way, for assertions and tests; -1 if none is. */
    final int segment() {
        return segment;
    }
}

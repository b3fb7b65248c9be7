package io.larder.server.store;

import io.larder.server.memory.Memory;

/**
 * A cursor over the items of a segment that is being reclaimed, and what it has found. Under the
 * shard's lock, but for the segment's number.
 */
final class SegmentHand {
    private final Shard shard;
    private final Memory memory;
    private final SegmentTable segments;
    private int segment = SegmentTable.NONE;
    private long cursor;
    private long end;

    // The item found.
    long position;
    long word0;
    long word1;
    int bytes;
    long hash;
    long slotAt;

    SegmentHand(Shard shard) {
        this.shard = shard;
        this.memory = shard.memory;
        this.segments = shard.segments;
    }

    /** Begins on a segment. */
    void take(int segment) {
        this.segment = segment;
        rewind();
    }

    /** Begins anew: what was dropped meanwhile is DEAD and passed over. */
    void rewind() {
        if (isActive()) {
            cursor = segments.start(segment);
            end = cursor + segments.tail(segment);
        }
    }

    boolean isActive() {
        return segment != SegmentTable.NONE;
    }

    /** The segment; {@link SegmentTable#NONE} if none is under way. */
    int segment() {
        return segment;
    }

    void release() {
        segment = SegmentTable.NONE;
    }

    /** Whether every item was passed. */
    boolean isAtEnd() {
        return cursor == end;
    }

    /**
     * Looks at the item at the cursor without passing it: true if it is one, false if it was dead
     * and has been passed.
     */
    boolean look() {
        position = cursor;
        word0 = memory.getLong(position);
        bytes = ItemLayout.itemBytes(memory, position, word0);
        assert ItemLayout.state(word0) != ItemLayout.STATE_RESERVED : position;
        if (ItemLayout.state(word0) != ItemLayout.STATE_COMPLETE) {
            pass();
            return false;
        }
        word1 = memory.getLong(position + ItemLayout.WORD1_OFFSET);
        hash = shard.hashAt(position);
        slotAt = shard.index.locate(hash, position);
        if (slotAt == HashIndex.NO_SLOT) {
            throw new IllegalStateException(
                    "item at " + position + ": COMPLETE, but nothing points at it");
        }
        return true;
    }

    /** Passes the item looked at. */
    void pass() {
        cursor += bytes;
    }

    int freq() {
        return Slot.freq(memory.getLong(slotAt));
    }

    boolean isTombstone() {
        return ItemLayout.kind(word1) == ItemLayout.KIND_TOMBSTONE;
    }
}

package io.larder.server.store;

import io.larder.server.memory.Memory;
import java.util.function.IntConsumer;
import org.agrona.collections.IntArrayQueue;

/**
 * A shard's segments in the order they were filled: one open segment per stream to append to, and a
 * queue of sealed ones, oldest first. Everything under the shard's lock.
 */
class SegmentLog {
    /** Appends by callers. */
    static final int FRESH = 0;

    /** Appends by eviction: items that earned another round. */
    static final int SURVIVORS = 1;

    /** No segment to append to. No item lies there: position 0 belongs to the index. */
    static final long NO_SPACE = -1;

    /** What stands for the place of an item that its space's quota does not allow. */
    static final long OVER_QUOTA = -2;

    private static final int STREAMS = 2;
    private static final int NONE = -1;

    private final SegmentTable segments;
    private final Memory memory;
    private final int[] open = {NONE, NONE};
    private final IntArrayQueue sealed = new IntArrayQueue(NONE);
    private boolean tookSegment;

    SegmentLog(SegmentTable segments) {
        this.segments = segments;
        this.memory = segments.arena();
    }

    /**
     * Reserves room for an item and writes as much of its header as leads to the next: see {@link
     * ItemLayout}. The caller fills the rest and makes it COMPLETE or DEAD.
     */
    long reserve(int stream, int itemBytes, int valueLength, long word1, int extensionBytes) {
        if (!ensureOpen(stream, itemBytes)) {
            return NO_SPACE;
        }
        int segment = open[stream];
        long position = segments.start(segment) + segments.tail(segment);
        segments.advanceTail(segment, itemBytes);
        memory.storeFence();
        if (segments.tail(segment) < segments.segmentBytes()) {
            memory.putLong(position + itemBytes, ItemLayout.STATE_END);
        }
        memory.putLong(position + ItemLayout.WORD1_OFFSET, word1);
        if (extensionBytes > 0) {
            memory.putLong(position + ItemLayout.EXTENSION_OFFSET, (long) extensionBytes >> 3 << 8);
        }
        memory.putLongRelease(
                position, ItemLayout.word0(0, valueLength, ItemLayout.STATE_RESERVED));
        return position;
    }

    private boolean ensureOpen(int stream, int itemBytes) {
        int segment = open[stream];
        if (segment != NONE) {
            if (segments.tail(segment) + itemBytes <= segments.segmentBytes()) {
                return true;
            }
            sealed.addInt(segment);
            open[stream] = NONE;
        }
        int taken = stream == FRESH ? segments.take() : segments.takeForCopies();
        tookSegment = true;
        if (taken == NONE) {
            return false;
        }
        segments.open(taken);
        open[stream] = taken;
        return true;
    }

    /**
     * Takes the oldest sealed segment that nobody is still filling out of the queue; -1 if none.
     */
    int takeOldest() {
        for (int left = sealed.size(); left > 0; left--) {
            int segment = sealed.pollInt();
            if (mayRecycle(segment)) {
                return segment;
            }
            sealed.addInt(segment);
        }
        return NONE;
    }

    /** A segment with a reservation pending is being written to without the lock. */
    boolean mayRecycle(int segment) {
        return segments.pending(segment) == 0;
    }

    /** Seals what is open, if anything was written to it; for when nothing sealed is left. */
    void sealOpen() {
        for (int stream = 0; stream < STREAMS; stream++) {
            if (open[stream] != NONE
                    && segments.tail(open[stream]) > 0
                    && mayRecycle(open[stream])) {
                sealed.addInt(open[stream]);
                open[stream] = NONE;
            }
        }
    }

    /** How many segments could be recycled once nobody fills them. */
    int sealedCount() {
        return sealed.size();
    }

    /** Every segment of the log, open or sealed, for assertions and tests. */
    final void forEachSegment(IntConsumer consumer) {
        for (int segment : open) {
            if (segment != NONE) {
                consumer.accept(segment);
            }
        }
        sealed.forEachInt(consumer);
    }

    /** Whether a segment was taken, or wanted, since this was last asked. */
    boolean consumeTookSegment() {
        boolean took = tookSegment;
        tookSegment = false;
        return took;
    }
}

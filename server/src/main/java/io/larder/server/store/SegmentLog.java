package io.larder.server.store;

import io.larder.server.memory.Memory;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A shard's segments: an open one per stream to append to, and two queues of sealed ones, oldest
 * first, that eviction takes from. Everything under the shard's lock unless stated.
 */
class SegmentLog {
    /** No segment to append to. No item lies there: position 0 belongs to the index. */
    static final long NO_SPACE = -1;

    /** What stands for the place of an item that its space's quota does not allow. */
    static final long OVER_QUOTA = -2;

    private static final int NONE = SegmentTable.NONE;

    /** A segment is looked through when this part of it may have expired. */
    private static final int URGENT_SHARE = 64;

    private final SegmentTable segments;
    private final Memory memory;
    private final int[] open = new int[Stream.COUNT];
    private final SegmentList[] queues = new SegmentList[Stream.QUEUES];
    private final long[] liveBytes = new long[Stream.QUEUES];

    /** Per queue, what follows the segment last compacted: where its copies belong. */
    private final int[] compactedBefore = new int[Stream.QUEUES];

    final DeadRanking ranking;
    final SegmentTimerWheel wheel;
    private boolean tookSegment;

    /** Whose log this is; set by the shard. */
    int shard;

    SegmentLog(SegmentTable segments, long nowMillis) {
        this.segments = segments;
        this.memory = segments.arena();
        this.ranking = new DeadRanking(segments);
        this.wheel = new SegmentTimerWheel(segments, nowMillis);
        Arrays.fill(open, NONE);
        Arrays.fill(compactedBefore, NONE);
        for (int queue = 0; queue < Stream.QUEUES; queue++) {
            queues[queue] = new SegmentList(segments, SegmentTable.QUEUE_LINKS);
        }
    }

    // ---- appending

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
        liveBytes[Stream.queue(stream)] += itemBytes;
        memory.storeFence();
        if (segments.tail(segment) < segments.segmentBytes()) {
            memory.putLong(position + itemBytes, ItemLayout.STATE_END);
        }
        ItemLayout.writeReserved(memory, position, valueLength, word1, extensionBytes);
        return position;
    }

    private boolean ensureOpen(int stream, int itemBytes) {
        int segment = open[stream];
        if (segment != NONE) {
            if (segments.tail(segment) + itemBytes <= segments.segmentBytes()) {
                return true;
            }
            seal(stream);
        }
        boolean fresh = Stream.origin(stream) == Stream.FRESH;
        int taken = fresh ? segments.take() : segments.takeForCopies();
        tookSegment = true;
        if (taken == NONE) {
            return false;
        }
        segments.open(taken, stream);
        segments.record().logged(taken, shard, stream);
        open[stream] = taken;
        return true;
    }

    private void seal(int stream) {
        int segment = open[stream];
        open[stream] = NONE;
        int queue = Stream.queue(stream);
        boolean inPlace = Stream.origin(stream) == Stream.COMPACTED;
        enqueue(segment, inPlace ? compactedBefore[queue] : NONE);
    }

    private void enqueue(int segment, int successor) {
        int queue = Stream.queue(segments.stream(segment));
        queues[queue].addBefore(successor, segment);
        segments.set(segment, SegmentTable.QUEUED, queue);
        ranking.add(segment);
    }

    // ---- taking for reclamation

    /**
     * Takes the oldest segment of a queue that nobody is still filling out of it; {@link
     * SegmentTable#NONE} if there is none.
     */
    int takeOldest(int queue) {
        for (int segment = queues[queue].first(); segment != NONE; ) {
            if (mayRecycle(segment)) {
                dequeue(segment);
                return segment;
            }
            segment = queues[queue].next(segment);
        }
        return NONE;
    }

    /** Makes SMALL's oldest segment MAIN's newest, items and all; false if there is none. */
    boolean adoptOldest() {
        int segment = queues[Stream.SMALL].first();
        if (segment == NONE) {
            return false;
        }
        dequeue(segment);
        int live = segments.liveBytes(segment);
        liveBytes[Stream.SMALL] -= live;
        liveBytes[Stream.MAIN] += live;
        int stream = segments.stream(segment);
        int moved = Stream.moved(stream, Stream.MAIN, Stream.origin(stream));
        segments.setStream(segment, moved);
        segments.record().logged(segment, shard, moved);
        enqueue(segment, NONE);
        return true;
    }

    /** Takes the most dead segment out of its queue; its copies will take its place. */
    int takeMostDead() {
        int segment = ranking.mostDead();
        if (segment != NONE) {
            int queue = Stream.queue(segments.stream(segment));
            compactedBefore[queue] = queues[queue].next(segment);
            dequeue(segment);
        }
        return segment;
    }

    /**
     * Puts a segment back that was taken and could not be finished: where the one last compacted
     * was, or else as the newest, so that the others get their turn.
     */
    void putBack(int segment, boolean inPlace) {
        int queue = Stream.queue(segments.stream(segment));
        enqueue(segment, inPlace ? compactedBefore[queue] : NONE);
    }

    /** Takes a sealed segment out of its queue. Its holes are no longer filled. */
    void dequeue(int segment) {
        int queue = Stream.queue(segments.stream(segment));
        if (compactedBefore[queue] == segment) {
            compactedBefore[queue] = queues[queue].next(segment);
        }
        queues[queue].remove(segment);
        segments.set(segment, SegmentTable.QUEUED, NONE);
        ranking.remove(segment);
        segments.endLifeOfHoles(segment);
    }

    /** Whether a segment is sealed and waiting, not open and not taken. */
    boolean isSealed(int segment) {
        return segments.get(segment, SegmentTable.QUEUED) != NONE;
    }

    /** Whether a segment is sealed or open: not taken. */
    boolean takesItems(int segment) {
        return isSealed(segment) || isOpen(segment);
    }

    /** Whether the next item of its stream is appended to this segment. */
    boolean isOpen(int segment) {
        return open[segments.stream(segment)] == segment;
    }

    /** A segment with a reservation pending is being written to without the lock. */
    boolean mayRecycle(int segment) {
        return segments.pending(segment) == 0;
    }

    /** Seals what is open, if anything was written to it; for when nothing sealed is left. */
    void sealOpen() {
        for (int stream = 0; stream < open.length; stream++) {
            if (open[stream] != NONE
                    && segments.tail(open[stream]) > 0
                    && mayRecycle(open[stream])) {
                seal(stream);
            }
        }
    }

    /** Takes an open segment out of the log, so that nothing more is appended to it. */
    void close(int segment) {
        assert open[segments.stream(segment)] == segment : segment;
        open[segments.stream(segment)] = NONE;
    }

    /** Ends the life of a segment that nothing points into. The caller gives it to the pool. */
    void retire(int segment) {
        wheel.cancel(segment);
        segments.retire(segment);
    }

    // ---- what dies and what expires

    /** Bytes of a segment died, or (negative) were written anew. */
    void died(int segment, int bytes) {
        segments.addDeadBytes(segment, bytes);
        liveBytes[Stream.queue(segments.stream(segment))] -= bytes;
        ranking.died(segment, bytes);
    }

    /** An item of {@code segment} got an expiry. */
    void expires(int segment, long expiryMillis, int bytes) {
        if (expiryMillis == Mutation.NEVER) {
            return;
        }
        segments.boundExpiry(segment, expiryMillis);
        if (expiryMillis >= segments.dueMillis(segment)) {
            return;
        }
        boolean many = segments.addUrgent(segment, expiryMillis, bytes) >= urgentBytesMax();
        long due = many ? 0 : segments.urgentMaxMillis(segment);
        if (due < segments.dueMillis(segment)) {
            segments.setDueMillis(segment, due);
            wheel.schedule(segment);
        }
    }

    /** How many bytes of a segment may have expired before it is looked through. */
    int urgentBytesMax() {
        return segments.segmentBytes() / URGENT_SHARE;
    }

    // ---- rebuilding

    /** An item, dead or not, was found behind the last one of a segment that is in no queue yet. */
    void found(int segment, int bytes) {
        segments.advanceTail(segment, bytes);
        liveBytes[Stream.queue(segments.stream(segment))] += bytes;
    }

    /** Puts a segment whose items were found behind those that were put before. */
    void restore(int segment) {
        enqueue(segment, NONE);
    }

    // ---- looking around

    /** Bytes of a queue's items that are not dead. */
    long liveBytes(int queue) {
        return liveBytes[queue];
    }

    /** The queue that the item at {@code position} is in. */
    int queueOf(long position) {
        return Stream.queue(segments.stream(segments.segmentOf(position)));
    }

    /** How many segments could be recycled once nobody fills them. Roughly, without the lock. */
    int sealedCount() {
        return queues[Stream.SMALL].size() + queues[Stream.MAIN].size();
    }

    /** Every segment of the log, open or sealed, for assertions and tests. */
    final void forEachSegment(IntConsumer consumer) {
        for (int segment : open) {
            if (segment != NONE) {
                consumer.accept(segment);
            }
        }
        for (SegmentList queue : queues) {
            for (int segment = queue.first(); segment != NONE; segment = queue.next(segment)) {
                consumer.accept(segment);
            }
        }
    }

    /** Whether a segment was taken, or wanted, since this was last asked. */
    boolean consumeTookSegment() {
        boolean took = tookSegment;
        tookSegment = false;
        return took;
    }
}

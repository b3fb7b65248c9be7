package io.larder.server.store;

/**
 * A shard's sealed segments by how much of them has died, in 64 ranks: what compaction takes from.
 * Under the shard's lock.
 *
 * <p>What was never filled does not count: a segment has it because the next item did not fit, and
 * a copy of it might be no fuller. So each compaction takes away dead bytes, and comes to an end.
 */
final class DeadRanking {
    private static final int RANKS = 64;

    private final SegmentTable segments;
    private final SegmentList[] ranks = new SegmentList[RANKS + 1];
    private long deadBytes;

    DeadRanking(SegmentTable segments) {
        this.segments = segments;
        for (int rank = 0; rank <= RANKS; rank++) {
            ranks[rank] = new SegmentList(segments, SegmentTable.RANK_LINKS);
        }
    }

    void add(int segment) {
        int rank = rankOf(segment);
        ranks[rank].addLast(segment);
        segments.set(segment, SegmentTable.RANK, rank);
        deadBytes += segments.deadBytes(segment);
    }

    void remove(int segment) {
        int rank = segments.get(segment, SegmentTable.RANK);
        ranks[rank].remove(segment);
        segments.set(segment, SegmentTable.RANK, SegmentTable.NONE);
        deadBytes -= segments.deadBytes(segment);
    }

    /** The segment's dead bytes have just changed by {@code bytes}; nothing if it is not ranked. */
    void died(int segment, int bytes) {
        int rank = segments.get(segment, SegmentTable.RANK);
        if (rank == SegmentTable.NONE) {
            return;
        }
        deadBytes += bytes;
        int now = rankOf(segment);
        if (now != rank) {
            ranks[rank].remove(segment);
            ranks[now].addLast(segment);
            segments.set(segment, SegmentTable.RANK, now);
        }
    }

    /** Dead bytes of all ranked segments. Written under the lock, readable without it. */
    long deadBytes() {
        return deadBytes;
    }

    /** The most dead segment that nobody is filling, {@link SegmentTable#NONE} if none gains. */
    int mostDead() {
        for (int rank = RANKS; rank > 0; rank--) {
            SegmentList list = ranks[rank];
            for (int segment = list.first(); segment != SegmentTable.NONE; ) {
                if (segments.pending(segment) == 0) {
                    return segment;
                }
                segment = list.next(segment);
            }
        }
        return SegmentTable.NONE;
    }

    private int rankOf(int segment) {
        return segments.deadBytes(segment) * RANKS / segments.segmentBytes();
    }
}

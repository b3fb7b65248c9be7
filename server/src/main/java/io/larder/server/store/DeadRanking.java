package io.larder.server.store;

/**
 * A shard's sealed segments by how much of them has died, in 64 ranks: what compaction takes from.
 * Under the shard's lock.
 *
 * <p>What was never filled does not count: a segment has it because the next item did not fit, and
 * a copy of it might be no fuller. So each compaction takes away dead bytes, and comes to an end.
 */
final class DeadRanking {
    /** As many as a word has bits, from nothing dead to all. */
    private static final int RANKS = Long.SIZE;

    private final SegmentTable segments;
    private final SegmentList[] ranks = new SegmentList[RANKS];

    /** A bit for each rank but the first that has segments. */
    private long inUse;

    private long deadBytes;

    DeadRanking(SegmentTable segments) {
        this.segments = segments;
        for (int rank = 0; rank < RANKS; rank++) {
            ranks[rank] = new SegmentList(segments, SegmentTable.RANK_LINKS);
        }
    }

    void add(int segment) {
        addTo(rankOf(segment), segment);
        deadBytes += segments.deadBytes(segment);
    }

    void remove(int segment) {
        removeFrom(segments.get(segment, SegmentTable.RANK), segment);
        segments.set(segment, SegmentTable.RANK, SegmentTable.NONE);
        deadBytes -= segments.deadBytes(segment);
    }

    private void addTo(int rank, int segment) {
        ranks[rank].addLast(segment);
        inUse |= (1L << rank) & ~1L;
        segments.set(segment, SegmentTable.RANK, rank);
    }

    private void removeFrom(int rank, int segment) {
        ranks[rank].remove(segment);
        if (ranks[rank].size() == 0) {
            inUse &= ~(1L << rank);
        }
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
            removeFrom(rank, segment);
            addTo(now, segment);
        }
    }

    /** Dead bytes of all ranked segments. Written under the lock, readable without it. */
    long deadBytes() {
        return deadBytes;
    }

    /** The most dead segment that nobody is filling, {@link SegmentTable#NONE} if none gains. */
    int mostDead() {
        for (long left = inUse; left != 0; left ^= Long.highestOneBit(left)) {
            SegmentList list = ranks[Long.SIZE - 1 - Long.numberOfLeadingZeros(left)];
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
        return (int) ((long) segments.deadBytes(segment) * (RANKS - 1) / segments.segmentBytes());
    }
}

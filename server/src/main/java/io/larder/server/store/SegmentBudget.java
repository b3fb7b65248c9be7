package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.SegmentPool;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How many of the arena's segments may be in use, and the custody of all others: the withheld ones,
 * which are in no shard and not in the pool. Follows the memory limit, which may change at any
 * time. For any thread.
 */
final class SegmentBudget {
    /*
     *          take                      collect
     *   pool ---------> shard, chain      pool ---------> withheld
     *     ^                |                ^                |
     *     +----- give -----+                +----- raise ----+
     *
     * To the pool, withholding is a take like any other, by an owner that never writes and gives
     * back when the limit rises. So the pool's argument covers it: a segment is withheld only by
     * who holds its permit, never while a shard owns it, and no permit is lost or made up. A taker
     * and a collector that want the last segment compete for one permit, and one CAS decides.
     *
     * What is owed (wanted - count) and the withheld segments themselves are under this monitor:
     * two changes of the limit, or a change and a collector, take turns, so the segments of a raise
     * are there when it looks for them, and two collectors never withhold one too many. Takers and
     * givers do not see the monitor. It is taken with no lock held and takes none inside.
     *
     * A withheld segment's pages are dropped between its take and its entry, under the monitor:
     * before any raise can give it to a writer. A late reader may see them turn to zeros. That is
     * a write like a new owner's first one: the raise of the generation that ended the segment's
     * last life (release) comes before its give, that before this take (volatile CASes), and that
     * before the call; a reader whose load finds a zero finds the generation changed in its second
     * look, behind its load fence.
     *
     * Collecting must neither starve writers nor be starved by them. What is free above the low
     * watermark is withheld at once. Below it one segment is for two that maintenance reclaimed:
     * it tries right behind each give until it succeeds, and leaves the survivors' reserve alone.
     */
    private static final int RECLAIMED_PER_WITHHELD = 2;

    private final SegmentPool pool;
    private final Memory arena;
    private final int segmentBytes;
    private final int reserved;

    /** The first {@link #count} are withheld. Guarded by this. */
    private final int[] withheld;

    private int count; // guarded by this
    private int wanted; // guarded by this
    private int reclaimed; // since one was withheld of few; guarded by this
    private volatile int owed; // written under this
    private volatile long limitBytes; // written under this
    private volatile int lowWatermark; // written under this

    /** Withholds what the limit does not allow, the arena's end, untouched. */
    SegmentBudget(Memory arena, int segmentBytes, int reserved, long limitBytes) {
        this(arena, segmentBytes, reserved, limitBytes, segment -> false, 0);
    }

    /**
     * The same where some segments hold what was found there: those are their owners' to give. The
     * limit may be exceeded then, as after it was lowered.
     *
     * @param needed free segments that are not withheld, be the limit exceeded: for an index of
     *     what was found
     */
    SegmentBudget(
            Memory arena,
            int segmentBytes,
            int reserved,
            long limitBytes,
            IntPredicate isTaken,
            int needed) {
        int segments = Math.toIntExact(arena.bytes() / segmentBytes);
        this.arena = arena;
        this.segmentBytes = segmentBytes;
        this.reserved = reserved;
        this.withheld = new int[segments];
        setLimit(limitBytes);
        this.pool = new SegmentPool(segments, 0);
        int free = (int) IntStream.range(0, segments).filter(isTaken.negate()).count();
        int spare = free == segments ? wanted : Math.min(wanted, free - needed - lowWatermark);
        for (int segment = segments - 1; segment >= 0; segment--) {
            if (!isTaken.test(segment)) {
                if (count < spare) {
                    withheld[count++] = segment;
                } else {
                    pool.give(segment);
                }
            }
        }
        owed = wanted - count;
    }

    private void setLimit(long bytes) {
        limitBytes = bytes;
        lowWatermark = reserved + Math.max(2, segments() / 64);
        wanted = withheld.length - segments();
    }

    SegmentPool pool() {
        return pool;
    }

    /** Changes the limit, which its caller has checked; what is free beyond it goes at once. */
    synchronized void limit(long bytes) {
        setLimit(bytes);
        while (count > wanted) {
            pool.give(withheld[--count]);
        }
        owed = wanted - count;
        withholdSpare();
    }

    /** The limit in bytes. */
    long limitBytes() {
        return limitBytes;
    }

    /** Segments that the limit allows. */
    int segments() {
        return (int) Math.min(withheld.length, limitBytes / segmentBytes);
    }

    /** Segments withheld, at some recent moment. */
    synchronized int withheld() {
        return count;
    }

    /** Segments in use or free beyond the limit, at some recent moment: still to be withheld. */
    int owed() {
        return owed;
    }

    /** Free segments under which reclamation is requested. */
    int lowWatermark() {
        return lowWatermark;
    }

    /** Free segments at which reclamation may rest. */
    int highWatermark() {
        return lowWatermark + Math.max(1, segments() / 128);
    }

    /** Withholds what is free and owed, if there is more free than writers need. */
    void collect() {
        if (owed > 0) {
            synchronized (this) {
                withholdSpare();
            }
        }
    }

    /** The same after maintenance gave a segment to the pool, which may be few writers' last. */
    void collectReclaimed() {
        if (owed > 0) {
            synchronized (this) {
                withholdSpare();
                if (++reclaimed >= RECLAIMED_PER_WITHHELD && withholdOne(reserved)) {
                    reclaimed = 0;
                }
            }
        }
    }

    private void withholdSpare() {
        while (withholdOne(lowWatermark)) {
            reclaimed = 0;
        }
    }

    private boolean withholdOne(int reserve) {
        int segment = owed > 0 ? pool.take(reserve) : SegmentTable.NONE;
        if (segment == SegmentTable.NONE) {
            return false;
        }
        arena.discard((long) segment * segmentBytes, segmentBytes);
        withheld[count++] = segment;
        owed = wanted - count;
        return true;
    }
}

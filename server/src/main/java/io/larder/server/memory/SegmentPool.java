package io.larder.server.memory;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The free segments of an arena, as a lock-free stack of their numbers. Safe for any thread; owns
 * no memory.
 */
public final class SegmentPool {
    /*
     * A Treiber stack [Treiber 1986]. The head is one word:
     *
     *   63            32 31             0
     *  +----------------+----------------+
     *  |  ABA tag       |  top + 1       |      0 in the low half: empty
     *  +----------------+----------------+
     *
     * pop:  h = head; n = next[top(h)]; CAS(head, h, tag(h)+1 : n)
     * push: next[s] = top(h);           CAS(head, h, tag(h)+1 : s)
     *
     * Between pop's read of next and its CAS, the top may be popped, used and pushed again with
     * another next: the CAS would then install a stale next (ABA). Every success raises the tag, so
     * that CAS fails. 32 bits of tag wrap after 4 billion operations inside one such gap.
     *
     * The permit count is what makes a reserve exact. A taker first lowers the count by a CAS that
     * refuses to go under the caller's reserve, then pops; a giver pushes first and raises the count
     * afterwards. So the stack always holds at least as many segments as there are permits, and a
     * pop that holds a permit never finds it empty. Both CASes are volatile: what the giver did to
     * the segment happens before what the taker does with it.
     */
    private static final int NONE = 0;

    private final AtomicLong head = new AtomicLong();
    private final AtomicIntegerArray next;
    private final AtomicInteger permits = new AtomicInteger();

    /** A pool of segments 0 to {@code segments - 1}, all of them free, the lowest on top. */
    public SegmentPool(int segments) {
        this(segments, segments);
    }

    /**
     * A pool for {@code segments} segments of which the first {@code free} are free, the lowest on
     * top; the others are the caller's to give.
     */
    public SegmentPool(int segments, int free) {
        next = new AtomicIntegerArray(segments);
        for (int segment = free - 1; segment >= 0; segment--) {
            give(segment);
        }
    }

    /**
     * Takes a free segment unless that would leave fewer than {@code reserve}; -1 if so.
     *
     * <p>Locking: none.
     */
    public int take(int reserve) {
        int permit;
        do {
            permit = permits.get();
            if (permit <= reserve) {
                return -1;
            }
        } while (!permits.compareAndSet(permit, permit - 1));
        return pop();
    }

    private int pop() {
        while (true) {
            long seen = head.get();
            int top = (int) seen;
            assert top != NONE : "a permit without a segment";
            int below = next.get(top - 1);
            if (head.compareAndSet(seen, head(seen, below))) {
                return top - 1;
            }
        }
    }

    /**
     * Gives a segment back. The caller owns it and forgets it.
     *
     * <p>Locking: none.
     */
    public void give(int segment) {
        long seen;
        do {
            seen = head.get();
            next.set(segment, (int) seen);
        } while (!head.compareAndSet(seen, head(seen, segment + 1)));
        permits.incrementAndGet();
    }

    /** How many segments are free, at some recent moment. */
    public int free() {
        return permits.get();
    }

    private static long head(long seen, int top) {
        return ((seen >>> 32) + 1) << 32 | top;
    }
}

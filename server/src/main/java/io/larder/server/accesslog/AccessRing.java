package io.larder.server.accesslog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A ring of longs from one producer to one consumer, which refuses what finds it full and counts
 * it. Two roles, not two threads: each passes from thread to thread in ways that order what they
 * do, which {@link AccessLog} sees to.
 */
class AccessRing {
    /*
     * One array of longs, two lines of 64 bytes between what one role writes and what the other
     * does (processors prefetch lines in pairs):
     *
     *    0      16                              32     48       64             64 + capacity
     *   +------+------+----------+-------+-----+------+------+-+------+-------+------+
     *   | ...  | TAIL | HEADSEEN | DROPS | CLAIM | .. | HEAD | ...    | slots | ...  |
     *   +------+------+----------+-------+-----+------+------+-+------+-------+------+
     *           \---------- producer's --------/       consumer's
     *
     * TAIL and HEAD count entries and never wrap; entry n lies in slot n & mask.
     *
     *   producer                                    consumer
     *   full, by HEADSEEN?  HEADSEEN = HEAD acquire tail = TAIL acquire
     *   still full: drop                            read slots HEAD to tail - 1
     *   write the slot                              HEAD = tail, release
     *   TAIL + 1, release
     *
     * The consumer reads only slots below a TAIL it has acquired, so what it finds there was
     * written before. The producer overwrites a slot only after it has acquired a HEAD beyond the
     * slot's last entry, so that was read before. Stored the other way round, either index would
     * let the other role in too early: a stale entry, or one that overtook.
     *
     * While there is room the producer reads nothing that the consumer writes: HEADSEEN is its own
     * copy, refreshed once in a ring's length.
     */
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int PADDING = 16;
    static final int TAIL = PADDING; // producer: plain, release; consumer: acquire
    static final int HEAD_SEEN = TAIL + 1; // producer only
    static final int DROPS = TAIL + 2; // producer: plain, opaque; anybody: opaque
    private static final int CLAIM = TAIL + 3; // CAS acquire, release
    static final int HEAD = TAIL + 2 * PADDING; // consumer: plain, release; producer: acquire
    static final int SLOTS = HEAD + PADDING; // guarded by TAIL and HEAD

    /** For what was to be appended there is no room. */
    static final long FULL = -1;

    final long[] words;
    final int mask;

    /** A ring for {@code capacity} entries, a power of two and at least 2. */
    AccessRing(int capacity) {
        words = new long[SLOTS + capacity + PADDING];
        mask = capacity - 1;
    }

    /**
     * Appends an entry, or drops it if there is no room. True if a drain is due, which is so at
     * every half of a ring appended, and as often while entries are dropped. For the producer.
     */
    final boolean offer(long entry) {
        long tail = words[TAIL];
        if (tail - words[HEAD_SEEN] > mask) {
            long head = (long) LONGS.getAcquire(words, HEAD);
            words[HEAD_SEEN] = head;
            if (tail - head > mask) {
                long drops = words[DROPS] + 1;
                LONGS.setOpaque(words, DROPS, drops);
                return isHalf(drops);
            }
        }
        append(tail, entry);
        return isHalf(tail + 1);
    }

    void append(long tail, long entry) {
        words[SLOTS + ((int) tail & mask)] = entry;
        LONGS.setRelease(words, TAIL, tail + 1);
    }

    /**
     * Where to {@link #put} as many entries that belong together, or {@link #FULL}, which counts as
     * a drop; {@link #releaseTail} hands them over. For the producer.
     */
    final long claim(int entries) {
        long tail = words[TAIL];
        if (tail + entries - words[HEAD_SEEN] > mask + 1) {
            words[HEAD_SEEN] = (long) LONGS.getAcquire(words, HEAD);
            if (tail + entries - words[HEAD_SEEN] > mask + 1) {
                LONGS.setOpaque(words, DROPS, words[DROPS] + 1);
                return FULL;
            }
        }
        return tail;
    }

    /** Writes one of the entries claimed. For the producer. */
    final void put(long at, long entry) {
        words[SLOTS + ((int) at & mask)] = entry;
    }

    private boolean isHalf(long count) {
        return ((int) count & mask >> 1) == 0;
    }

    /** Moves the oldest entries, as many as {@code target} takes, there. For the consumer. */
    int drainTo(long[] target, int limit) {
        long head = words[HEAD];
        int count = (int) Math.min(limit, tailAcquire() - head);
        for (int i = 0; i < count; i++) {
            target[i] = words[SLOTS + ((int) (head + i) & mask)];
        }
        releaseHead(head + count);
        return count;
    }

    final long tailAcquire() {
        return (long) LONGS.getAcquire(words, TAIL);
    }

    final void releaseHead(long head) {
        LONGS.setRelease(words, HEAD, head);
    }

    /** Hands over all entries before {@code tail}. For the producer. */
    final void releaseTail(long tail) {
        LONGS.setRelease(words, TAIL, tail);
    }

    /** Takes the producer's role on a ring that several threads share; false if another has it. */
    final boolean tryClaim() {
        return (long) LONGS.getOpaque(words, CLAIM) == 0
                && LONGS.compareAndSet(words, CLAIM, 0L, 1L);
    }

    /** Gives the producer's role up. */
    final void unclaim() {
        LONGS.setRelease(words, CLAIM, 0L);
    }

    /** Entries refused so far. For any thread. */
    final long drops() {
        return (long) LONGS.getOpaque(words, DROPS);
    }
}

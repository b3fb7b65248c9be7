package io.larder.server.accesslog;

/**
 * A ring of two entries with one producer and one consumer, whole or with a fault planted. In the
 * log's own package, since a fault replaces a step of the ring; the server knows nothing of it.
 */
public final class StressRing {
    private static final int CAPACITY = 2;
    private static final int ENTRIES = 40;

    /** Each role waits for the other this often, so that they meet in most states, many times. */
    private static final int ATTEMPTS = 2_000;

    private final AccessRing ring;
    private final long[] taken = new long[CAPACITY];

    /** What is wrong with a ring. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** The tail is raised before the entry is written. */
        TAIL_BEFORE_ENTRY,
        /** The head is raised before the entries are read. */
        HEAD_BEFORE_READ
    }

    /** An empty ring. */
    public StressRing(Fault fault) {
        ring =
                switch (fault) {
                    case NONE -> new AccessRing(CAPACITY);
                    case TAIL_BEFORE_ENTRY -> new TailFirst();
                    case HEAD_BEFORE_READ -> new HeadFirst();
                };
    }

    /** Offers entries, numbered from 1, until the ring has taken all or the consumer is away. */
    public void produce() {
        for (int i = 0; i < ATTEMPTS && ring.tailAcquire() < ENTRIES; i++) {
            ring.offer(ring.tailAcquire() + 1);
        }
    }

    /**
     * Takes entries until all have come or the producer is away; 1 if they came in order, -1 if one
     * did not.
     */
    public int consume() {
        long expected = 1;
        for (int i = 0; i < ATTEMPTS && expected <= ENTRIES; i++) {
            int count = ring.drainTo(taken, CAPACITY);
            for (int entry = 0; entry < count; entry++) {
                if (taken[entry] != expected++) {
                    return -1;
                }
            }
        }
        return 1;
    }

    private static final class TailFirst extends AccessRing {
        TailFirst() {
            super(CAPACITY);
        }

        @Override
        void append(long tail, long entry) {
            releaseTail(tail + 1);
            words[SLOTS + ((int) tail & mask)] = entry;
        }
    }

    private static final class HeadFirst extends AccessRing {
        HeadFirst() {
            super(CAPACITY);
        }

        @Override
        int drainTo(long[] target, int limit) {
            long head = words[HEAD];
            int count = (int) Math.min(limit, tailAcquire() - head);
            releaseHead(head + count);
            for (int i = 0; i < count; i++) {
                target[i] = words[SLOTS + ((int) (head + i) & mask)];
            }
            return count;
        }
    }
}

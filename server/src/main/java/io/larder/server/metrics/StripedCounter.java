package io.larder.server.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A counter that threads raise without sharing a cache line: each on a padded stripe of its own
 * (see {@link ThreadStripes}), by a plain load and a release store. Threads that have none add
 * atomically to shared ones.
 *
 * <p>Any thread may call anything. A sum taken while others count is some value that was true
 * between the start and the end of the call, per stripe.
 */
public final class StripedCounter {
    /** Longs per stripe: two lines of 64 bytes, since processors prefetch them in pairs. */
    private static final int STRIDE = 16;

    private static final int STRIPES = ThreadStripes.COUNT + ThreadStripes.SHARED_COUNT;

    /** The owned stripes, then the shared ones, with one to spare at either end. */
    private final AtomicLongArray stripes = new AtomicLongArray(STRIDE * (STRIPES + 2));

    /** Adds one. */
    public void increment() {
        add(1);
    }

    /** Adds {@code delta}. */
    public void add(long delta) {
        int own = ThreadStripes.own();
        if (own == ThreadStripes.NONE) {
            stripes.getAndAdd(index(ThreadStripes.COUNT + ThreadStripes.shared()), delta);
        } else {
            int index = index(own);
            stripes.setRelease(index, stripes.getPlain(index) + delta);
        }
    }

    /** The sum of all stripes. */
    public long sum() {
        long sum = 0;
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            sum += stripes.getAcquire(index(stripe));
        }
        return sum;
    }

    private static int index(int stripe) {
        return STRIDE * (stripe + 1);
    }
}

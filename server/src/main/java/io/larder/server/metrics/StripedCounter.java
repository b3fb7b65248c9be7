package io.larder.server.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A counter that threads raise without sharing a cache line: one padded stripe per thread, chosen
 * by the thread's id, so that event loops and workers each write their own.
 *
 * <p>Any thread may call anything. A sum taken while others count is some value that was true
 * between the start and the end of the call, per stripe.
 */
public final class StripedCounter {
    private static final int STRIPES =
            Integer.highestOneBit(Math.max(1, Runtime.getRuntime().availableProcessors() * 4 - 1))
                    << 1;

    /** Longs per stripe: two lines of 64 bytes, since processors prefetch them in pairs. */
    private static final int STRIDE = 16;

    private final AtomicLongArray stripes = new AtomicLongArray(STRIDE * (STRIPES + 1));

    /** Adds one. */
    public void increment() {
        add(1);
    }

    /** Adds {@code delta}. */
    public void add(long delta) {
        int stripe = (int) Thread.currentThread().getId() & STRIPES - 1;
        stripes.getAndAdd(STRIDE * (stripe + 1), delta);
    }

    /** The sum of all stripes. */
    public long sum() {
        long sum = 0;
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            sum += stripes.get(STRIDE * stripe);
        }
        return sum;
    }
}

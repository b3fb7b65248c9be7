package io.larder.server.accesslog;

import java.util.function.LongSupplier;

/**
 * Drains an {@link AccessLog} at a bounded cost: after each turn it rests for a multiple of the
 * time that the turn took, so that its share of the machine is at most {@link #SHARE}, whatever the
 * sink costs and however fast the hits come. What the rings cannot hold meanwhile is dropped.
 *
 * <p>{@link #run} is for one thread at a time, on a pool; {@link #isDue} for any thread.
 */
public final class AccessDrain {
    /** Of the time of all processors, at most. */
    static final double SHARE = 0.03;

    /** Even a turn that found little cost a worker's waking: some microseconds. */
    static final long REST_NANOS_MIN = 500_000;

    private final AccessLog log;
    private final AccessSink sink;
    private final LongSupplier nanoTime;
    private final double restPerWork;
    private volatile long restUntilNanos; // written by the running thread

    /**
     * @param nanoTime {@link System#nanoTime} or a test's
     * @param processors those whose time is shared, at least 1
     */
    public AccessDrain(AccessLog log, AccessSink sink, LongSupplier nanoTime, int processors) {
        this.log = log;
        this.sink = sink;
        this.nanoTime = nanoTime;
        this.restPerWork = 1 / Math.min(1, SHARE * processors) - 1;
        this.restUntilNanos = nanoTime.getAsLong();
    }

    /** Whether it has rested enough for {@link #run} to do anything. */
    public boolean isDue() {
        return nanoTime.getAsLong() - restUntilNanos >= 0;
    }

    /**
     * Drains about {@code budget} entries unless it rests. Returns 0: it is not to be run again at
     * once, but when {@link AccessLog#onDrainDue} or a tick finds that it {@link #isDue}.
     */
    public int run(int budget) {
        long startNanos = nanoTime.getAsLong();
        if (startNanos - restUntilNanos < 0) {
            return 0;
        }
        try {
            log.drain(sink, budget);
        } finally {
            long endNanos = nanoTime.getAsLong();
            long restNanos = (long) (restPerWork * (endNanos - startNanos));
            restUntilNanos = endNanos + Math.max(REST_NANOS_MIN, restNanos);
        }
        return 0;
    }
}

package io.larder.server.accesslog;

import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Drains a lossy log, {@link AccessLog} or {@link SampleLog}, at a bounded cost: after each turn it
 * rests for a multiple of the time that the turn took, so that its share of the machine is bounded
 * whatever the sink costs and however fast entries come, as long as a turn is short. What the rings
 * cannot hold meanwhile is dropped.
 *
 * <p>{@link #run} is for one thread at a time, on a pool; {@link #isDue} for any thread.
 */
public final class AccessDrain {
    /** Of the time of all processors, at most, for all hits and inserts. */
    public static final double SHARE = 0.03;

    /** The same for a sample of all that happens. */
    public static final double SHARE_OF_SAMPLE = 0.01;

    /** Even a turn that found little cost a worker's waking: some microseconds. */
    static final long REST_NANOS_MIN = 500_000;

    /** A turn is bounded by its budget: one that took longer for once is not paid for in full. */
    static final long REST_NANOS_MAX = 50_000_000;

    private final IntConsumer drain;
    private final LongSupplier nanoTime;
    private final double restPerWork;
    private volatile long restUntilNanos; // written by the running thread

    /**
     * @param drain hands over about so many entries
     * @param share of the time of all processors
     * @param nanoTime {@link System#nanoTime} or a test's
     * @param processors those whose time is shared, at least 1
     */
    public AccessDrain(IntConsumer drain, double share, LongSupplier nanoTime, int processors) {
        this.drain = drain;
        this.nanoTime = nanoTime;
        this.restPerWork = 1 / Math.min(1, share * processors) - 1;
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
            drain.accept(budget);
        } finally {
            long endNanos = nanoTime.getAsLong();
            long restNanos = (long) (restPerWork * (endNanos - startNanos));
            restUntilNanos =
                    endNanos + Math.min(REST_NANOS_MAX, Math.max(REST_NANOS_MIN, restNanos));
        }
        return 0;
    }
}

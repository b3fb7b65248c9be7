package io.larder.server.limit;

import io.larder.server.metrics.MetricsRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * How long requests may queue for an event loop before some are refused, and how many were. Any
 * thread; each event loop has a {@link LoopLoad} that measures.
 */
public final class Overload {
    /** When to ask again, if refused: long enough for a queue to be worked off. */
    public static final int RETRY_MILLIS = 100;

    private final LongAdder refused = new LongAdder();
    private final LongAdder latePasses = new LongAdder();
    private final ThreadLocal<LoopLoad> loads =
            ThreadLocal.withInitial(() -> new LoopLoad(this, LoopPass.current()));
    private volatile long delayNanosMax;
    private volatile long commandDelayNanos;

    /**
     * Sets how long requests may queue; 0 for any time.
     *
     * @param delayMillisMax of one event loop's pass
     */
    public void delayMillisMax(long delayMillisMax) {
        delayNanosMax = TimeUnit.MILLISECONDS.toNanos(delayMillisMax);
    }

    /** Has every command take so many microseconds longer, to see how an overloaded server does. */
    public void commandDelayMicros(long micros) {
        commandDelayNanos = TimeUnit.MICROSECONDS.toNanos(micros);
    }

    /** What measures the present event loop, whatever protocols it speaks; for its thread only. */
    public LoopLoad ofLoop() {
        return loads.get();
    }

    long delayNanosMax() {
        return delayNanosMax;
    }

    void countLatePass() {
        latePasses.increment();
    }

    void countRefusal() {
        refused.increment();
    }

    /** Waits as long as a command is to take longer. Locking: blocks for that time. */
    public void delayCommand() {
        long nanos = commandDelayNanos;
        if (nanos == 0) {
            return;
        }
        long deadline = System.nanoTime() + nanos;
        long left = nanos;
        while (left > 0) {
            LockSupport.parkNanos(this, left);
            left = deadline - System.nanoTime();
        }
    }

    /** Adds what it counts to a registry. */
    void registerMetrics(MetricsRegistry metrics) {
        metrics.registerCounter(
                "overload_refusals",
                "Requests refused as the event loop had more than it could do",
                refused::sum);
        metrics.registerCounter(
                "late_passes",
                "Passes of event loops that took longer than requests may queue",
                latePasses::sum);
    }
}

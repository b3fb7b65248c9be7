package io.larder.server.metrics;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.AtomicHistogram;

/**
 * How long one kind of thing took, since the start: a histogram of about 23 KB whose figures are at
 * most a hundredth off (HdrHistogram, two digits). Any thread may record and read.
 *
 * <p>Recording allocates nothing and waits for nobody; it adds atomically to shared counters, and
 * so is for a part of what happens often.
 */
public final class LatencyRecorder {
    /** Times below are told apart no further. */
    private static final long NANOS_MIN = 100;

    /** Longer times count as so long. */
    static final long NANOS_MAX = 60_000_000_000L;

    private static final int DIGITS = 2;

    private final AtomicHistogram histogram = new AtomicHistogram(NANOS_MIN, NANOS_MAX, DIGITS);
    private final AtomicLong sumNanos = new AtomicLong();

    /** Counts something that took so long; a negative time, of a clock that was set, is 0. */
    public void record(long nanos) {
        long counted = Math.max(0, Math.min(nanos, NANOS_MAX));
        histogram.recordValue(counted);
        sumNanos.getAndAdd(counted);
    }

    /** What was recorded so far. What is recorded meanwhile may be in it in part. */
    public LatencyFigures figures() {
        return new LatencyFigures(histogram.copy(), sumNanos.get());
    }
}

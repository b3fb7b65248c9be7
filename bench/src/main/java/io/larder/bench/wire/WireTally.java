package io.larder.bench.wire;

import org.HdrHistogram.Histogram;

/**
 * What the generator counts between two points in time: answers by kind, and how long each took
 * from the write of its batch, or from when that was due, to the read that brought it. For one
 * thread.
 */
public final class WireTally {
    private static final long LATENCY_NANOS_MAX = 60_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram latencyNanos = new Histogram(LATENCY_NANOS_MAX, SIGNIFICANT_DIGITS);
    private long operations;
    private long misses;
    private long failed;

    /** Empty. */
    public WireTally() {}

    /** Some answers came by one read. */
    void addAnswers(int count, long nanos) {
        if (count == 0) {
            return; // the read brought the beginning of one
        }
        operations += count;
        latencyNanos.recordValueWithCount(Math.min(nanos, LATENCY_NANOS_MAX), count);
    }

    /** One of the answers is a miss. */
    void addMiss() {
        misses++;
    }

    /** One of the answers is an error, or not the value that was stored. */
    void addFailure() {
        failed++;
    }

    /** Forgets all. */
    public void reset() {
        latencyNanos.reset();
        operations = 0;
        misses = 0;
        failed = 0;
    }

    /** Answers of any kind. */
    public long operations() {
        return operations;
    }

    /** Answers that there is no such key. */
    public long misses() {
        return misses;
    }

    /** Answers that are errors, or not the value that was stored. */
    public long failed() {
        return failed;
    }

    /** The time that this share of the answers took at most. */
    public double latencyMicros(double percentile) {
        return latencyNanos.getValueAtPercentile(percentile) / 1_000.0;
    }
}

package io.larder.bench.wire;

import org.HdrHistogram.Histogram;

/**
 * What the generator counts between two points in time: answers by kind, and how long each took
 * from the write of its batch to the read that brought it. For one thread.
 */
final class WireTally {
    private static final long LATENCY_NANOS_MAX = 60_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram latencyNanos = new Histogram(LATENCY_NANOS_MAX, SIGNIFICANT_DIGITS);
    private long operations;
    private long misses;
    private long failed;

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

    void reset() {
        latencyNanos.reset();
        operations = 0;
        misses = 0;
        failed = 0;
    }

    long operations() {
        return operations;
    }

    long misses() {
        return misses;
    }

    long failed() {
        return failed;
    }

    double latencyMicros(double percentile) {
        return latencyNanos.getValueAtPercentile(percentile) / 1_000.0;
    }
}

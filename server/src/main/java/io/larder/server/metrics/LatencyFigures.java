package io.larder.server.metrics;

import org.HdrHistogram.AbstractHistogram;

/** What a {@link LatencyRecorder} had recorded at one moment. Immutable. */
public final class LatencyFigures {
    private final AbstractHistogram histogram; // a copy that nobody records into
    private final long sumNanos;

    LatencyFigures(AbstractHistogram histogram, long sumNanos) {
        this.histogram = histogram;
        this.sumNanos = sumNanos;
    }

    /** How many times were recorded. */
    public long count() {
        return histogram.getTotalCount();
    }

    /** All of them together. */
    public long sumNanos() {
        return sumNanos;
    }

    /** The time that {@code percent} of them (0 to 100) took at most; 0 if there are none. */
    public long percentileNanos(double percent) {
        return count() == 0 ? 0 : histogram.getValueAtPercentile(percent);
    }

    /** The longest; 0 if there are none. */
    public long maxNanos() {
        return count() == 0 ? 0 : histogram.getMaxValue();
    }

    /** How many took at most so long. */
    public long countAtMost(long nanos) {
        return count() == 0 ? 0 : histogram.getCountBetweenValues(0, nanos);
    }
}

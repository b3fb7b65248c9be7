package io.larder.server.metrics;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.HistogramIterationValue;

/** What a {@link LatencyRecorder} had recorded at one moment. Immutable. */
public final class LatencyFigures {
    private static final int FIRST_BUCKET_NANOS = 1_000;
    private static final double BUCKET_RATIO = 1.1;

    /**
     * How many took no longer than this and longer than the bucket before.
     *
     * @param nanosAtMost the same ones in all figures
     */
    public record Bucket(long nanosAtMost, long count) {}

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

    /**
     * All of them by how long they took, in buckets each a tenth wider than the one before; those
     * that nothing is in are left out.
     */
    public List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>();
        for (HistogramIterationValue value :
                histogram.logarithmicBucketValues(FIRST_BUCKET_NANOS, BUCKET_RATIO)) {
            long count = value.getCountAddedInThisIterationStep();
            if (count > 0) {
                buckets.add(new Bucket(value.getValueIteratedTo(), count));
            }
        }
        return buckets;
    }
}

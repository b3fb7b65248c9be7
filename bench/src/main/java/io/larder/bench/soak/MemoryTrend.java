package io.larder.bench.soak;

import java.util.ArrayList;
import java.util.List;

/**
 * Memory over time: the slope of the straight line through the last samples, by least squares. For
 * one thread.
 */
final class MemoryTrend {
    private static final double SECONDS_PER_MINUTE = 60;

    private record Sample(double seconds, double bytes) {}

    private final List<Sample> samples = new ArrayList<>();
    private final double skipped;

    /** Of the last two thirds. */
    MemoryTrend() {
        this(1 / 3.0);
    }

    /**
     * @param skipped the part of the samples, from the first on, that does not count
     */
    MemoryTrend(double skipped) {
        this.skipped = skipped;
    }

    void add(double seconds, double bytes) {
        samples.add(new Sample(seconds, bytes));
    }

    /** How long the samples that count span. */
    double seconds() {
        List<Sample> counted = counted();
        return counted.isEmpty()
                ? 0
                : counted.get(counted.size() - 1).seconds() - counted.get(0).seconds();
    }

    /** Growth in percent of the mean a minute; 0 with fewer than two samples. */
    double percentPerMinute() {
        List<Sample> counted = counted();
        double meanSeconds = counted.stream().mapToDouble(Sample::seconds).average().orElse(0);
        double meanBytes = counted.stream().mapToDouble(Sample::bytes).average().orElse(0);
        double covariance = 0;
        double variance = 0;
        for (Sample sample : counted) {
            double seconds = sample.seconds() - meanSeconds;
            covariance += seconds * (sample.bytes() - meanBytes);
            variance += seconds * seconds;
        }
        return variance == 0 || meanBytes == 0
                ? 0
                : 100 * SECONDS_PER_MINUTE * covariance / variance / meanBytes;
    }

    private List<Sample> counted() {
        return samples.subList((int) (samples.size() * skipped), samples.size());
    }
}

package io.larder.bench.wire;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * What one round at one depth measured.
 *
 * @param operationsPerSecond answers
 * @param serverCpuMicros the server's CPU time for one operation
 * @param serverCpuPercent of one processor that the server used
 * @param clientCpuPercent of one processor that the generator used
 * @param otherCpuPercent of one processor that all else on the machine used: what disturbed it
 * @param latencyMicrosP50 from the write of a batch to the read of an answer
 * @param latencyMicrosP99 likewise
 * @param instructions the server's for one operation; empty where they cannot be counted
 */
record WireSample(
        double operationsPerSecond,
        double serverCpuMicros,
        double serverCpuPercent,
        double clientCpuPercent,
        double otherCpuPercent,
        double latencyMicrosP50,
        double latencyMicrosP99,
        OptionalDouble instructions) {

    /**
     * The median of a figure over the rounds; of an even number the mean of the two middle ones.
     */
    static double median(List<WireSample> rounds, ToDoubleFunction<WireSample> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The distance of the least and the greatest from each other, in percent of the median. */
    static double spreadPercent(List<WireSample> rounds, ToDoubleFunction<WireSample> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        double median = median(rounds, figure);
        return median == 0 ? 0 : 100 * (sorted[sorted.length - 1] - sorted[0]) / median;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,.0f op/s, server %.3f us/op (%.0f %%), generator %.0f %%, others %.0f %%, p50 %.0f us, p99 %.0f us",
                operationsPerSecond,
                serverCpuMicros,
                serverCpuPercent,
                clientCpuPercent,
                otherCpuPercent,
                latencyMicrosP50,
                latencyMicrosP99);
    }
}

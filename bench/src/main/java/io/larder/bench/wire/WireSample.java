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
 * @param latencyMicrosP999 likewise
 * @param instructions the server's for one operation; empty where they cannot be counted
 */
public record WireSample(
        double operationsPerSecond,
        double serverCpuMicros,
        double serverCpuPercent,
        double clientCpuPercent,
        double otherCpuPercent,
        double latencyMicrosP50,
        double latencyMicrosP99,
        double latencyMicrosP999,
        OptionalDouble instructions) {
    private static final double MICROS_PER_SECOND = 1e6;

    /**
     * From what was counted.
     *
     * @param used meanwhile
     * @param instructions the server's for one operation
     */
    public static WireSample of(WireTally tally, CpuTimes used, OptionalDouble instructions) {
        return new WireSample(
                tally.operations() * MICROS_PER_SECOND / used.wallMicros(),
                used.serverMicros() / tally.operations(),
                used.percent(used.serverMicros()),
                used.percent(used.clientMicros()),
                used.percent(used.othersMicros()),
                tally.latencyMicros(50),
                tally.latencyMicros(99),
                tally.latencyMicros(99.9),
                instructions);
    }

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

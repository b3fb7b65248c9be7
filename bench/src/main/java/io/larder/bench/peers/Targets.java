package io.larder.bench.peers;

import io.larder.bench.wire.WireSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/**
 * The ratios, Larder's over the other's, that are to be reached. Set by options, then unchanged.
 */
final class Targets {
    @Option(
            names = "--cpu-1-max",
            description = "Server CPU at depth 1, same core; default ${DEFAULT-VALUE}.")
    private double cpu1Max = 0.8;

    @Option(
            names = "--memcached-16-max",
            description = "CPU beside memcached at depth 16; default ${DEFAULT-VALUE}.")
    private double memcached16Max = 0.22;

    @Option(
            names = "--memcached-64-max",
            description = "CPU beside memcached at depth 64; default ${DEFAULT-VALUE}.")
    private double memcached64Max = 0.15;

    @Option(
            names = "--redis-16-max",
            description = "CPU beside Redis at depth 16; default ${DEFAULT-VALUE}.")
    private double redis16Max = 0.45;

    @Option(
            names = "--redis-64-max",
            description = "CPU beside Redis at depth 64; default ${DEFAULT-VALUE}.")
    private double redis64Max = 0.4;

    @Option(
            names = "--speed-2-min",
            description = "Operations a second of two threads; default ${DEFAULT-VALUE}.")
    private double speed2Min = 1.5;

    @Option(names = "--p99-max", description = "p99 of the open loop; default ${DEFAULT-VALUE}.")
    private double p99Max = 1.0;

    @Option(
            names = "--own-max",
            description = "CPU of Larder's own protocol beside its RESP; default ${DEFAULT-VALUE}.")
    private double ownMax = 1.0;

    /** For picocli. */
    Targets() {}

    /**
     * A ratio held against its target.
     *
     * @param key of the result line
     * @param ratio that was measured
     * @param bound that it may reach
     * @param isLeast true if it must be at least the bound, else at most
     */
    record Check(String key, double ratio, double bound, boolean isLeast) {
        boolean holds() {
            return isLeast ? ratio >= bound : ratio <= bound;
        }

        boolean isWorseThan(Check other) {
            return isLeast ? ratio < other.ratio : ratio > other.ratio;
        }
    }

    /** The checks of a comparison; none where it has no target. */
    List<Check> checks(Comparison comparison) {
        List<Check> checks = new ArrayList<>();
        String label = comparison.pair().label();
        Workload workload = comparison.workload();
        if (workload.placement() == Placement.UNPINNED) {
            double ratio = comparison.ratio(WireSample::operationsPerSecond).value();
            if (comparison.pair() != Pair.OWN) {
                String key = label + "_speed_2_threads_" + workload.depth();
                checks.add(new Check(key, ratio, speed2Min, true));
            }
            return checks;
        }
        double bound = cpuMax(comparison.pair(), workload.placement(), workload.depth());
        if (Double.isFinite(bound)) {
            String place = workload.placement().name().toLowerCase(Locale.ROOT);
            String key = String.format("%s_cpu_%s_%d", label, place, workload.depth());
            double ratio = comparison.ratio(WireSample::serverCpuMicros).value();
            checks.add(new Check(key, ratio, bound, false));
        }
        if (comparison.open().isMeasured() && comparison.pair() != Pair.OWN) {
            String key = String.format("%s_p99_%d", label, workload.depth());
            double ratio = comparison.open().ratio(WireSample::latencyMicrosP99).value();
            checks.add(new Check(key, ratio, p99Max, false));
        }
        return checks;
    }

    private double cpuMax(Pair pair, Placement placement, int depth) {
        if (pair == Pair.OWN) {
            return ownMax;
        }
        if (depth == 1 && placement == Placement.SAME_CORE) {
            return cpu1Max;
        }
        boolean isRedis = pair == Pair.REDIS;
        if (depth == 16) {
            return isRedis ? redis16Max : memcached16Max;
        }
        if (depth == 64) {
            return isRedis ? redis64Max : memcached64Max;
        }
        return Double.POSITIVE_INFINITY;
    }
}

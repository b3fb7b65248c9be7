package io.larder.bench.locks;

import io.larder.bench.JavaCommand;
import io.larder.bench.JmhFork;
import io.larder.bench.Median;
import io.larder.bench.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs both benchmarks in forks, the sides taking turns. For one thread. */
final class LocksRun {
    private static final String LOCKS = "io.larder.server.store.LockBenchmark.hold";
    private static final String COPIES = "io.larder.server.store.CopyBenchmark.put";
    private static final List<String> FORK_OPTIONS = List.of("-Xmx256m", "-XX:+UseParallelGC");

    /**
     * How to run.
     *
     * @param threads that want the lock at a time
     * @param valueBytes of the puts
     * @param rounds forks of each side
     * @param warmupSeconds of each fork
     * @param seconds of each fork that count
     */
    record Plan(
            List<Integer> threads,
            List<Integer> valueBytes,
            int rounds,
            int warmupSeconds,
            int seconds) {}

    /** The ratios by name: the store's choice in parts of the other's time, the same round. */
    private final Map<String, List<Double>> ratios = new LinkedHashMap<>();

    private final Plan plan;

    LocksRun(Plan plan) {
        this.plan = plan;
    }

    /** Compares; the median ratio of each pair, by its name in the result. */
    Map<String, Median> run() {
        for (int round = 0; round < plan.rounds(); round++) {
            for (int threads : plan.threads()) {
                compareLocks(threads);
                for (int bytes : plan.valueBytes()) {
                    compareBounds(threads, bytes);
                }
            }
        }
        Map<String, Median> medians = new LinkedHashMap<>();
        ratios.forEach((name, all) -> medians.put(name, Median.of(all)));
        return medians;
    }

    private void compareLocks(int threads) {
        double ours = nanos(LOCKS, Map.of("kind", "shard"), threads);
        for (String other : List.of("reentrant", "stamped")) {
            add(other + "_" + threads + "t", ours, nanos(LOCKS, Map.of("kind", other), threads));
        }
    }

    private void compareBounds(int threads, int valueBytes) {
        double ours = nanosOfPuts(4_096, threads, valueBytes);
        double theirs = nanosOfPuts(512, threads, valueBytes);
        add("copy512_" + valueBytes + "_" + threads + "t", ours, theirs);
    }

    private double nanosOfPuts(int bound, int threads, int valueBytes) {
        Map<String, String> parameters = Map.of("bound", bound + "", "valueBytes", valueBytes + "");
        return nanos(COPIES, parameters, threads);
    }

    private void add(String name, double ours, double theirs) {
        ratios.computeIfAbsent(name, n -> new ArrayList<>()).add(ours / theirs);
    }

    private double nanos(String benchmark, Map<String, String> parameters, int threads) {
        List<String> options = new ArrayList<>(JavaCommand.accessOptions());
        options.addAll(FORK_OPTIONS);
        options.add(JavaCommand.logOption());
        double nanos =
                new JmhFork(
                                benchmark,
                                parameters,
                                threads,
                                options,
                                plan.warmupSeconds(),
                                plan.seconds())
                        .run()
                        .nanos();
        Progress.say("locks: %s, %d threads: %.1f ns", parameters, threads, nanos);
        return nanos;
    }
}

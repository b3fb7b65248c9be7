package io.larder.bench.store;

import io.larder.bench.BenchException;
import io.larder.bench.JmhFork;
import io.larder.bench.ProcessUsage;
import io.larder.bench.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Runs the forks of a comparison, the engines taking turns. For one thread. */
final class StoreRun {
    /**
     * What to run.
     *
     * @param rounds forks of each engine in each situation
     * @param warmupSeconds of each fork
     * @param seconds of each fork that count
     */
    record Plan(
            List<Operation> operations,
            List<Integer> items,
            List<Distribution> distributions,
            List<Integer> threads,
            List<EngineKind> engines,
            int rounds,
            int warmupSeconds,
            int seconds) {
        List<StorePoint> points() {
            List<StorePoint> points = new ArrayList<>();
            for (int count : items) {
                for (Distribution distribution : distributions) {
                    for (Operation operation : operations) {
                        for (int callers : threads) {
                            points.add(new StorePoint(operation, count, distribution, callers));
                        }
                    }
                }
            }
            return points;
        }
    }

    private final Plan plan;
    private final int forks;
    private int done;

    private StoreRun(Plan plan) {
        this.plan = plan;
        this.forks = plan.points().size() * plan.engines().size() * plan.rounds();
    }

    /**
     * Runs it all.
     *
     * @throws BenchException if a fork fails, or the machine has too little memory for one
     */
    static StoreScores run(Plan plan) {
        requireMemory(plan);
        StoreRun run = new StoreRun(plan);
        StoreScores scores = new StoreScores();
        List<EngineKind> order = new ArrayList<>(plan.engines());
        for (int round = 0; round < plan.rounds(); round++) {
            for (StorePoint point : plan.points()) {
                for (EngineKind engine : order) {
                    scores.add(point, engine, run.fork(point, engine));
                }
            }
            Collections.reverse(order); // so that nobody always follows the same one
        }
        return scores;
    }

    private static void requireMemory(Plan plan) {
        long available = ProcessUsage.machineAvailableBytes();
        for (int items : plan.items()) {
            for (EngineKind engine : plan.engines()) {
                long needed = engine.processBytes(items);
                if (needed > available) {
                    throw new BenchException(
                            String.format(
                                    "memory: %d MiB available (expected: %d MiB for %s with"
                                            + " --items %d)",
                                    available >> 20, needed >> 20, engine, items));
                }
            }
        }
    }

    private JmhFork.Score fork(StorePoint point, EngineKind engine) {
        JmhFork fork =
                new JmhFork(
                        StoreBenchmark.class.getName() + "." + point.operation(),
                        Map.of(
                                "engine", engine.name(),
                                "items", Integer.toString(point.items()),
                                "distribution", point.distribution().name()),
                        point.threads(),
                        engine.jvmOptions(point.items()),
                        plan.warmupSeconds(),
                        plan.seconds());
        JmhFork.Score score = fork.run();
        Progress.say(
                "store: %d of %d: %s %s %s: %.1f ns, %.1f B",
                ++done,
                forks,
                point.operation(),
                point.suffix(),
                engine,
                score.nanos(),
                score.bytes());
        return score;
    }
}

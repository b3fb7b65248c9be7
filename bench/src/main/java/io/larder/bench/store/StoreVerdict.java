package io.larder.bench.store;

import io.larder.bench.JmhFork;
import io.larder.bench.Median;
import io.larder.bench.ResultLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Judges a run's scores by the bounds promised. For one thread. */
final class StoreVerdict {
    /**
     * What is promised.
     *
     * @param getToMap a get's time in parts of ConcurrentHashMap's, at most
     * @param getToOthers the same of each other engine's
     * @param setToOhc a set's time in parts of OHC's, at most
     * @param scaling the gain from more threads in parts of ConcurrentHashMap's, at least
     * @param bytes allocated by an operation, at most
     */
    record Bounds(
            double getToMap, double getToOthers, double setToOhc, double scaling, double bytes) {}

    private static final int DECIMALS = 2;

    private final Bounds bounds;
    private final StoreScores scores;
    private final ResultLine result = ResultLine.of("store");
    private final List<String> broken = new ArrayList<>();

    private StoreVerdict(Bounds bounds, StoreScores scores) {
        this.bounds = bounds;
        this.scores = scores;
    }

    static StoreVerdict of(StoreScores scores, Bounds bounds) {
        StoreVerdict verdict = new StoreVerdict(bounds, scores);
        scores.points().forEach(verdict::judge);
        return verdict;
    }

    private void judge(StorePoint point) {
        for (EngineKind other : EngineKind.values()) {
            if (other != EngineKind.larder && scores.has(point, other)) {
                String key = point.operation() + "_" + other + "_" + point.suffix();
                double ratio = scores.ratio(point, other).value();
                result.put(key, ratio, DECIMALS);
                atMost(key, ratio, bound(point.operation(), other));
            }
        }
        judgeScaling(point);
        String suffix = "_" + point.operation() + "_" + point.suffix();
        double bytes = median(point, EngineKind.larder, JmhFork.Score::bytes);
        result.put("bytes" + suffix, bytes, DECIMALS);
        atMost("bytes" + suffix, bytes, bounds.bytes());
        if (point.operation() == Operation.set) {
            double lost = median(point, EngineKind.larder, StoreVerdict::lost);
            result.put("lost" + suffix, lost, 0);
            atMost("lost" + suffix, lost, 0);
        }
    }

    /** No bound where nothing was promised. */
    private double bound(Operation operation, EngineKind other) {
        if (operation == Operation.get) {
            return other == EngineKind.chm ? bounds.getToMap() : bounds.getToOthers();
        }
        return other == EngineKind.ohc ? bounds.setToOhc() : Double.POSITIVE_INFINITY;
    }

    private void judgeScaling(StorePoint point) {
        if (point.operation() != Operation.get
                || point.threads() == 1
                || !scores.has(point.withThreads(1), EngineKind.chm)) {
            return;
        }
        String key = "scaling_" + point.suffix();
        double scaling =
                scores.speedUp(point, EngineKind.larder) / scores.speedUp(point, EngineKind.chm);
        result.put(key, scaling, DECIMALS);
        if (!(scaling >= bounds.scaling())) {
            broken.add(
                    String.format(
                            Locale.ROOT,
                            "%s: %.2f (expected: >= %.2f)",
                            key,
                            scaling,
                            bounds.scaling()));
        }
    }

    private void atMost(String key, double value, double bound) {
        if (!(value <= bound)) {
            broken.add(
                    String.format(Locale.ROOT, "%s: %.2f (expected: <= %.2f)", key, value, bound));
        }
    }

    private double median(
            StorePoint point, EngineKind engine, ToDoubleFunction<JmhFork.Score> what) {
        return scores.median(point, engine, what).value();
    }

    private static double lost(JmhFork.Score score) {
        return score.events().getOrDefault("lost", 0.0);
    }

    /** A row for each engine in each situation. */
    String table() {
        StringBuilder table = new StringBuilder();
        String row = "%-4s %9s %-8s %2s  %-9s %9s %7s %9s %7s %9s%n";
        table.append(
                String.format(
                        row, "op", "items", "keys", "T", "engine", "ns/op", "spread", "B/op",
                        "ratio", "spread"));
        for (StorePoint point : scores.points()) {
            for (EngineKind engine : EngineKind.values()) {
                if (scores.has(point, engine)) {
                    table.append(row(row, point, engine));
                }
            }
        }
        return table.toString();
    }

    private String row(String format, StorePoint point, EngineKind engine) {
        Median nanos = scores.median(point, engine, JmhFork.Score::nanos);
        Median ratio = scores.ratio(point, engine);
        return String.format(
                Locale.ROOT,
                format,
                point.operation(),
                point.items(),
                point.distribution(),
                point.threads(),
                engine,
                number("%.1f", nanos.value()),
                number("%.0f%%", nanos.spreadPercent()),
                number("%.1f", median(point, engine, JmhFork.Score::bytes)),
                engine == EngineKind.larder ? "" : number("%.2f", ratio.value()),
                engine == EngineKind.larder ? "" : number("%.0f%%", ratio.spreadPercent()));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    ResultLine result() {
        return result;
    }

    /** What of the promise did not hold, a line each. */
    List<String> broken() {
        return List.copyOf(broken);
    }
}

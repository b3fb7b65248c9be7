package io.larder.bench.store;

import io.larder.bench.JmhFork;
import io.larder.bench.Median;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What the forks of a run measured, by situation and engine, in the order of the rounds. For one
 * thread.
 */
final class StoreScores {
    private final Map<StorePoint, Map<EngineKind, List<JmhFork.Score>>> byPoint =
            new LinkedHashMap<>();

    void add(StorePoint point, EngineKind engine, JmhFork.Score score) {
        byPoint.computeIfAbsent(point, p -> new LinkedHashMap<>())
                .computeIfAbsent(engine, e -> new ArrayList<>())
                .add(score);
    }

    Set<StorePoint> points() {
        return byPoint.keySet();
    }

    boolean has(StorePoint point, EngineKind engine) {
        return byPoint.containsKey(point) && byPoint.get(point).containsKey(engine);
    }

    /** The median over the rounds of something measured. */
    Median median(StorePoint point, EngineKind engine, ToDoubleFunction<JmhFork.Score> what) {
        return Median.of(scores(point, engine).stream().mapToDouble(what).boxed().toList());
    }

    /** The median over the rounds of Larder's time in parts of the other's in the same round. */
    Median ratio(StorePoint point, EngineKind other) {
        List<JmhFork.Score> ours = scores(point, EngineKind.larder);
        List<JmhFork.Score> theirs = scores(point, other);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
            ratios.add(ours.get(round).nanos() / theirs.get(round).nanos());
        }
        return Median.of(ratios);
    }

    /** How much more an engine does with a point's threads than with one. */
    double speedUp(StorePoint point, EngineKind engine) {
        double alone = median(point.withThreads(1), engine, JmhFork.Score::nanos).value();
        double together = median(point, engine, JmhFork.Score::nanos).value();
        return point.threads() * alone / together;
    }

    private List<JmhFork.Score> scores(StorePoint point, EngineKind engine) {
        return byPoint.getOrDefault(point, Map.of()).getOrDefault(engine, List.of());
    }
}

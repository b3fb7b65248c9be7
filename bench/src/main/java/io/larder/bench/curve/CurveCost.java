package io.larder.bench.curve;

import io.larder.bench.BenchException;
import io.larder.bench.Median;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.wire.WireRun;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What learning from a server's keys takes of its throughput: servers that do and that do not by
 * turns, under the same load.
 *
 * @param with operations a second, each turn's
 * @param without the same of servers that learn nothing
 */
record CurveCost(List<Double> with, List<Double> without) {
    private static final double LOSS_PERCENT_MAX = 2;
    private static final int SET_PERCENT = 5;
    private static final List<String> SETTINGS =
            List.of("insight.curve", "insight.prefixes", "insight.hot-keys");

    static CurveCost measure(int seconds, int rounds, int keys, PrintWriter out) {
        CurveCost cost = new CurveCost(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < rounds; round++) {
            cost.with.add(operationsPerSecond(true, seconds, keys, out));
            cost.without.add(operationsPerSecond(false, seconds, keys, out));
        }
        return cost;
    }

    private static double operationsPerSecond(
            boolean learns, int seconds, int keys, PrintWriter out) {
        List<String> settings = SETTINGS.stream().map(name -> name + '=' + learns).toList();
        WireRun.Outcome outcome = WireRun.mixed(seconds, keys, SET_PERCENT, settings, out);
        if (!outcome.isRight()) {
            throw new BenchException("wrong answers (expected: none): " + outcome.result());
        }
        Progress.say(
                "curve: %s: %,.0f operations a second",
                learns ? "with" : "without", outcome.operationsPerSecond());
        return outcome.operationsPerSecond();
    }

    private double lossPercent() {
        return 100 * (1 - Median.of(with).value() / Median.of(without).value());
    }

    boolean isWithinBounds() {
        return lossPercent() <= LOSS_PERCENT_MAX;
    }

    ResultLine result() {
        return ResultLine.of("curve")
                .put("ops_per_second_with", Median.of(with).value(), 0)
                .put("ops_per_second_without", Median.of(without).value(), 0)
                .put("loss_percent", lossPercent(), 2)
                .put("bound_percent", LOSS_PERCENT_MAX, 0)
                .put("rounds", with.size());
    }
}

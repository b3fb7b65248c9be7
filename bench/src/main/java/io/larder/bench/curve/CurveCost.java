package io.larder.bench.curve;

import io.larder.bench.BenchException;
import io.larder.bench.Median;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.wire.WireRun;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What learning from a server's keys takes of its throughput: servers that do and that do not by
 * turns, under the same load.
 *
 * @param with each turn of servers that learn
 * @param without each turn of those that do not
 */
record CurveCost(List<WireRun.Outcome> with, List<WireRun.Outcome> without) {
    private static final double LOSS_PERCENT_MAX = 2;
    private static final int SET_PERCENT = 5;
    private static final List<String> SETTINGS =
            List.of("insight.curve", "insight.prefixes", "insight.hot-keys");

    static CurveCost measure(int seconds, int rounds, int keys, PrintWriter out) {
        CurveCost cost = new CurveCost(new ArrayList<>(), new ArrayList<>());
        Progress.say("curve: a turn that does not count, since the generator is cold");
        var unused = turn(false, seconds, keys, out);
        for (int round = 0; round < rounds; round++) {
            cost.with.add(turn(true, seconds, keys, out));
            cost.without.add(turn(false, seconds, keys, out));
        }
        return cost;
    }

    private static WireRun.Outcome turn(boolean learns, int seconds, int keys, PrintWriter out) {
        List<String> settings = SETTINGS.stream().map(name -> name + '=' + learns).toList();
        WireRun.Outcome outcome = WireRun.mixed(seconds, keys, SET_PERCENT, settings, out);
        if (!outcome.isRight()) {
            throw new BenchException("wrong answers (expected: none): " + outcome.result());
        }
        Progress.say(
                "curve: %s: %,.0f operations a second, %.3f µs of the server's CPU each",
                learns ? "with" : "without", outcome.operationsPerSecond(), outcome.serverMicros());
        return outcome;
    }

    private static double median(
            List<WireRun.Outcome> turns, ToDoubleFunction<WireRun.Outcome> figure) {
        return Median.of(turns.stream().mapToDouble(figure).boxed().toList()).value();
    }

    private static double throughput(List<WireRun.Outcome> turns) {
        return median(turns, WireRun.Outcome::operationsPerSecond);
    }

    private static double serverMicros(List<WireRun.Outcome> turns) {
        return median(turns, WireRun.Outcome::serverMicros);
    }

    private double lossPercent() {
        return 100 * (1 - throughput(with) / throughput(without));
    }

    boolean isWithinBounds() {
        return lossPercent() <= LOSS_PERCENT_MAX;
    }

    ResultLine result() {
        return ResultLine.of("curve")
                .put("ops_per_second_with", throughput(with), 0)
                .put("ops_per_second_without", throughput(without), 0)
                .put("loss_percent", lossPercent(), 2)
                .put("bound_percent", LOSS_PERCENT_MAX, 0)
                .put("server_cpu_micros_per_op_with", serverMicros(with), 3)
                .put("server_cpu_micros_per_op_without", serverMicros(without), 3)
                .put("rounds", with.size());
    }
}

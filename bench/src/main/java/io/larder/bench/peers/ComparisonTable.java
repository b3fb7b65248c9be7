package io.larder.bench.peers;

import io.larder.bench.Median;
import io.larder.bench.wire.WireSample;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Comparisons as rows of a table in Markdown; each cell with a stroke is Larder's and the other's,
 * and a ratio in bold is one that misses its target. For one thread.
 */
final class ComparisonTable {
    private static final String NONE = "–";

    private final Targets targets;
    private final PrintWriter out;

    ComparisonTable(Targets targets, PrintWriter out) {
        this.targets = targets;
        this.out = out;
    }

    void printHead() {
        out.println(
                "| workload | generator | Larder beside | server CPU (µs/op) | ratio (spread %) |"
                        + " op/s | ratio | p50 (µs) | p99 (µs) | p99.9 (µs) | open loop at (op/s) |"
                        + " p50 (µs) | p99 (µs) | ratio | p99.9 (µs) |");
        out.println("| --- | --- | --- |" + " ---: |".repeat(12));
        out.flush();
    }

    void print(Comparison row) {
        List<Targets.Check> checks = targets.checks(row);
        String[] cells = {
            row.workload().title(),
            row.generator(),
            row.pair() == Pair.OWN ? "own protocol, RESP" : row.pair().other().title(),
            both(row, WireSample::serverCpuMicros, "%.2f"),
            ratio(row.ratio(WireSample::serverCpuMicros), missed(checks, "_cpu_"), true),
            both(row, WireSample::operationsPerSecond, "%,.0f"),
            ratio(row.ratio(WireSample::operationsPerSecond), missed(checks, "_speed_"), false),
            both(row, WireSample::latencyMicrosP50, "%.0f"),
            both(row, WireSample::latencyMicrosP99, "%.0f"),
            both(row, WireSample::latencyMicrosP999, "%.0f")
        };
        out.println("| " + String.join(" | ", cells) + " | " + openCells(row, checks) + " |");
        out.flush();
    }

    private static String openCells(Comparison row, List<Targets.Check> checks) {
        Comparison.Open open = row.open();
        if (!open.isMeasured()) {
            return String.join(" | ", NONE, NONE, NONE, NONE, NONE);
        }
        return String.join(
                " | ",
                String.format(Locale.ROOT, "%,.0f", open.operationsPerSecond()),
                both(open.larder(), open.other(), WireSample::latencyMicrosP50, "%.0f"),
                both(open.larder(), open.other(), WireSample::latencyMicrosP99, "%.0f"),
                ratio(open.ratio(WireSample::latencyMicrosP99), missed(checks, "_p99_"), true),
                both(open.larder(), open.other(), WireSample::latencyMicrosP999, "%.0f"));
    }

    private static boolean missed(List<Targets.Check> checks, String kind) {
        return checks.stream().anyMatch(check -> check.key().contains(kind) && !check.holds());
    }

    private static String ratio(Median ratio, boolean isMissed, boolean hasSpread) {
        String value = String.format(Locale.ROOT, isMissed ? "**%.2f**" : "%.2f", ratio.value());
        return hasSpread
                ? value + String.format(Locale.ROOT, " (%.0f)", ratio.spreadPercent())
                : value;
    }

    private static String both(Comparison row, ToDoubleFunction<WireSample> figure, String format) {
        return both(row.larder(), row.other(), figure, format);
    }

    private static String both(
            Rounds larder, Rounds other, ToDoubleFunction<WireSample> figure, String format) {
        double first = larder.median(figure);
        double second = other.median(figure);
        if (Double.isNaN(first) || Double.isNaN(second)) {
            return NONE;
        }
        return String.format(Locale.ROOT, format + " / " + format, first, second);
    }
}

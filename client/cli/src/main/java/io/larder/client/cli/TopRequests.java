package io.larder.client.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The part of {@code top} that says how long requests take, and where it is busy. Stateless. */
final class TopRequests {
    private static final int COMMANDS_MAX = 6;
    private static final int SHARDS_MAX = 4;

    private TopRequests() {}

    /** A row for each of the commands that were timed most often, times since the start. */
    static void addLatencies(List<String> lines, TopSample now) {
        lines.add("");
        lines.add(row("command", "timed", "p50", "p99", "longest"));
        now.latencies().entrySet().stream()
                .sorted(most("count"))
                .limit(COMMANDS_MAX)
                .forEach(
                        command -> {
                            Figures figures = command.getValue();
                            lines.add(
                                    row(
                                            command.getKey(),
                                            Quantities.count(figures.get("count")),
                                            time(figures, "p50_micros"),
                                            time(figures, "p99_micros"),
                                            time(figures, "max_micros")));
                        });
    }

    private static Comparator<Map.Entry<String, Figures>> most(String name) {
        return Comparator.comparingDouble(
                        (Map.Entry<String, Figures> each) -> each.getValue().get(name))
                .reversed();
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, "%-24s %9s %11s %9s %9s", (Object[]) cells);
    }

    private static String time(Figures figures, String name) {
        return Quantities.time(figures.get(name) * 1_000);
    }

    /** The shards into which most was written, if anything was. */
    static String hotShards(TopSample before, TopSample now) {
        List<String> hot =
                now.shards().entrySet().stream()
                        .map(shard -> Map.entry(shard.getKey(), written(before, shard)))
                        .filter(shard -> shard.getValue() > 0)
                        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                        .limit(SHARDS_MAX)
                        .map(shard -> shard.getKey() + ": " + Quantities.bytes(shard.getValue()))
                        .map(shard -> shard + "/s")
                        .toList();
        return "hot shards   " + (hot.isEmpty() ? "none" : String.join("   ", hot));
    }

    /** Bytes a second. */
    private static double written(TopSample before, Map.Entry<String, Figures> shard) {
        Figures old = before.shards().getOrDefault(shard.getKey(), shard.getValue());
        return shard.getValue().perSecond(old, "bytes_written");
    }
}

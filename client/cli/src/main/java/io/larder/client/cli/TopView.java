package io.larder.client.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes what {@code top} shows: a screen, or one line. Stateless. */
final class TopView {
    private static final int LABEL_WIDTH = 13;
    private static final int CELL_WIDTH = 22;
    private static final int BAR_WIDTH = 40;
    private static final String REGION_ROW = "%-24s %9s %11s %9s %9s %8s %9s";

    private TopView() {}

    /** The whole screen, at most {@code rows} lines of {@code columns} characters. */
    static List<String> screen(
            String server, TopSample before, TopSample now, int rows, int columns) {
        Figures old = before.figures();
        Figures figures = now.figures();
        List<String> lines = new ArrayList<>();
        lines.add("larder top   " + server + "   q quits");
        lines.add("");
        lines.add(
                row(
                        "reads",
                        rate(old, figures, "hits", "hits"),
                        rate(old, figures, "misses", "misses"),
                        "ratio " + Quantities.percent(figures.hitRatio(old))));
        lines.add(
                row(
                        "writes",
                        Quantities.bytes(figures.perSecond(old, "bytes_written")) + "/s",
                        rate(old, figures, "writes_busy", "refused"),
                        rate(old, figures, "reads_locked", "locked reads")));
        lines.add(
                row(
                        "items",
                        Quantities.count(figures.get("items")),
                        rate(old, figures, "evictions", "evicted"),
                        rate(old, figures, "expirations", "expired")));
        lines.add(
                row(
                        "clients",
                        Quantities.count(figures.get("connections")) + " open",
                        rate(old, figures, "connections_accepted", "accepted"),
                        rate(old, figures, "connections_refused", "refused")));
        lines.add(
                row(
                        "leases",
                        Quantities.count(figures.get("leases")) + " held",
                        Quantities.count(figures.get("parked_requests")) + " waiting",
                        rate(old, figures, "leases_granted", "granted")));
        lines.add("");
        addMemory(lines, figures);
        lines.add(TopRequests.hotShards(before, now));
        TopRequests.addLatencies(lines, now);
        addRegions(lines, before, now);
        if (figures.get("uncaught_errors") > 0) {
            lines.add("");
            lines.add(
                    Quantities.count(figures.get("uncaught_errors"))
                            + " uncaught errors: see the log");
        }
        return lines.stream()
                .limit(Math.max(1, rows))
                .map(line -> line.length() <= columns ? line : line.substring(0, columns))
                .toList();
    }

    private static void addMemory(List<String> lines, Figures figures) {
        double limit = figures.get("memory_limit_bytes");
        double used = figures.usedBytes();
        int filled = limit <= 0 ? 0 : (int) Math.round(Math.min(1, used / limit) * BAR_WIDTH);
        lines.add(
                row("memory", "[" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "]")
                        + " "
                        + Quantities.bytes(used)
                        + " of "
                        + Quantities.bytes(limit));
        lines.add(
                row(
                        "",
                        Quantities.bytes(figures.get("bytes_live")) + " live",
                        Quantities.bytes(figures.get("bytes_dead")) + " dead",
                        Quantities.bytes(figures.get("bytes_expired")) + " expired"));
        lines.add(
                row(
                        "",
                        Quantities.bytes(figures.get("bytes_index")) + " index",
                        Quantities.bytes(figures.get("bytes_free")) + " free",
                        String.format(
                                Locale.ROOT,
                                "%.1f B overhead/item",
                                figures.get("overhead_bytes_per_item"))));
    }

    private static void addRegions(List<String> lines, TopSample before, TopSample now) {
        lines.add("");
        lines.add(
                String.format(
                        Locale.ROOT,
                        REGION_ROW,
                        "region",
                        "items",
                        "bytes",
                        "hits/s",
                        "misses/s",
                        "ratio",
                        "evict/s"));
        for (Map.Entry<String, Figures> region : now.regions().entrySet()) {
            Figures figures = region.getValue();
            Figures old = before.regions().getOrDefault(region.getKey(), figures);
            lines.add(
                    String.format(
                            Locale.ROOT,
                            REGION_ROW,
                            region.getKey(),
                            Quantities.count(figures.get("items")),
                            Quantities.bytes(figures.get("bytes")),
                            Quantities.count(figures.perSecond(old, "hits")),
                            Quantities.count(figures.perSecond(old, "misses")),
                            Quantities.percent(figures.hitRatio(old)),
                            Quantities.count(figures.perSecond(old, "evictions"))));
        }
    }

    /** The same in short. */
    static String line(TopSample before, TopSample now) {
        Figures old = before.figures();
        Figures figures = now.figures();
        return String.format(
                Locale.ROOT,
                "items %s  memory %s of %s  hits/s %s  misses/s %s  ratio %s  evicted/s %s  clients %s",
                Quantities.count(figures.get("items")),
                Quantities.bytes(figures.usedBytes()),
                Quantities.bytes(figures.get("memory_limit_bytes")),
                Quantities.count(figures.perSecond(old, "hits")),
                Quantities.count(figures.perSecond(old, "misses")),
                Quantities.percent(figures.hitRatio(old)),
                Quantities.count(figures.perSecond(old, "evictions")),
                Quantities.count(figures.get("connections")));
    }

    private static String rate(Figures old, Figures figures, String name, String label) {
        return Quantities.count(figures.perSecond(old, name)) + "/s " + label;
    }

    private static String row(String label, String... cells) {
        StringBuilder line = new StringBuilder(pad(label, LABEL_WIDTH));
        for (String cell : cells) {
            line.append(pad(cell, CELL_WIDTH));
        }
        return line.toString().stripTrailing();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}

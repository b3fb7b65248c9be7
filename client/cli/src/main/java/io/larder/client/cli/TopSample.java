package io.larder.client.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code top} asks of a server each time: its figures, and those of its regions, commands and
 * shards. Immutable.
 *
 * @param regions by name, the one with most bytes first
 * @param latencies of timed requests, by command
 * @param shards by number
 */
record TopSample(
        Figures figures,
        Map<String, Figures> regions,
        Map<String, Figures> latencies,
        Map<String, Figures> shards) {
    private static final String STAT = "STAT ";
    private static final String REGION = "REGION ";

    /** Regions asked for: each is a question of its own. */
    private static final int REGIONS_MAX = 16;

    /** Asks. Locking: blocks. */
    static TopSample take(AdminConnection admin) throws IOException {
        Figures figures = figures(admin, "stats");
        List<Map.Entry<String, Figures>> regions = new ArrayList<>();
        for (String line : admin.lines("regions")) {
            if (line.startsWith(REGION) && regions.size() < REGIONS_MAX) {
                String name = line.substring(REGION.length());
                regions.add(Map.entry(name, figures(admin, "regions " + name)));
            }
        }
        regions.sort(
                Comparator.comparingDouble(
                                (Map.Entry<String, Figures> region) ->
                                        region.getValue().get("bytes"))
                        .reversed());
        Map<String, Figures> sorted = new LinkedHashMap<>();
        regions.forEach(region -> sorted.put(region.getKey(), region.getValue()));
        return new TopSample(
                figures,
                sorted,
                AdminRows.of(admin, "latency"),
                AdminRows.of(admin, "stats shards"));
    }

    private static Figures figures(AdminConnection admin, String command) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String line : admin.lines(command)) {
            String[] words = line.split(" ", 3);
            if (line.startsWith(STAT) && words.length == 3) {
                texts.put(words[1], words[2]);
            }
        }
        return Figures.of(texts, System.nanoTime());
    }
}

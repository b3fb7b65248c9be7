package io.larder.server.admin;

import io.larder.server.insight.KeyInsight;
import io.larder.server.insight.PrefixStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What becomes of keys that begin alike, a row a prefix, those that are read most first. */
final class PrefixRows {
    private static final int COUNT = 20;
    private static final int COUNT_MAX = 500;

    private final KeyInsight insight;

    PrefixRows(KeyInsight insight) {
        this.insight = insight;
    }

    /**
     * Answers.
     *
     * @param arguments none, or how many there are to be
     */
    void show(List<byte[]> arguments, AdminReply reply) {
        if (!insight.settings().prefixes()) {
            reply.error("switched-off", "insight.prefixes: false (expected: true, at the start)");
            return;
        }
        Long wanted =
                arguments.isEmpty()
                        ? Long.valueOf(COUNT)
                        : AdminArguments.number(arguments.get(0), 1, COUNT_MAX, "count", reply);
        if (wanted == null) {
            return;
        }
        reply.beginList();
        for (PrefixStats stats : insight.prefixes(wanted.intValue())) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("prefix", stats.prefix());
            fields.put("region", stats.region());
            fields.put("hits", stats.hits());
            fields.put("misses", stats.misses());
            fields.put("bytes", stats.bytes());
            fields.put("evictions", stats.evictions());
            fields.put("expiries", stats.expiries());
            reply.row("PREFIX", fields);
        }
        reply.end();
    }
}

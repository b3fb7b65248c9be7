package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.insight.CurvePoint;
import io.larder.server.insight.KeyInsight;
import io.larder.server.region.RegionTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The miss-ratio curve: the hit ratio with less and with more memory, by memory limit. */
final class CurveCommand implements AdminCommand {
    private static final double DECIMALS = 1e4;

    private final KeyInsight insight;
    private final RegionTable regions;

    CurveCommand(KeyInsight insight, RegionTable regions) {
        this.insight = insight;
        this.regions = regions;
    }

    @Override
    public String name() {
        return "mrc";
    }

    @Override
    public String usage() {
        return "[REGION]";
    }

    @Override
    public String summary() {
        return "the hit ratio that the store, or one region in it, would have with half to four"
                + " times its memory limit";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        if (!insight.settings().curve()) {
            reply.error("switched-off", "insight.curve: false (expected: true, at the start)");
            return;
        }
        List<CurvePoint> points;
        if (arguments.isEmpty()) {
            points = insight.curve();
        } else {
            String name = new String(arguments.get(0), UTF_8);
            int region = regions.find(name);
            if (region == RegionTable.NONE) {
                String expected = String.join(", ", regions.names());
                reply.error("unknown-region", name + " (expected: " + expected + ")");
                return;
            }
            points = insight.curve(region);
        }
        show(points, reply);
    }

    private static void show(List<CurvePoint> points, AdminReply reply) {
        reply.beginList();
        for (CurvePoint point : points) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("bytes", point.bytes());
            fields.put("hit_ratio", Math.round(point.hitRatio() * DECIMALS) / DECIMALS);
            reply.row("POINT", fields);
        }
        reply.end();
    }
}

package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.region.RegionSettings;
import io.larder.server.region.RegionStats;
import io.larder.server.region.RegionTable;
import java.util.List;

/** Shows the regions' names, or one region's settings and figures. */
final class RegionsCommand implements AdminCommand {
    private final RegionTable regions;

    RegionsCommand(RegionTable regions) {
        this.regions = regions;
    }

    @Override
    public String name() {
        return "regions";
    }

    @Override
    public String usage() {
        return "[NAME]";
    }

    @Override
    public String summary() {
        return "the regions' names, or one's settings and figures, as STAT name value";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        if (arguments.isEmpty()) {
            regions.names().forEach(name -> reply.line("REGION " + name));
            reply.end();
            return;
        }
        String name = new String(arguments.get(0), UTF_8);
        RegionStats stats = regions.stats(name);
        if (stats == null) {
            reply.error("unknown-region", name + " (expected: one of those that regions lists)");
            return;
        }
        RegionSettings settings = stats.settings();
        stat(reply, "ttl_millis", settings.ttlMillis());
        stat(reply, "max_idle_millis", settings.maxIdleMillis());
        stat(reply, "quota_bytes", settings.quotaBytes());
        reply.figure("evict", (settings.neverEvicts() ? "never" : "normal"));
        stat(reply, "items", stats.items());
        stat(reply, "bytes", stats.bytes());
        stat(reply, "hits", stats.hits());
        stat(reply, "misses", stats.misses());
        stat(reply, "writes", stats.writes());
        stat(reply, "evictions", stats.evictions());
        reply.end();
    }

    private static void stat(AdminReply reply, String name, long value) {
        reply.figure(name, value);
    }
}

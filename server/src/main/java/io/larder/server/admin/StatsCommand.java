package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.config.LiveConfiguration;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.MetricsRegistry.Kind;
import io.larder.server.metrics.UserFigures;
import io.larder.server.region.RegionStats;
import io.larder.server.region.RegionTable;
import io.larder.server.store.ShardStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Shows figures: {@code STAT name value}; of shards and regions a row each. {@code reset} has this
 * command count from 0 again; what other places show goes on.
 */
final class StatsCommand implements AdminCommand {
    /** Beginnings of the names of figures that a group shows. */
    private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("general", List.of(""));
        GROUPS.put("items", List.of("items", "hits", "misses", "overhead_", "relocations"));
        GROUPS.put("memory", List.of("memory_", "bytes_", "segments"));
        GROUPS.put("evict", List.of("evictions", "relocations", "bytes_relocated", "writes_busy"));
        GROUPS.put("expiry", List.of("expirations", "bytes_expired"));
        GROUPS.put("tier", List.of("tier_", "warm_"));
        GROUPS.put(
                "net",
                List.of(
                        "connections",
                        "read_batches",
                        "leases",
                        "parked_requests",
                        "push_",
                        "hot_keys_told",
                        "tracking_",
                        "checksum_mismatches"));
        GROUPS.put("log", List.of("accesses_", "access_", "sample", "events_", "uncaught_errors"));
    }

    private static final List<String> OTHERS =
            List.of("shards", "conns", "users", "regions", "prefix", "settings", "reset");

    private final MetricsRegistry metrics;
    private final Supplier<List<ShardStats>> shards;
    private final RegionTable regions;
    private final ClientCommand clients;
    private final Supplier<List<UserFigures>> users;
    private final LiveConfiguration configuration;
    private final PrefixRows prefixes;
    private final Map<String, Long> before = new ConcurrentHashMap<>(); // at the last reset

    StatsCommand(
            MetricsRegistry metrics,
            Supplier<List<ShardStats>> shards,
            RegionTable regions,
            ClientCommand clients,
            Supplier<List<UserFigures>> users,
            LiveConfiguration configuration,
            PrefixRows prefixes) {
        this.metrics = metrics;
        this.shards = shards;
        this.regions = regions;
        this.clients = clients;
        this.users = users;
        this.configuration = configuration;
        this.prefixes = prefixes;
    }

    @Override
    public String name() {
        return "stats";
    }

    @Override
    public String usage() {
        return "[GROUP] [N]";
    }

    @Override
    public String summary() {
        return "figures, as STAT name value: all, or those of "
                + String.join("|", GROUPS.keySet())
                + "|"
                + String.join("|", OTHERS)
                + "; of prefixes N";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        String group = arguments.isEmpty() ? "general" : new String(arguments.get(0), UTF_8);
        if (group.equals("prefix")) {
            prefixes.show(arguments.subList(1, arguments.size()), reply);
            return;
        }
        if (arguments.size() > 1) {
            reply.error("wrong-arguments", group + " N (expected: N after prefix only)");
            return;
        }
        List<String> begins = GROUPS.get(group);
        if (begins != null) {
            figures(begins, reply);
            return;
        }
        switch (group) {
            case "shards" -> shards(reply);
            case "regions" -> regions(reply);
            case "conns" -> clients.run(List.of("list".getBytes(UTF_8)), reply);
            case "users" -> users(reply);
            case "settings" -> settings(reply);
            case "reset" -> reset(reply);
            default ->
                    reply.error(
                            "unknown-group",
                            group
                                    + " (expected: "
                                    + String.join(", ", GROUPS.keySet())
                                    + ", "
                                    + String.join(", ", OTHERS)
                                    + ")");
        }
    }

    private void figures(List<String> begins, AdminReply reply) {
        for (MetricsRegistry.Metric metric : metrics.metrics()) {
            if (begins.stream().anyMatch(metric.name()::startsWith)) {
                Number value = metric.value();
                Long earlier = metric.kind() == Kind.COUNTER ? before.get(metric.name()) : null;
                reply.figure(metric.name(), earlier == null ? value : value.longValue() - earlier);
            }
        }
        reply.end();
    }

    private void reset(AdminReply reply) {
        for (MetricsRegistry.Metric metric : metrics.metrics()) {
            if (metric.kind() == Kind.COUNTER) {
                before.put(metric.name(), metric.value().longValue());
            }
        }
        reply.ok();
    }

    private void shards(AdminReply reply) {
        reply.beginList();
        for (ShardStats shard : shards.get()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("shard", shard.shard());
            fields.put("items", shard.items());
            fields.put("bytes_live", shard.bytesLive());
            fields.put("bytes_dead", shard.bytesDead());
            fields.put("bytes_expired", shard.bytesExpired());
            fields.put("bytes_index", shard.bytesIndex());
            fields.put("bytes_written", shard.bytesWritten());
            fields.put("bytes_relocated", shard.bytesRelocated());
            fields.put("evictions", shard.evictions());
            fields.put("expirations", shard.expirations());
            reply.row("SHARD", fields);
        }
        reply.end();
    }

    private void regions(AdminReply reply) {
        reply.beginList();
        for (String name : regions.names()) {
            RegionStats stats = regions.stats(name);
            if (stats != null) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("region", name);
                fields.put("items", stats.items());
                fields.put("bytes", stats.bytes());
                fields.put("hits", stats.hits());
                fields.put("misses", stats.misses());
                fields.put("writes", stats.writes());
                fields.put("evictions", stats.evictions());
                reply.row("REGION", fields);
            }
        }
        reply.end();
    }

    private void users(AdminReply reply) {
        reply.beginList();
        for (UserFigures user : users.get()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("user", user.user());
            fields.put("requests", user.requests());
            fields.put("bytes_in", user.bytesIn());
            fields.put("bytes_out", user.bytesOut());
            fields.put("forbidden", user.forbidden());
            fields.put("over_rate", user.overRate());
            reply.row("USER", fields);
        }
        reply.end();
    }

    private void settings(AdminReply reply) {
        for (LiveConfiguration.View view : configuration.views()) {
            reply.figure(view.key().name(), view.text());
        }
        reply.end();
    }
}

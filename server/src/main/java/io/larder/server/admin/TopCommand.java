package io.larder.server.admin;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.MetricsRegistry.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the server does just now: what counters gained in one second, and some gauges. */
final class TopCommand implements AdminCommand {
    private static final long SAMPLE_MILLIS = 1_000;
    private static final List<String> GAUGES =
            List.of("items", "memory_limit_bytes", "bytes_live", "bytes_free", "connections");

    private final MetricsRegistry metrics;

    TopCommand(MetricsRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "top";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "what the server did in the next second: each counter's growth, as name_per_second";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        long beginNanos = System.nanoTime();
        Map<String, Long> begin = counters();
        reply.connection().schedule(() -> show(begin, beginNanos, reply), SAMPLE_MILLIS);
    }

    private Map<String, Long> counters() {
        Map<String, Long> counters = new LinkedHashMap<>();
        for (MetricsRegistry.Metric metric : metrics.metrics()) {
            if (metric.kind() == Kind.COUNTER) {
                counters.put(metric.name(), metric.value().longValue());
            }
        }
        return counters;
    }

    private void show(Map<String, Long> begin, long beginNanos, AdminReply reply) {
        if (reply.isCancelled()) {
            return;
        }
        double seconds = (System.nanoTime() - beginNanos) / 1e9;
        Map<String, Long> end = counters();
        long hits = end.getOrDefault("hits", 0L) - begin.getOrDefault("hits", 0L);
        long misses = end.getOrDefault("misses", 0L) - begin.getOrDefault("misses", 0L);
        if (hits + misses > 0) {
            reply.figure("hit_ratio", Math.round(1e4 * hits / (hits + misses)) / 1e4);
        }
        for (MetricsRegistry.Metric metric : metrics.metrics()) {
            if (GAUGES.contains(metric.name())) {
                reply.figure(metric.name(), metric.value());
            }
        }
        end.forEach(
                (name, value) ->
                        reply.figure(
                                name + "_per_second",
                                Math.round((value - begin.getOrDefault(name, value)) / seconds)));
        reply.end();
    }
}

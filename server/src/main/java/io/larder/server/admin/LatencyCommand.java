package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.Opcode;
import io.larder.server.metrics.LatencyFigures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Shows how long timed requests took since the start: a row for each command. */
final class LatencyCommand implements AdminCommand {
    private static final double NANOS_PER_MICRO = 1_000;

    private final Supplier<Map<Opcode, LatencyFigures>> latencies;

    LatencyCommand(Supplier<Map<Opcode, LatencyFigures>> latencies) {
        this.latencies = latencies;
    }

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String usage() {
        return "[COMMAND]";
    }

    @Override
    public String summary() {
        return "how long timed requests took the server since its start: one in 64 of those about"
                + " one key, and all others";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        Map<Opcode, LatencyFigures> all = latencies.get();
        reply.beginList();
        if (arguments.isEmpty()) {
            all.forEach(
                    (opcode, figures) -> {
                        if (figures.count() > 0) {
                            show(opcode, figures, reply);
                        }
                    });
            reply.end();
            return;
        }
        String name = new String(arguments.get(0), UTF_8);
        for (Map.Entry<Opcode, LatencyFigures> each : all.entrySet()) {
            if (each.getKey().name().equals(name.toUpperCase(Locale.ROOT))) {
                show(each.getKey(), each.getValue(), reply);
                reply.end();
                return;
            }
        }
        reply.error("unknown-request", name + " (expected: " + names(all) + ")");
    }

    private static String names(Map<Opcode, LatencyFigures> all) {
        return all.keySet().stream().map(Opcode::name).collect(Collectors.joining(", "));
    }

    private static void show(Opcode opcode, LatencyFigures figures, AdminReply reply) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("command", opcode.name());
        fields.put("count", figures.count());
        fields.put("p50_micros", micros(figures.percentileNanos(50)));
        fields.put("p99_micros", micros(figures.percentileNanos(99)));
        fields.put("p999_micros", micros(figures.percentileNanos(99.9)));
        fields.put("max_micros", micros(figures.maxNanos()));
        reply.row("LATENCY", fields);
    }

    /** With one decimal: many requests take less than a few. */
    private static double micros(long nanos) {
        return Math.round(nanos / NANOS_PER_MICRO * 10) / 10.0;
    }
}

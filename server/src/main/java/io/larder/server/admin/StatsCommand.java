package io.larder.server.admin;

import io.larder.server.metrics.MetricsRegistry;
import java.util.List;

/** Shows every figure: {@code STAT name value}. */
final class StatsCommand implements AdminCommand {
    private final MetricsRegistry metrics;

    StatsCommand(MetricsRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "stats";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "every figure, as STAT name value";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        metrics.forEach((name, value) -> reply.line("STAT " + name + ' ' + value));
        reply.end();
    }
}

package io.larder.server.admin;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Says since when the process runs. */
final class UptimeCommand implements AdminCommand {
    @Override
    public String name() {
        return "uptime";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "since when the server runs, and for how many seconds";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        var runtime = ManagementFactory.getRuntimeMXBean();
        reply.figure("uptime_seconds", TimeUnit.MILLISECONDS.toSeconds(runtime.getUptime()));
        reply.figure("started", Instant.ofEpochMilli(runtime.getStartTime()).toString());
        reply.end();
    }
}

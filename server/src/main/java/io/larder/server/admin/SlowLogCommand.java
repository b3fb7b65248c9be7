package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.command.SlowLog;
import io.larder.server.command.SlowRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows the last slow requests, tells how many there are, or drops them. */
final class SlowLogCommand implements AdminCommand {
    private static final int DEFAULT = 10;
    private static final String FORMS = "slowlog get [N], slowlog len or slowlog reset";

    private final SlowLog slowLog;

    SlowLogCommand(SlowLog slowLog) {
        this.slowLog = slowLog;
    }

    @Override
    public String name() {
        return "slowlog";
    }

    @Override
    public String usage() {
        return "WHAT [N]";
    }

    @Override
    public String summary() {
        return "requests over slow-log.threshold, the newest first (get, 10 or N), how many are"
                + " kept (len, up to "
                + SlowLog.CAPACITY
                + "), drops them (reset)";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        String what = new String(arguments.get(0), UTF_8);
        if (what.equals("get")) {
            Long count =
                    arguments.size() < 2
                            ? Long.valueOf(DEFAULT)
                            : AdminArguments.number(
                                    arguments.get(1), 1, SlowLog.CAPACITY, "count", reply);
            if (count != null) {
                show(slowLog.newest(count.intValue()), reply);
            }
        } else if (what.equals("len") && arguments.size() == 1) {
            reply.figure("slow_requests", slowLog.size());
            reply.end();
        } else if (what.equals("reset") && arguments.size() == 1) {
            slowLog.clear();
            reply.ok();
        } else {
            reply.error("wrong-arguments", what + " (expected: " + FORMS + ")");
        }
    }

    private static void show(List<SlowRequest> requests, AdminReply reply) {
        reply.beginList();
        for (SlowRequest request : requests) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("time", Instant.ofEpochMilli(request.unixMillis()).toString());
            fields.put("command", request.command());
            fields.put("micros", request.micros());
            fields.put("region", request.region());
            fields.put("key", request.key().toByteArray());
            fields.put("key_bytes", request.keyBytes());
            fields.put("client", request.client().name());
            fields.put("address", request.client().address());
            fields.put("requests", request.requests());
            reply.row("SLOW", fields);
        }
        reply.end();
    }
}

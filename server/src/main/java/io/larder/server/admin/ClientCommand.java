package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.config.DurationType;
import io.larder.server.net.ConnectionFigures;
import io.larder.server.net.ConnectionTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Shows the data listener's connections, closes one, or lets all of them wait for a while. */
final class ClientCommand implements AdminCommand {
    private static final String FORMS = "client list, client kill ID or client pause TIME";

    private final ConnectionTable connections;

    ClientCommand(ConnectionTable connections) {
        this.connections = connections;
    }

    @Override
    public String name() {
        return "client";
    }

    @Override
    public String usage() {
        return "WHAT [ARGUMENT]";
    }

    @Override
    public String summary() {
        return "the data connections (list), closes one (kill ID), or reads from none for a time,"
                + " up to 60s (pause TIME; 0 goes on)";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        String what = new String(arguments.get(0), UTF_8);
        if (what.equals("list") && arguments.size() == 1) {
            list(reply);
        } else if (what.equals("kill") && arguments.size() == 2) {
            kill(arguments.get(1), reply);
        } else if (what.equals("pause") && arguments.size() == 2) {
            pause(arguments.get(1), reply);
        } else {
            reply.error("wrong-arguments", what + " (expected: " + FORMS + ")");
        }
    }

    private void list(AdminReply reply) {
        long nowNanos = System.nanoTime();
        reply.beginList();
        for (ConnectionFigures connection : connections.open()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("id", connection.id());
            fields.put("address", connection.address());
            fields.put("name", connection.clientName());
            fields.put("user", connection.user());
            fields.put(
                    "age_seconds", TimeUnit.NANOSECONDS.toSeconds(connection.ageNanos(nowNanos)));
            fields.put(
                    "idle_millis", TimeUnit.NANOSECONDS.toMillis(connection.idleNanos(nowNanos)));
            fields.put("requests", connection.requests());
            fields.put("bytes_in", connection.bytesIn());
            fields.put("bytes_out", connection.bytesOut());
            reply.row("CLIENT", fields);
        }
        reply.end();
    }

    private void kill(byte[] id, AdminReply reply) {
        Long number = AdminArguments.number(id, 1, Long.MAX_VALUE, "id", reply);
        if (number == null) {
            return;
        }
        if (connections.kill(number)) {
            reply.ok();
        } else {
            reply.error("not-found", number + " (expected: an id that client list shows)");
        }
    }

    private void pause(byte[] time, AdminReply reply) {
        Long millis =
                AdminArguments.parse(
                        time, new DurationType(0, ConnectionTable.PAUSE_MILLIS_MAX), "time", reply);
        if (millis != null) {
            connections.pause(millis);
            reply.ok();
        }
    }
}

package io.larder.server.admin;

import io.larder.server.config.DurationType;
import java.util.List;

/** Gives a key of the default region another time to live. */
final class TouchCommand implements AdminCommand {
    private static final long MILLIS_MAX = 34L * 365 * 24 * 3_600_000;

    private final AdminItems items;

    TouchCommand(AdminItems items) {
        this.items = items;
    }

    @Override
    public String name() {
        return "touch";
    }

    @Override
    public String usage() {
        return "KEY TTL";
    }

    @Override
    public String summary() {
        return "gives a key another time to live, from now: millis, or 90s, 5m, 2h; 0 is for ever";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        byte[] key = arguments.get(0);
        Long ttlMillis =
                AdminArguments.parse(
                        arguments.get(1), new DurationType(0, MILLIS_MAX), "ttl", reply);
        if (ttlMillis == null || !AdminItems.isKey(key, reply)) {
            return;
        }
        if (items.touch(key, ttlMillis)) {
            reply.ok();
        } else {
            reply.error("not-found", "no such key (expected: one that is there)");
        }
    }
}

package io.larder.server.admin;

import java.util.List;

/** Counts the items whose keys begin with some bytes, and their payload. */
final class CountCommand implements AdminCommand {
    private final ItemWalk walk;

    CountCommand(ItemWalk walk) {
        this.walk = walk;
    }

    @Override
    public String name() {
        return "count";
    }

    @Override
    public String usage() {
        return "PREFIX";
    }

    @Override
    public String summary() {
        return "how many keys begin so, and the bytes of keys and values; walks through all items";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        long[] counts = new long[3];
        walk.begin(
                name(),
                arguments.get(0),
                reply,
                item -> {
                    counts[0]++;
                    counts[1] += item.key().length();
                    counts[2] += item.valueLength();
                    return true;
                },
                () -> {
                    reply.figure("items", counts[0]);
                    reply.figure("key_bytes", counts[1]);
                    reply.figure("value_bytes", counts[2]);
                    reply.end();
                });
    }
}

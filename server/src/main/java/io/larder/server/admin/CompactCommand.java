package io.larder.server.admin;

import java.util.List;

/** Has what is dead or cleared reclaimed. */
final class CompactCommand implements AdminCommand {
    private final Runnable sweep;

    CompactCommand(Runnable sweep) {
        this.sweep = sweep;
    }

    @Override
    public String name() {
        return "compact";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "has every shard drop what no read can find any more, in the background";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        sweep.run();
        reply.ok();
    }
}

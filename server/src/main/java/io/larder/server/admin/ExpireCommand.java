package io.larder.server.admin;

import java.util.List;

/** Has what has expired reclaimed. */
final class ExpireCommand implements AdminCommand {
    private final Runnable expire;

    ExpireCommand(Runnable expire) {
        this.expire = expire;
    }

    @Override
    public String name() {
        return "expire";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "has every shard reclaim what has expired, in the background";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        expire.run();
        reply.ok();
    }
}

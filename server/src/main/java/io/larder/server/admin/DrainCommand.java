package io.larder.server.admin;

import java.util.List;

/** Takes the server out of service without stopping it. */
final class DrainCommand implements AdminCommand {
    private final Runnable drain;

    DrainCommand(Runnable drain) {
        this.drain = drain;
    }

    @Override
    public String name() {
        return "drain";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "takes no new clients, answers those there are and asks them to leave; until the next start";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        drain.run();
        reply.ok();
    }
}

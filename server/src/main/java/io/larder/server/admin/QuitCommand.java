package io.larder.server.admin;

import java.util.List;

/** Ends the conversation. */
final class QuitCommand implements AdminCommand {
    @Override
    public String name() {
        return "quit";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "closes the connection";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        reply.ok();
        reply.closeConnection();
    }
}

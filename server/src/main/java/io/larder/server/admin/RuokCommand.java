package io.larder.server.admin;

import java.util.List;

/** Are you all right? {@code imok}, and nothing else: for probes. */
final class RuokCommand implements AdminCommand {
    @Override
    public String name() {
        return "ruok";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "answers imok if the server works";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        reply.only("imok");
    }
}

package io.larder.server.admin;

import java.util.List;

/** Says which program this is: {@code VERSION 0.1.0}. */
final class VersionCommand implements AdminCommand {
    private final String version;

    VersionCommand(String version) {
        this.version = version;
    }

    @Override
    public String name() {
        return "version";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "the server's version";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        reply.line("VERSION " + version);
        reply.end();
    }
}

package io.larder.server.admin;

import java.util.List;

/** Shows what there is to ask for. */
final class HelpCommand implements AdminCommand {
    private final AdminCommandTable table;

    HelpCommand(AdminCommandTable table) {
        this.table = table;
    }

    @Override
    public String name() {
        return "help";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public String summary() {
        return "this list";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        for (AdminCommand command : table.commands()) {
            reply.line(AdminCommandTable.synopsis(command) + ": " + command.summary());
        }
        reply.end();
    }
}

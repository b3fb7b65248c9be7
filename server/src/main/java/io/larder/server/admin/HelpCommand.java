package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

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
        return "[COMMAND]";
    }

    @Override
    public String summary() {
        return "this list, or what COMMAND does; json before any command answers in JSON";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        if (arguments.isEmpty()) {
            table.commands().forEach(command -> reply.line(line(command)));
            reply.end();
            return;
        }
        String name = new String(arguments.get(0), UTF_8);
        AdminCommand command = table.find(name);
        if (command == null) {
            reply.error("unknown-command", name + " (expected: one of those that help lists)");
            return;
        }
        reply.line(line(command));
        reply.end();
    }

    private static String line(AdminCommand command) {
        return AdminCommandTable.synopsis(command) + ": " + command.summary();
    }
}

package io.larder.server.compat.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.server.compat.resp.RespCommand.Access;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** COMMAND: what commands there are. Stateless. */
final class CommandCommands {
    private CommandCommands() {}

    static void run(RespTalk talk) {
        Collection<RespCommand> all = talk.resp.commands.all();
        switch (talk.count() == 1 ? "" : talk.lowerText(1)) {
            case "" -> {
                talk.reply.array(all.size());
                all.forEach(each -> describe(talk.reply, each));
            }
            case "count" -> {
                if (talk.hasCount("command", 2)) {
                    talk.reply.number(all.size());
                }
            }
            case "docs" -> {
                List<RespCommand> named = named(talk);
                talk.reply.map(named.size());
                named.forEach(each -> Documentation.write(talk.reply, each));
            }
            case "info" -> info(talk, all);
            case "list" -> list(talk, all);
            case "getkeys" -> keys(talk);
            case "help" -> Documentation.writeHelp(talk.reply, "command");
            default -> talk.unknownSubcommand("COMMAND");
        }
    }

    private static void info(RespTalk talk, Collection<RespCommand> all) {
        if (talk.count() == 2) {
            talk.reply.array(all.size());
            all.forEach(each -> describe(talk.reply, each));
            return;
        }
        talk.reply.array(talk.count() - 2);
        for (int i = 2; i < talk.count(); i++) {
            RespCommand each = talk.resp.commands.find(talk.lowerText(i));
            if (each == null) {
                talk.reply.noArray();
            } else {
                describe(talk.reply, each);
            }
        }
    }

    private static void list(RespTalk talk, Collection<RespCommand> all) {
        List<String> names = new ArrayList<>();
        all.forEach(each -> names.add(each.name()));
        if (talk.count() == 5 && talk.is(2, "filterby") && talk.is(3, "pattern")) {
            GlobPattern pattern = new GlobPattern(talk.lowerText(4));
            names.removeIf(name -> !pattern.matches(name.getBytes(ISO_8859_1)));
        } else if (talk.count() > 2) {
            talk.reply.error(RespTalk.SYNTAX);
            return;
        }
        talk.reply.array(names.size());
        names.forEach(talk.reply::bulk);
    }

    /** Which arguments of a command are keys. */
    private static void keys(RespTalk talk) {
        if (talk.count() < 4) {
            talk.wrongCount("command|getkeys");
            return;
        }
        RespCommand meant = talk.resp.commands.find(talk.lowerText(2));
        int arguments = talk.count() - 2;
        if (meant == null || isNoSubcommand(talk, meant)) {
            talk.reply.error("ERR Invalid command specified");
            return;
        }
        if (meant.firstKey() == 0) {
            talk.reply.error("ERR The command has no key arguments");
            return;
        }
        if (!meant.isArity(arguments)) {
            talk.reply.error("ERR Invalid number of arguments specified for command");
            return;
        }
        int last = meant.lastKey(arguments);
        if (last < meant.firstKey()) {
            talk.reply.error("ERR Invalid number of arguments specified for command");
            return;
        }
        talk.reply.array((last - meant.firstKey()) / meant.keyStep() + 1);
        for (int i = meant.firstKey(); i <= last; i += meant.keyStep()) {
            talk.reply.bulk(
                    talk.request.bytes(), talk.request.offset(i + 2), talk.request.length(i + 2));
        }
    }

    /** Whether the command has sub-commands, and what follows its name is none of them. */
    private static boolean isNoSubcommand(RespTalk talk, RespCommand meant) {
        List<String> parts = Documentation.subcommands(meant.name());
        return !parts.isEmpty()
                && talk.count() > 3
                && !parts.contains(meant.name() + '|' + talk.lowerText(3));
    }

    private static List<RespCommand> named(RespTalk talk) {
        List<RespCommand> named = new ArrayList<>();
        for (RespCommand each : talk.resp.commands.all()) {
            boolean isMeant = talk.count() == 2;
            for (int i = 2; i < talk.count(); i++) {
                isMeant |= talk.is(i, each.name());
            }
            if (isMeant) {
                named.add(each);
            }
        }
        return named;
    }

    /** As Redis 7 has it: ten things, of which here the last three are empty. */
    private static void describe(Reply reply, RespCommand command) {
        reply.array(10);
        reply.bulk(command.name());
        reply.number(command.arity());
        if (command.access() == Access.NONE) {
            reply.set(0);
        } else {
            reply.set(1);
            reply.status(isRead(command) ? "readonly" : "write");
        }
        reply.number(command.firstKey());
        reply.number(command.lastKey());
        reply.number(command.firstKey() == 0 ? 0 : command.keyStep());
        if (command.access() == Access.NONE) {
            reply.set(0);
        } else {
            reply.set(1);
            reply.status(isRead(command) ? "@read" : "@write");
        }
        reply.array(0);
        reply.array(0);
        reply.array(0);
    }

    private static boolean isRead(RespCommand command) {
        return command.access() == Access.READS;
    }
}

package io.larder.server.compat.resp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What people and their tools are told of the commands: their arguments, their sub-commands. Same
 * for all; immutable.
 */
final class Documentation {
    private static final String EXPIRY =
            "EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds";
    private static final String CONDITION = " [NX|XX|GT|LT]";

    /** Arguments by the command's name; of those that are not here there are none. */
    private static final Map<String, String> SYNTAX =
            Map.ofEntries(
                    Map.entry("append", "key value"),
                    Map.entry("auth", "[username] password"),
                    Map.entry("decr", "key"),
                    Map.entry("decrby", "key decrement"),
                    Map.entry("del", "key..."),
                    Map.entry("echo", "message"),
                    Map.entry("exists", "key..."),
                    Map.entry("expire", "key seconds" + CONDITION),
                    Map.entry("expireat", "key unix-time-seconds" + CONDITION),
                    Map.entry("expiretime", "key"),
                    Map.entry("flushall", "[ASYNC|SYNC]"),
                    Map.entry("flushdb", "[ASYNC|SYNC]"),
                    Map.entry("get", "key"),
                    Map.entry("getdel", "key"),
                    Map.entry("getex", "key [" + EXPIRY + "|PERSIST]"),
                    Map.entry("getrange", "key start end"),
                    Map.entry("getset", "key value"),
                    Map.entry(
                            "hello",
                            "[{protover [AUTH {username password}] [SETNAME clientname]}]"),
                    Map.entry("incr", "key"),
                    Map.entry("incrby", "key increment"),
                    Map.entry("incrbyfloat", "key increment-by-float"),
                    Map.entry("info", "[section...]"),
                    Map.entry("mget", "key..."),
                    Map.entry("mset", "{key value}..."),
                    Map.entry("msetnx", "{key value}..."),
                    Map.entry("persist", "key"),
                    Map.entry("pexpire", "key milliseconds" + CONDITION),
                    Map.entry("pexpireat", "key unix-time-milliseconds" + CONDITION),
                    Map.entry("pexpiretime", "key"),
                    Map.entry("ping", "[message]"),
                    Map.entry("psetex", "key milliseconds value"),
                    Map.entry("pttl", "key"),
                    Map.entry("scan", "cursor [MATCH pattern] [COUNT count] [TYPE type]"),
                    Map.entry("select", "index"),
                    Map.entry("set", "key value [NX|XX] [GET] [" + EXPIRY + "|KEEPTTL]"),
                    Map.entry("setex", "key seconds value"),
                    Map.entry("setnx", "key value"),
                    Map.entry("setrange", "key offset value"),
                    Map.entry("strlen", "key"),
                    Map.entry("subscribe", "channel..."),
                    Map.entry("substr", "key start end"),
                    Map.entry("touch", "key..."),
                    Map.entry("ttl", "key"),
                    Map.entry("type", "key"),
                    Map.entry("unlink", "key..."),
                    Map.entry("unsubscribe", "[channel...]"),
                    Map.entry("client|caching", "{YES|NO}"),
                    Map.entry("client|getname", ""),
                    Map.entry("client|getredir", ""),
                    Map.entry("client|id", ""),
                    Map.entry("client|info", ""),
                    Map.entry(
                            "client|kill",
                            "{addr|{[ID client-id] [TYPE type] [USER username] [ADDR addr]"
                                    + " [LADDR laddr] [SKIPME yes-or-no]}}"),
                    Map.entry("client|list", "[TYPE type] [ID client-id...]"),
                    Map.entry("client|no-evict", "{ON|OFF}"),
                    Map.entry("client|no-touch", "{ON|OFF}"),
                    Map.entry("client|pause", "timeout [WRITE|ALL]"),
                    Map.entry("client|reply", "{ON|OFF|SKIP}"),
                    Map.entry("client|setinfo", "attribute value"),
                    Map.entry("client|setname", "connection-name"),
                    Map.entry(
                            "client|tracking",
                            "{ON|OFF} [REDIRECT client-id] [PREFIX prefix]... [BCAST] [OPTIN]"
                                    + " [OPTOUT] [NOLOOP]"),
                    Map.entry("client|trackinginfo", ""),
                    Map.entry("client|unpause", ""),
                    Map.entry("command|count", ""),
                    Map.entry("command|docs", "[command-name...]"),
                    Map.entry("command|getkeys", "command [arg...]"),
                    Map.entry("command|info", "[command-name...]"),
                    Map.entry("command|list", "[FILTERBY {PATTERN pattern}]"),
                    Map.entry("config|get", "parameter..."),
                    Map.entry("config|set", "{parameter value}..."),
                    Map.entry("memory|usage", "key [SAMPLES count]"),
                    Map.entry("object|encoding", "key"),
                    Map.entry("object|freq", "key"),
                    Map.entry("object|idletime", "key"),
                    Map.entry("object|refcount", "key"));

    /** The same, in order: those of a command stand together. */
    private static final TreeMap<String, String> SORTED = new TreeMap<>(SYNTAX);

    private Documentation() {}

    /** Appends a command's name, and a map of what there is to say about it. */
    static void write(Reply reply, RespCommand command) {
        List<String> parts = subcommands(command.name());
        String syntax = SYNTAX.getOrDefault(command.name(), "");
        reply.bulk(command.name());
        reply.map(3 + (syntax.isEmpty() ? 0 : 1) + (parts.isEmpty() ? 0 : 1));
        writeText(reply, command.summary(), command.firstKey() == 0 ? "server" : "string");
        writeSyntax(reply, syntax);
        if (!parts.isEmpty()) {
            reply.bulk("subcommands");
            reply.map(parts.size());
            parts.forEach(part -> writePart(reply, command, part));
        }
    }

    private static void writePart(Reply reply, RespCommand command, String name) {
        String syntax = SYNTAX.getOrDefault(name, "");
        reply.bulk(name);
        reply.map(syntax.isEmpty() ? 3 : 4);
        writeText(reply, command.summary(), "server");
        writeSyntax(reply, syntax);
    }

    private static void writeText(Reply reply, String summary, String group) {
        reply.bulk("summary");
        reply.bulk(summary);
        reply.bulk("since");
        reply.bulk("1.0.0");
        reply.bulk("group");
        reply.bulk(group);
    }

    private static void writeSyntax(Reply reply, String syntax) {
        if (!syntax.isEmpty()) {
            List<Syntax.Argument> arguments = Syntax.read(syntax);
            reply.bulk("arguments");
            reply.array(arguments.size());
            arguments.forEach(argument -> write(reply, argument));
        }
    }

    private static void write(Reply reply, Syntax.Argument argument) {
        List<String> flags = new ArrayList<>();
        if (argument.isOptional()) {
            flags.add("optional");
        }
        if (argument.isMultiple()) {
            flags.add("multiple");
        }
        boolean isKey = argument.type().equals("key");
        boolean hasToken = !argument.token().isEmpty();
        boolean hasParts = !argument.parts().isEmpty();
        boolean isShown = !hasParts && !argument.type().equals("pure-token");
        int entries = 2;
        for (boolean hasMore :
                new boolean[] {isShown, isKey, hasToken, !flags.isEmpty(), hasParts}) {
            entries += hasMore ? 1 : 0;
        }
        reply.map(entries);
        writeEntry(reply, "name", argument.name());
        writeEntry(reply, "type", argument.type());
        if (isShown) {
            writeEntry(reply, "display_text", argument.name());
        }
        if (isKey) {
            reply.bulk("key_spec_index");
            reply.number(0);
        }
        if (hasToken) {
            writeEntry(reply, "token", argument.token());
        }
        if (!flags.isEmpty()) {
            reply.bulk("flags");
            reply.array(flags.size());
            flags.forEach(reply::status);
        }
        if (hasParts) {
            reply.bulk("arguments");
            reply.array(argument.parts().size());
            argument.parts().forEach(part -> write(reply, part));
        }
    }

    private static void writeEntry(Reply reply, String name, String text) {
        reply.bulk(name);
        reply.bulk(text);
    }

    /** The sub-commands of a command by their whole names, as {@code client|id}. */
    static List<String> subcommands(String command) {
        return List.copyOf(SORTED.subMap(command + '|', command + '}').keySet());
    }

    /** Appends what HELP of a command with sub-commands says. */
    static void writeHelp(Reply reply, String command) {
        List<String> parts = subcommands(command);
        String name = command.toUpperCase(Locale.ROOT);
        reply.array(parts.size() + 1);
        reply.status(name + " <subcommand> [<arg> ...]. Subcommands are:");
        for (String part : parts) {
            String word = part.substring(command.length() + 1).toUpperCase(Locale.ROOT);
            reply.status((word + ' ' + SYNTAX.getOrDefault(part, "")).trim());
        }
    }
}

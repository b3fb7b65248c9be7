package io.larder.server.compat.resp;

import io.larder.server.region.RegionStats;
import io.larder.server.region.RegionTable;
import io.larder.server.store.StoreStats;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Commands about the server. Stateless. */
final class ServerCommands {
    private ServerCommands() {}

    static void addTo(CommandTable table) {
        table.add("info", -1, "Figures of the server", ServerCommands::info);
        table.add("config", -2, "Settings", ServerCommands::config);
        table.add("command", -1, "About commands", CommandCommands::run);
        table.add("time", 1, "The server's time", ServerCommands::time);
    }

    private static void time(RespTalk talk) {
        long millis = talk.items().nowUnixMillis();
        talk.reply.array(2);
        talk.reply.bulk(Long.toString(millis / 1000));
        talk.reply.bulk(Long.toString(millis % 1000 * 1000));
    }

    private static void info(RespTalk talk) {
        StoreStats store = talk.items().store().stats();
        RegionStats region = talk.services().regions().stats(RegionTable.DEFAULT_NAME);
        Map<String, String> sections = new LinkedHashMap<>();
        sections.put(
                "server",
                "# Server\r\nredis_version:"
                        + Resp.VERSION
                        + "\r\nserver_name:larder\r\nlarder_version:"
                        + talk.services().identity().version()
                        + "\r\nredis_mode:standalone\r\nprocess_id:"
                        + ProcessHandle.current().pid()
                        + "\r\n");
        sections.put(
                "clients",
                "# Clients\r\nconnected_clients:"
                        + talk.resp.clients.all().size()
                        + "\r\nblocked_clients:"
                        + talk.resp.pause.waiting()
                        + "\r\n");
        sections.put(
                "memory",
                "# Memory\r\nused_memory:"
                        + (store.bytesLive() + store.bytesDead() + store.bytesIndex())
                        + "\r\nmaxmemory:"
                        + store.memoryLimitBytes()
                        + "\r\nmaxmemory_policy:allkeys-lfu\r\n");
        sections.put(
                "stats",
                "# Stats\r\nexpired_keys:"
                        + store.expirations()
                        + "\r\nevicted_keys:"
                        + store.evictions()
                        + "\r\nkeyspace_hits:"
                        + (region == null ? 0 : region.hits())
                        + "\r\nkeyspace_misses:"
                        + (region == null ? 0 : region.misses())
                        + "\r\n");
        sections.put("replication", "# Replication\r\nrole:master\r\nconnected_slaves:0\r\n");
        sections.put(
                "keyspace",
                "# Keyspace\r\n"
                        + (region == null || region.items() == 0
                                ? ""
                                : "db0:keys=" + region.items() + ",expires=0,avg_ttl=0\r\n"));
        List<String> wanted = new ArrayList<>();
        for (int i = 1; i < talk.count(); i++) {
            wanted.add(talk.lowerText(i));
        }
        boolean isAll =
                wanted.isEmpty()
                        || wanted.contains("all")
                        || wanted.contains("everything")
                        || wanted.contains("default");
        if (!isAll) {
            sections.keySet().retainAll(wanted);
        }
        talk.reply.bulk(String.join("\r\n", sections.values()));
    }

    private static void config(RespTalk talk) {
        switch (talk.lowerText(1)) {
            case "get" -> configGet(talk);
            case "set" -> configSet(talk);
            case "help" -> Documentation.writeHelp(talk.reply, "config");
            default -> talk.unknownSubcommand("CONFIG");
        }
    }

    /** One setting after the other; those before one that is refused are changed. */
    private static void configSet(RespTalk talk) {
        if (talk.count() < 4) {
            talk.wrongCount("config|set");
            return;
        }
        if (talk.count() % 2 != 0) {
            talk.reply.error(RespTalk.SYNTAX);
            return;
        }
        Settings settings = talk.resp.settings;
        for (int i = 2; i < talk.count(); i += 2) {
            if (!settings.all().containsKey(talk.lowerText(i))) {
                talk.reply.error(
                        "ERR Unknown option or number of arguments for CONFIG SET - '"
                                + talk.text(i)
                                + "'");
                return;
            }
        }
        for (int i = 2; i < talk.count(); i += 2) {
            try {
                settings.set(talk.lowerText(i), talk.text(i + 1));
            } catch (IllegalArgumentException e) {
                talk.reply.error(
                        "ERR CONFIG SET failed (possibly related to argument '"
                                + talk.text(i)
                                + "') - "
                                + e.getMessage());
                return;
            }
        }
        talk.reply.ok();
    }

    private static void configGet(RespTalk talk) {
        if (talk.count() < 3) {
            talk.wrongCount("config|get");
            return;
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.putAll(talk.resp.settings.all());
        settings.put("maxmemory-policy", "allkeys-lfu");
        settings.put("databases", "1");
        settings.put("save", "");
        settings.put("appendonly", "no");
        settings.put("proto-max-bulk-len", Integer.toString(talk.items().valueBytesMax()));
        Map<String, String> found = new LinkedHashMap<>();
        for (int i = 2; i < talk.count(); i++) {
            GlobPattern pattern = new GlobPattern(talk.lowerText(i));
            settings.forEach(
                    (name, value) -> {
                        if (pattern.matches(name.getBytes(StandardCharsets.ISO_8859_1))) {
                            found.put(name, value);
                        }
                    });
        }
        talk.reply.map(found.size());
        found.forEach(
                (name, value) -> {
                    talk.reply.bulk(name);
                    talk.reply.bulk(value);
                });
    }
}

package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.limit.CommandGroup;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which group a command of the telnet admin belongs to; those of none cannot be turned off. */
final class AdminGroups {
    private static final Map<String, CommandGroup> GROUPS =
            Map.ofEntries(
                    Map.entry("get", CommandGroup.READ),
                    Map.entry("me", CommandGroup.READ),
                    Map.entry("delete", CommandGroup.WRITE),
                    Map.entry("touch", CommandGroup.WRITE),
                    Map.entry("scan", CommandGroup.SCAN),
                    Map.entry("count", CommandGroup.SCAN),
                    Map.entry("bigkeys", CommandGroup.SCAN),
                    Map.entry("flush", CommandGroup.FLUSH),
                    Map.entry("invalidate", CommandGroup.FLUSH),
                    Map.entry("stats", CommandGroup.STATS),
                    Map.entry("top", CommandGroup.STATS),
                    Map.entry("latency", CommandGroup.STATS),
                    Map.entry("slowlog", CommandGroup.STATS),
                    Map.entry("regions", CommandGroup.STATS),
                    Map.entry("hotkeys", CommandGroup.STATS),
                    Map.entry("mrc", CommandGroup.STATS),
                    Map.entry("advise", CommandGroup.STATS),
                    Map.entry("memory", CommandGroup.STATS),
                    Map.entry("why", CommandGroup.STATS),
                    Map.entry("limit", CommandGroup.CONFIG_SET),
                    Map.entry("log", CommandGroup.CONFIG_SET),
                    Map.entry("watch", CommandGroup.WATCH),
                    Map.entry("trace", CommandGroup.WATCH),
                    Map.entry("snapshot", CommandGroup.SNAPSHOT),
                    Map.entry("restore", CommandGroup.SNAPSHOT),
                    Map.entry("drain", CommandGroup.DRAIN),
                    Map.entry("shutdown", CommandGroup.SHUTDOWN),
                    Map.entry("debug", CommandGroup.DEBUG));

    private AdminGroups() {}

    static @Nullable CommandGroup of(String name, List<byte[]> arguments) {
        String word = arguments.isEmpty() ? "" : new String(arguments.get(0), UTF_8);
        return switch (name) {
            case "config" -> word.equals("get") ? CommandGroup.STATS : CommandGroup.CONFIG_SET;
            case "client" -> word.equals("list") ? CommandGroup.STATS : CommandGroup.CLIENT;
            default -> GROUPS.get(name);
        };
    }
}

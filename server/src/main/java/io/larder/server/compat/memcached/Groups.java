package io.larder.server.compat.memcached;

import io.larder.server.limit.CommandGroup;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which group a command belongs to; those of none are about the conversation. */
final class Groups {
    private static final Map<String, CommandGroup> TEXT =
            Map.ofEntries(
                    Map.entry("get", CommandGroup.READ),
                    Map.entry("bget", CommandGroup.READ),
                    Map.entry("gets", CommandGroup.READ),
                    Map.entry("mg", CommandGroup.READ),
                    Map.entry("me", CommandGroup.READ),
                    Map.entry("gat", CommandGroup.WRITE),
                    Map.entry("gats", CommandGroup.WRITE),
                    Map.entry("set", CommandGroup.WRITE),
                    Map.entry("add", CommandGroup.WRITE),
                    Map.entry("replace", CommandGroup.WRITE),
                    Map.entry("append", CommandGroup.WRITE),
                    Map.entry("prepend", CommandGroup.WRITE),
                    Map.entry("cas", CommandGroup.WRITE),
                    Map.entry("ms", CommandGroup.WRITE),
                    Map.entry("md", CommandGroup.WRITE),
                    Map.entry("ma", CommandGroup.WRITE),
                    Map.entry("incr", CommandGroup.WRITE),
                    Map.entry("decr", CommandGroup.WRITE),
                    Map.entry("delete", CommandGroup.WRITE),
                    Map.entry("touch", CommandGroup.WRITE),
                    Map.entry("flush_all", CommandGroup.FLUSH),
                    Map.entry("stats", CommandGroup.STATS),
                    Map.entry("shutdown", CommandGroup.SHUTDOWN));

    private Groups() {}

    static @Nullable CommandGroup of(String word) {
        return TEXT.get(word);
    }

    static @Nullable CommandGroup of(BinaryOpcode opcode) {
        return switch (opcode) {
            case GET, GETK -> CommandGroup.READ;
            case SET, ADD, REPLACE, DELETE, INCREMENT, DECREMENT, APPEND, PREPEND ->
                    CommandGroup.WRITE;
            case TOUCH, GAT, GATK -> CommandGroup.WRITE;
            case FLUSH -> CommandGroup.FLUSH;
            case STAT -> CommandGroup.STATS;
            default -> null;
        };
    }
}

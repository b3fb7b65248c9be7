package io.larder.server.compat.resp;

import io.larder.server.compat.resp.RespCommand.Access;
import io.larder.server.limit.CommandGroup;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which group a command belongs to; those of none are about the conversation. */
final class Groups {
    private static final Map<String, CommandGroup> UNKEYED =
            Map.of(
                    "scan", CommandGroup.SCAN,
                    "keys", CommandGroup.SCAN,
                    "randomkey", CommandGroup.SCAN,
                    "dbsize", CommandGroup.STATS,
                    "info", CommandGroup.STATS,
                    "flushdb", CommandGroup.FLUSH,
                    "flushall", CommandGroup.FLUSH,
                    "shutdown", CommandGroup.SHUTDOWN,
                    "debug", CommandGroup.DEBUG);

    private Groups() {}

    /** The group of a command, told from one of its kind by its first argument, if it has one. */
    static @Nullable CommandGroup of(RespCommand command, @Nullable String argument) {
        if (command.firstKey() > 0) {
            return command.access() == Access.READS ? CommandGroup.READ : CommandGroup.WRITE;
        }
        String word = argument == null ? "" : argument.toLowerCase(Locale.ROOT);
        return switch (command.name()) {
            case "config" -> word.equals("set") ? CommandGroup.CONFIG_SET : null;
            case "client" ->
                    switch (word) {
                        case "kill", "pause", "unpause" -> CommandGroup.CLIENT;
                        default -> null;
                    };
            default -> UNKEYED.get(command.name());
        };
    }
}

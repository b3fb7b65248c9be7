package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.auth.Caller;
import io.larder.server.auth.Need;
import io.larder.server.memory.Slice;
import io.larder.server.region.RegionTable;
import java.util.List;
import java.util.Map;

/** Whether a connection's user may have a command carried out. Stateless. */
/*
 * What is not named here takes the right to operate the server. Most commands take the same whatever
 * their arguments are; those about items of the default region take what the same request takes in
 * every other protocol, so that the way somebody asks is no way around his rights.
 */
final class AdminAccess {
    private static final Map<String, Need> NEEDS =
            Map.ofEntries(
                    Map.entry("ruok", Need.NOBODY),
                    Map.entry("quit", Need.NOBODY),
                    Map.entry("auth", Need.NOBODY),
                    Map.entry("ready", Need.ANYBODY),
                    Map.entry("version", Need.ANYBODY),
                    Map.entry("uptime", Need.ANYBODY),
                    Map.entry("help", Need.ANYBODY),
                    Map.entry("stats", Need.STATS),
                    Map.entry("top", Need.STATS),
                    Map.entry("latency", Need.STATS),
                    Map.entry("regions", Need.STATS),
                    Map.entry("mrc", Need.STATS),
                    Map.entry("advise", Need.OBSERVE),
                    Map.entry("hotkeys", Need.OBSERVE),
                    Map.entry("trace", Need.OBSERVE),
                    Map.entry("slowlog", Need.OBSERVE),
                    Map.entry("bigkeys", Need.LIST));

    private static final Map<String, Need> OF_KEYS =
            Map.of(
                    "get", Need.READ,
                    "me", Need.READ,
                    "why", Need.READ,
                    "delete", Need.WRITE,
                    "touch", Need.WRITE);

    private static final Slice ALL_KEYS = new Slice();

    private AdminAccess() {}

    /** Whether somebody may ask it who has not shown who he is. */
    static boolean isFree(String command) {
        return NEEDS.get(command) == Need.NOBODY;
    }

    static boolean admits(Caller caller, String command, List<byte[]> arguments) {
        Need ofKey = OF_KEYS.get(command);
        if (ofKey != null) {
            return caller.may(ofKey) || caller.may(ofKey, Slice.of(arguments.get(0)));
        }
        return switch (command) {
            case "scan" -> mayList(caller, arguments, 1);
            case "count" -> mayList(caller, arguments, 0);
            case "watch" -> mayWatch(caller, arguments);
            case "flush" -> mayFlush(caller, arguments);
            case "invalidate" -> mayInvalidate(caller, arguments);
            default -> caller.may(need(command, arguments));
        };
    }

    /** Whether others are to be told who has asked it: what operators do, and all that clears. */
    static boolean isToldOf(String command, List<byte[]> arguments) {
        return switch (command) {
            case "flush", "invalidate" -> true;
            case "scan", "count", "watch" -> false;
            default ->
                    !OF_KEYS.containsKey(command)
                            && need(command, arguments) == Need.OPERATE
                            && !(command.equals("config") && word(arguments, 0).equals("get"));
        };
    }

    private static Need need(String command, List<byte[]> arguments) {
        String first = word(arguments, 0);
        return switch (command) {
            case "client" -> first.equals("list") ? Need.STATS : Need.OPERATE;
            case "memory" -> arguments.isEmpty() ? Need.STATS : Need.OPERATE;
            case "stats" ->
                    switch (first) {
                        case "prefix" -> Need.OBSERVE;
                        case "settings", "reset" -> Need.OPERATE;
                        default -> Need.STATS;
                    };
            case "slowlog" -> first.equals("reset") ? Need.OPERATE : Need.OBSERVE;
            default -> NEEDS.getOrDefault(command, Need.OPERATE);
        };
    }

    private static String word(List<byte[]> arguments, int index) {
        return index < arguments.size() ? new String(arguments.get(index), UTF_8) : "";
    }

    private static Slice bytes(List<byte[]> arguments, int index) {
        return index < arguments.size() ? Slice.of(arguments.get(index)) : ALL_KEYS;
    }

    private static boolean mayList(Caller caller, List<byte[]> arguments, int prefixAt) {
        return caller.may(Need.LIST, bytes(arguments, prefixAt));
    }

    /** All that happens, or what happens to the keys of one region that begin so. */
    private static boolean mayWatch(Caller caller, List<byte[]> arguments) {
        if (word(arguments, 0).equals(WatchCommand.AUDIT)) {
            return caller.may(Need.OPERATE);
        }
        if (caller.may(Need.OBSERVE)) {
            return true;
        }
        String region = WatchCommand.option(arguments, WatchCommand.REGION);
        String prefix = WatchCommand.option(arguments, WatchCommand.PREFIX);
        return region != null
                && WatchCommand.isAboutKeys(word(arguments, 0))
                && caller.may(Need.STATS)
                && caller.may(
                        Need.LIST,
                        region,
                        Slice.of((prefix == null ? "" : prefix).getBytes(UTF_8)));
    }

    /**
     * {@code flush [DELAY]}, {@code flush region R}, {@code flush tag R T}, {@code … prefix R P}.
     */
    private static boolean mayFlush(Caller caller, List<byte[]> arguments) {
        boolean isOfRegion =
                arguments.size() > 1
                        && List.of("region", "tag", "prefix").contains(word(arguments, 0));
        if (!isOfRegion) {
            return caller.mayEverywhere(Need.CLEAR);
        }
        Slice prefix = word(arguments, 0).equals("prefix") ? bytes(arguments, 2) : ALL_KEYS;
        return caller.may(Need.CLEAR, word(arguments, 1), prefix);
    }

    /** {@code invalidate region R}, or {@code tag T} or {@code prefix P} of the default region. */
    private static boolean mayInvalidate(Caller caller, List<byte[]> arguments) {
        return switch (word(arguments, 0)) {
            case "region" -> caller.may(Need.CLEAR, word(arguments, 1), ALL_KEYS);
            case "prefix" -> caller.may(Need.CLEAR, RegionTable.DEFAULT_NAME, bytes(arguments, 1));
            default -> caller.may(Need.CLEAR, RegionTable.DEFAULT_NAME, ALL_KEYS);
        };
    }
}

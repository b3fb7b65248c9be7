package io.larder.server.compat.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.server.auth.Caller;
import io.larder.server.auth.Need;
import io.larder.server.compat.KeyRow;
import io.larder.server.compat.resp.RespCommand.Access;
import io.larder.server.memory.Slice;
import io.larder.server.region.RegionTable;
import java.util.Map;
import java.util.Set;

/** Whether a connection's user may have a request carried out. Stateless. */
/*
 * What is not named here takes most: to read and write its keys, or to operate the server.
 */
final class RespAccess {
    private static final Map<String, Need> WITHOUT_KEYS =
            Map.ofEntries(
                    Map.entry("auth", Need.NOBODY),
                    Map.entry("hello", Need.NOBODY), // which says nothing to nobody
                    Map.entry("quit", Need.NOBODY),
                    Map.entry("reset", Need.NOBODY),
                    Map.entry("ping", Need.ANYBODY),
                    Map.entry("echo", Need.ANYBODY),
                    Map.entry("select", Need.ANYBODY),
                    Map.entry("subscribe", Need.ANYBODY),
                    Map.entry("unsubscribe", Need.ANYBODY),
                    Map.entry("command", Need.ANYBODY),
                    Map.entry("time", Need.ANYBODY),
                    Map.entry("scan", Need.LIST),
                    Map.entry("randomkey", Need.LIST),
                    Map.entry("flushdb", Need.CLEAR),
                    Map.entry("flushall", Need.CLEAR),
                    Map.entry("dbsize", Need.STATS),
                    Map.entry("info", Need.STATS));

    /** Sub-commands of CLIENT that are about one's own connection, or keys that one may read. */
    private static final Set<String> OWN_CLIENT =
            Set.of(
                    "id",
                    "getname",
                    "setname",
                    "setinfo",
                    "info",
                    "no-touch",
                    "no-evict",
                    "tracking",
                    "caching",
                    "trackinginfo",
                    "reply",
                    "help",
                    "getredir");

    /** Commands that change values and tell nothing of them. */
    private static final Set<String> WRITING =
            Set.of(
                    "set",
                    "setnx",
                    "setex",
                    "psetex",
                    "mset",
                    "msetnx",
                    "append",
                    "setrange",
                    "del",
                    "unlink",
                    "expire",
                    "pexpire",
                    "expireat",
                    "pexpireat",
                    "persist");

    /** What somebody is told who has not shown who he is, whatever he has asked. */
    static final String UNKNOWN_USER = "NOAUTH Authentication required.";

    /** Of what an operator asks. */
    private static final int WORDS_TOLD_MAX = 8;

    private RespAccess() {}

    /** Whether somebody may ask it who has not shown who he is. */
    static boolean isFree(RespCommand command) {
        return WITHOUT_KEYS.get(command.name()) == Need.NOBODY;
    }

    /** Whether it may be carried out; if not, it has been answered. */
    static boolean admits(RespTalk talk, RespCommand command) {
        Caller caller = talk.peer.caller();
        Need need = need(talk, command);
        if (caller.may(need)) {
            if (need == Need.OPERATE) {
                caller.operated("resp " + words(talk));
            }
            return true;
        }
        boolean isPartly =
                need.isKeyed()
                        ? areKeysAdmitted(talk, command, need)
                        : need == Need.LIST && caller.may(need, prefix(talk, command));
        if (isPartly) {
            return true;
        }
        caller.forbidden("resp " + command.name() + " in " + RegionTable.DEFAULT_NAME);
        talk.reply.error(
                need.isKeyed()
                        ? "NOPERM this user has no permissions to access one of the keys used as"
                                + " arguments"
                        : "NOPERM this user has no permissions to run the '"
                                + command.name()
                                + "' command");
        return false;
    }

    private static String words(RespTalk talk) {
        StringBuilder words = new StringBuilder(talk.lowerText(0));
        for (int i = 1; i < Math.min(talk.count(), WORDS_TOLD_MAX); i++) {
            words.append(' ').append(talk.text(i));
        }
        return words.toString();
    }

    private static Need need(RespTalk talk, RespCommand command) {
        if (command.firstKey() == 0) {
            return switch (command.name()) {
                case "client" -> ofClient(talk.lowerText(1));
                case "config" -> talk.is(1, "get") ? Need.STATS : Need.OPERATE;
                default -> WITHOUT_KEYS.getOrDefault(command.name(), Need.OPERATE);
            };
        }
        if (command.access() == Access.READS) {
            return Need.READ;
        }
        boolean isTold = command.name().equals("set") && hasWord(talk, "get");
        return WRITING.contains(command.name()) && !isTold ? Need.WRITE : Need.READ_AND_WRITE;
    }

    private static Need ofClient(String what) {
        if (OWN_CLIENT.contains(what)) {
            return Need.ANYBODY;
        }
        return what.equals("list") ? Need.STATS : Need.OPERATE;
    }

    private static boolean hasWord(RespTalk talk, String word) {
        for (int i = 3; i < talk.count(); i++) {
            if (talk.is(i, word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean areKeysAdmitted(RespTalk talk, RespCommand command, Need need) {
        Slice key = new Slice();
        int last = command.lastKey(talk.count());
        for (int i = command.firstKey(); i <= last; i += command.keyStep()) {
            KeyRow.wrap(key, talk.request.bytes(), talk.request.offset(i), talk.request.length(i));
            if (!talk.peer.caller().may(need, key)) {
                return false;
            }
        }
        return true;
    }

    /** What all keys begin with that a SCAN can show. */
    private static Slice prefix(RespTalk talk, RespCommand command) {
        String prefix = "";
        if (command.name().equals("scan")) {
            for (int i = 2; i + 1 < talk.count(); i += 2) {
                prefix = talk.is(i, "match") ? GlobPattern.literal(talk.text(i + 1)) : prefix;
            }
        }
        return Slice.of(prefix.getBytes(ISO_8859_1));
    }
}

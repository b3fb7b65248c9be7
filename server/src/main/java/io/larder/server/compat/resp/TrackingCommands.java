package io.larder.server.compat.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.server.auth.Need;
import io.larder.server.compat.resp.TrackingOptions.Mode;
import io.larder.server.memory.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CLIENT TRACKING and what belongs to it: what a connection is told of. Stateless. */
final class TrackingCommands {
    private static final String OTHER_MODE =
            " mode before disabling tracking for this client, and then re-enabling it with a"
                    + " different mode.";

    /** Prefixes of one connection: every write is compared with all there are. */
    private static final int PREFIXES_MAX = 64;

    /** The options as they were read. */
    private static final class Asked {
        long redirect;
        boolean isBroadcast;
        boolean isOptIn;
        boolean isOptOut;
        boolean isWithoutOwn;
        final List<byte[]> prefixes = new ArrayList<>();

        Mode mode() {
            return isBroadcast
                    ? Mode.BROADCAST
                    : isOptIn ? Mode.OPT_IN : isOptOut ? Mode.OPT_OUT : Mode.ALL;
        }
    }

    private TrackingCommands() {}

    static void tracking(RespTalk talk) {
        if (talk.count() < 3) {
            talk.wrongCount("client|tracking");
            return;
        }
        Asked asked = new Asked();
        String wrong = read(talk, asked);
        if (wrong == null && talk.is(2, "on")) {
            wrong = open(talk, asked);
        } else if (wrong == null && talk.is(2, "off")) {
            talk.tracking.close();
        } else if (wrong == null) {
            wrong = RespTalk.SYNTAX;
        }
        if (wrong == null) {
            talk.reply.ok();
        } else {
            talk.reply.error(wrong);
        }
    }

    private static @Nullable String read(RespTalk talk, Asked asked) {
        for (int i = 3; i < talk.count(); i++) {
            boolean hasNext = i + 1 < talk.count();
            switch (talk.lowerText(i)) {
                case "bcast" -> asked.isBroadcast = true;
                case "optin" -> asked.isOptIn = true;
                case "optout" -> asked.isOptOut = true;
                case "noloop" -> asked.isWithoutOwn = true;
                case "redirect" -> {
                    if (!hasNext) {
                        return RespTalk.SYNTAX;
                    }
                    if (asked.redirect != 0) {
                        return "ERR A client can only redirect to a single other client";
                    }
                    if (!talk.isNumber(++i)) {
                        return RespTalk.NOT_AN_INTEGER;
                    }
                    asked.redirect = talk.number();
                    if (talk.resp.clients.find(asked.redirect) == null) {
                        return "ERR The client ID you want redirect to does not exist";
                    }
                }
                case "prefix" -> {
                    if (!hasNext) {
                        return RespTalk.SYNTAX;
                    }
                    asked.prefixes.add(talk.text(++i).getBytes(ISO_8859_1));
                }
                default -> {
                    return RespTalk.SYNTAX;
                }
            }
        }
        return null;
    }

    private static @Nullable String open(RespTalk talk, Asked asked) {
        Mode mode = asked.mode();
        TrackingOptions before = talk.tracking.options();
        boolean wasOn = talk.tracking.isOn();
        if (!asked.isBroadcast && !asked.prefixes.isEmpty()) {
            return "ERR PREFIX option requires BCAST mode to be enabled";
        }
        if (wasOn && asked.isBroadcast != (before.mode() == Mode.BROADCAST)) {
            return "ERR You can't switch BCAST mode on/off before disabling tracking for this client,"
                    + " and then re-enabling it with a different mode.";
        }
        if (asked.isBroadcast && (asked.isOptIn || asked.isOptOut)) {
            return "ERR OPTIN and OPTOUT are not compatible with BCAST";
        }
        if (asked.isOptIn && asked.isOptOut) {
            return "ERR You can't specify both OPTIN mode and OPTOUT mode";
        }
        boolean isOther = mode != before.mode() && mode != Mode.ALL && before.mode() != Mode.ALL;
        if (wasOn && isOther) {
            return "ERR You can't switch OPTIN/OPTOUT" + OTHER_MODE;
        }
        if (asked.redirect != 0 && !mayRedirect(talk, asked.redirect)) {
            return "NOPERM this user has no permissions to have another user's connection told";
        }
        List<byte[]> prefixes = new ArrayList<>(before.prefixes());
        if (asked.isBroadcast) {
            String wrong = join(prefixes, asked, talk);
            if (wrong != null) {
                return wrong;
            }
        }
        talk.tracking.open(
                new TrackingOptions(
                        asked.redirect, mode, asked.isWithoutOwn, List.copyOf(prefixes)));
        return null;
    }

    private static boolean mayRedirect(RespTalk talk, long id) {
        Client other = talk.resp.clients.find(id);
        return other == null
                || other.user().equals(talk.client.user())
                || talk.peer.caller().may(Need.OPERATE);
    }

    /** Adds what is asked to the prefixes there are; none means all keys. */
    private static @Nullable String join(List<byte[]> prefixes, Asked asked, RespTalk talk) {
        List<byte[]> more = asked.prefixes;
        if (more.isEmpty() && prefixes.isEmpty()) {
            more = List.of(new byte[0]);
        }
        for (byte[] prefix : more) {
            if (!talk.peer.caller().may(Need.LIST)
                    && !talk.peer.caller().may(Need.LIST, Slice.of(prefix))) {
                return "NOPERM this user has no permissions to be told of these keys";
            }
            for (byte[] other : prefixes) {
                if (overlap(prefix, other)) {
                    return overlapError(prefix, other, " overlaps with an existing prefix '");
                }
            }
        }
        for (int i = 0; i < more.size(); i++) {
            for (int j = i + 1; j < more.size(); j++) {
                if (overlap(more.get(i), more.get(j))) {
                    return overlapError(
                            more.get(i), more.get(j), " overlaps with another provided prefix '");
                }
            }
        }
        prefixes.addAll(more);
        return prefixes.size() > PREFIXES_MAX
                ? "ERR prefixes: " + prefixes.size() + " (expected: 1.." + PREFIXES_MAX + ")"
                : null;
    }

    private static String overlapError(byte[] prefix, byte[] other, String how) {
        return "ERR Prefix '"
                + new String(prefix, ISO_8859_1)
                + '\''
                + how
                + new String(other, ISO_8859_1)
                + "'. Prefixes for a single client must not overlap.";
    }

    /** Whether some key begins with both. */
    private static boolean overlap(byte[] one, byte[] other) {
        return Slice.of(one).startsWith(other) || Slice.of(other).startsWith(one);
    }

    static void caching(RespTalk talk) {
        if (!talk.hasCount("client", 3)) {
            return;
        }
        Mode mode = talk.tracking.options().mode();
        if (!talk.tracking.isOn() || (mode != Mode.OPT_IN && mode != Mode.OPT_OUT)) {
            talk.reply.error(
                    "ERR CLIENT CACHING can be called only when the client is in tracking mode with"
                            + " OPTIN or OPTOUT mode enabled");
        } else if (talk.is(2, "yes") && mode == Mode.OPT_OUT) {
            talk.reply.error(
                    "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.");
        } else if (talk.is(2, "no") && mode == Mode.OPT_IN) {
            talk.reply.error(
                    "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.");
        } else if (talk.is(2, "yes") || talk.is(2, "no")) {
            talk.tracking.opt();
            talk.reply.ok();
        } else {
            talk.reply.error(RespTalk.SYNTAX);
        }
    }

    static void redirect(RespTalk talk) {
        if (talk.hasCount("client", 2)) {
            talk.reply.number(redirectOf(talk.tracking));
        }
    }

    private static long redirectOf(Tracking tracking) {
        return tracking.isOn() ? tracking.options().redirect() : -1;
    }

    static void info(RespTalk talk) {
        if (!talk.hasCount("client", 2)) {
            return;
        }
        List<String> flags = flags(talk.tracking);
        talk.reply.map(3);
        talk.reply.bulk("flags");
        talk.reply.set(flags.size());
        flags.forEach(talk.reply::bulk);
        talk.reply.bulk("redirect");
        talk.reply.number(redirectOf(talk.tracking));
        talk.reply.bulk("prefixes");
        List<byte[]> prefixes = talk.tracking.options().prefixes();
        talk.reply.array(prefixes.size());
        prefixes.forEach(each -> talk.reply.bulk(each, each.length));
    }

    private static List<String> flags(Tracking tracking) {
        TrackingOptions options = tracking.options();
        List<String> flags = new ArrayList<>();
        flags.add(tracking.isOn() ? "on" : "off");
        switch (options.mode()) {
            case BROADCAST -> flags.add("bcast");
            case OPT_IN -> {
                flags.add("optin");
                if (tracking.hasOpted()) {
                    flags.add("caching-yes");
                }
            }
            case OPT_OUT -> {
                flags.add("optout");
                if (tracking.hasOpted()) {
                    flags.add("caching-no");
                }
            }
            case ALL -> {
                // needs no word
            }
        }
        if (options.isWithoutOwn()) {
            flags.add("noloop");
        }
        if (tracking.isBroken()) {
            flags.add("broken_redirect");
        }
        return flags;
    }
}

package io.larder.server.compat.resp;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** CLIENT: what connections are open, what they are called, and what one is told of. Stateless. */
final class ClientCommands {
    /** The kinds of connections that Redis tells apart; here all are the first. */
    private static final List<String> TYPES =
            List.of("normal", "master", "replica", "slave", "pubsub");

    private static final Set<String> SWITCHES = Set.of("on", "off");

    private ClientCommands() {}

    static void run(RespTalk talk) {
        switch (talk.lowerText(1)) {
            case "id" -> {
                if (talk.hasCount("client", 2)) {
                    talk.reply.number(talk.client.id);
                }
            }
            case "getname" -> {
                if (talk.hasCount("client", 2)) {
                    name(talk);
                }
            }
            case "setname" -> {
                if (talk.hasCount("client", 3) && ConnectionCommands.setName(talk, talk.text(2))) {
                    talk.reply.ok();
                }
            }
            case "setinfo" -> {
                if (talk.hasCount("client", 4)) {
                    talk.reply.ok();
                }
            }
            case "info" -> {
                if (talk.hasCount("client", 2)) {
                    talk.reply.bulk(talk.client.describe() + "\n");
                }
            }
            case "list" -> list(talk);
            case "kill" -> kill(talk);
            case "no-touch", "no-evict" -> accept(talk);
            case "tracking" -> TrackingCommands.tracking(talk);
            case "caching" -> TrackingCommands.caching(talk);
            case "trackinginfo" -> TrackingCommands.info(talk);
            case "getredir" -> TrackingCommands.redirect(talk);
            case "reply" -> reply(talk);
            case "pause" -> pause(talk);
            case "unpause" -> {
                if (talk.hasCount("client", 2)) {
                    talk.resp.pause.end(talk.resp.clients);
                    talk.reply.ok();
                }
            }
            case "help" -> Documentation.writeHelp(talk.reply, "client");
            default -> talk.unknownSubcommand("CLIENT");
        }
    }

    private static void name(RespTalk talk) {
        if (talk.client.name.isEmpty()) {
            talk.reply.none();
        } else {
            talk.reply.bulk(talk.client.name);
        }
    }

    private static void accept(RespTalk talk) {
        if (!talk.hasCount("client", 3)) {
            return;
        }
        if (SWITCHES.contains(talk.lowerText(2))) {
            talk.reply.ok();
        } else {
            talk.reply.error(RespTalk.SYNTAX);
        }
    }

    private static void reply(RespTalk talk) {
        if (!talk.hasCount("client", 3)) {
            return;
        }
        switch (talk.lowerText(2)) {
            case "on" -> {
                talk.replies(RespTalk.Replies.ON);
                talk.reply.ok();
            }
            case "off" -> talk.replies(RespTalk.Replies.OFF);
            case "skip" -> talk.skipReplies();
            default -> talk.reply.error(RespTalk.SYNTAX);
        }
    }

    private static void pause(RespTalk talk) {
        if (talk.count() != 3 && talk.count() != 4) {
            talk.wrongCount("client|pause");
            return;
        }
        boolean isOfWrites = talk.is(3, "write");
        if (talk.count() == 4 && !isOfWrites && !talk.is(3, "all")) {
            talk.reply.error("ERR CLIENT PAUSE mode must be WRITE or ALL");
        } else if (!talk.isNumber(2) || talk.number() > Pause.MILLIS_MAX) {
            talk.reply.error("ERR timeout is not an integer or out of range");
        } else if (talk.number() < 0) {
            talk.reply.error("ERR timeout is negative");
        } else {
            talk.resp.pause.begin(talk.number(), isOfWrites);
            talk.reply.ok();
        }
    }

    private static void list(RespTalk talk) {
        List<Client> meant = new ArrayList<>(talk.resp.clients.all());
        if (talk.count() == 4 && talk.is(2, "type")) {
            if (!keepType(talk, 3, meant)) {
                return;
            }
        } else if (talk.count() > 3 && talk.is(2, "id")) {
            List<Long> ids = new ArrayList<>();
            for (int i = 3; i < talk.count(); i++) {
                if (!talk.isNumber(i)) {
                    talk.reply.error("ERR Invalid client ID");
                    return;
                }
                ids.add(talk.number());
            }
            meant.removeIf(each -> !ids.contains(each.id));
        } else if (talk.count() > 2) {
            talk.reply.error(RespTalk.SYNTAX);
            return;
        }
        StringBuilder lines = new StringBuilder();
        meant.forEach(each -> lines.append(each.describe()).append('\n'));
        talk.reply.bulk(lines.toString());
    }

    /** Leaves those of a type; false, and answered, if there is no such type. */
    private static boolean keepType(RespTalk talk, int argument, List<Client> meant) {
        String type = talk.lowerText(argument);
        if (!TYPES.contains(type)) {
            talk.reply.error("ERR Unknown client type '" + talk.text(argument) + "'");
            return false;
        }
        if (!type.equals(TYPES.get(0))) {
            meant.clear();
        }
        return true;
    }

    private static void kill(RespTalk talk) {
        boolean isOld = talk.count() == 3;
        if (talk.count() < 3) {
            talk.wrongCount("client|kill");
            return;
        }
        if (!isOld && talk.count() % 2 != 0) {
            talk.reply.error(RespTalk.SYNTAX);
            return;
        }
        List<Client> meant = new ArrayList<>(talk.resp.clients.all());
        boolean isMeSkipped = !isOld;
        for (int i = isOld ? 1 : 2; i + 1 < talk.count(); i += 2) {
            if (!isOld && talk.is(i, "skipme")) {
                isMeSkipped = talk.is(i + 1, "yes");
                if (!isMeSkipped && !talk.is(i + 1, "no")) {
                    talk.reply.error(RespTalk.SYNTAX);
                    return;
                }
            } else if (!keepMeant(talk, isOld ? "addr" : talk.lowerText(i), i + 1, meant)) {
                return;
            }
        }
        if (isMeSkipped) {
            meant.remove(talk.client);
        }
        for (Client each : meant) {
            if (each == talk.client) {
                talk.end();
            } else {
                each.peer.close();
            }
        }
        if (!isOld) {
            talk.reply.number(meant.size());
        } else if (meant.isEmpty()) {
            talk.reply.error("ERR No such client");
        } else {
            talk.reply.ok();
        }
    }

    /** Leaves those that a filter means; false, and answered, if it is none. */
    private static boolean keepMeant(RespTalk talk, String what, int argument, List<Client> meant) {
        String value = talk.text(argument);
        switch (what) {
            case "id" -> {
                if (!talk.isNumber(argument) || talk.number() < 1) {
                    talk.reply.error("ERR client-id should be greater than 0");
                    return false;
                }
                long id = talk.number();
                meant.removeIf(each -> each.id != id);
            }
            case "addr" -> meant.removeIf(each -> !each.address.equals(value));
            case "laddr" -> meant.removeIf(each -> !each.localAddress.equals(value));
            case "type" -> {
                return keepType(talk, argument, meant);
            }
            case "user" -> {
                if (!value.equals(Client.NOBODY) && !talk.peer.caller().isUser(value)) {
                    talk.reply.error("ERR No such user '" + value + "'");
                    return false;
                }
                meant.removeIf(each -> !each.user().equals(value));
            }
            default -> {
                talk.reply.error(RespTalk.SYNTAX);
                return false;
            }
        }
        return true;
    }
}

package io.larder.server.compat.resp;

/** Commands about the connection itself. Stateless. */
final class ConnectionCommands {
    private static final int NAME_CHARACTERS_MAX = 256;

    private ConnectionCommands() {}

    static void addTo(CommandTable table) {
        table.add("ping", -1, "Answers", ConnectionCommands::ping);
        table.add("echo", 2, "Answers with the same", talk -> bulk(talk, 1));
        table.add("auth", -2, "Shows who one is", RespAuth::auth);
        table.add("hello", -1, "Agrees on the protocol", ConnectionCommands::hello);
        table.add("select", 2, "There is one database, 0", ConnectionCommands::select);
        table.add("client", -2, "About connections", ClientCommands::run);
        table.add("subscribe", -2, "Listens to a channel", Channels::subscribe);
        table.add("unsubscribe", -1, "Listens no more", Channels::unsubscribe);
        table.add("reset", 1, "Begins anew", ConnectionCommands::reset);
        table.add("quit", -1, "Closes the connection", ConnectionCommands::quit);
    }

    private static void bulk(RespTalk talk, int argument) {
        talk.reply.bulk(
                talk.request.bytes(), talk.request.offset(argument), talk.request.length(argument));
    }

    private static void ping(RespTalk talk) {
        if (talk.count() < 3 && talk.isSubscribed() && !talk.reply.isThree()) {
            talk.reply.array(2);
            talk.reply.bulk("pong");
            talk.reply.bulk(talk.count() == 2 ? talk.text(1) : "");
        } else if (talk.count() == 1) {
            talk.reply.status("PONG");
        } else if (talk.count() == 2) {
            bulk(talk, 1);
        } else {
            talk.reply.error("ERR wrong number of arguments for 'ping' command");
        }
    }

    private static void quit(RespTalk talk) {
        talk.reply.ok();
        talk.end();
    }

    private static void reset(RespTalk talk) {
        talk.tracking.close();
        talk.peer.caller().forget();
        talk.client.name = "";
        talk.subscribe(false);
        talk.replies(RespTalk.Replies.ON);
        protocol(talk, 2);
        talk.reply.status("RESET");
    }

    private static void protocol(RespTalk talk, int version) {
        talk.reply.three(version == 3);
        talk.client.protocol = version;
    }

    private static void select(RespTalk talk) {
        if (!talk.readNumber(1)) {
            return;
        }
        if (talk.number() == 0) {
            talk.reply.ok();
        } else {
            talk.reply.error("ERR DB index is out of range");
        }
    }

    private static void hello(RespTalk talk) {
        int version = talk.reply.isThree() ? 3 : 2;
        String name = null;
        int secretAt = 0;
        if (talk.count() > 1) {
            boolean isKnown = talk.text(1).equals("2") || talk.text(1).equals("3");
            if (!isKnown && !talk.isNumber(1)) {
                talk.reply.error("ERR Protocol version is not an integer or out of range");
                return;
            }
            if (!isKnown) {
                talk.reply.error("NOPROTO unsupported protocol version");
                return;
            }
            version = talk.text(1).charAt(0) - '0';
        }
        for (int i = 2; i < talk.count(); i += 2) {
            if (talk.is(i, "auth") && i + 2 < talk.count()) {
                secretAt = i + 2;
                i++;
                continue;
            }
            if (!talk.is(i, "setname") || i + 1 >= talk.count()) {
                talk.reply.error("ERR Syntax error in HELLO option '" + talk.text(i) + "'");
                return;
            }
            name = talk.text(i + 1);
        }
        if (secretAt > 0 && !RespAuth.show(talk, secretAt - 1, secretAt)) {
            return;
        }
        if (!talk.peer.caller().isKnown()) {
            talk.reply.error(RespAuth.HELLO_EXPECTED);
            return;
        }
        if (name != null && !setName(talk, name)) {
            return;
        }
        protocol(talk, version);
        talk.reply.map(7);
        talk.reply.bulk("server");
        talk.reply.bulk("redis");
        talk.reply.bulk("version");
        talk.reply.bulk(Resp.VERSION);
        talk.reply.bulk("proto");
        talk.reply.number(version);
        talk.reply.bulk("id");
        talk.reply.number(talk.client.id);
        talk.reply.bulk("mode");
        talk.reply.bulk("standalone");
        talk.reply.bulk("role");
        talk.reply.bulk("master");
        talk.reply.bulk("modules");
        talk.reply.array(0);
    }

    static boolean setName(RespTalk talk, String name) {
        boolean isSound =
                name.length() <= NAME_CHARACTERS_MAX
                        && name.chars().allMatch(character -> character > ' ' && character < 0x7f);
        if (!isSound) {
            talk.reply.error(
                    "ERR Client names cannot contain spaces, newlines or special characters.");
            return false;
        }
        talk.client.name = name;
        talk.peer.caller().client(name);
        return true;
    }
}

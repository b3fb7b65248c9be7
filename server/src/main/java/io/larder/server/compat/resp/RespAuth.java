package io.larder.server.compat.resp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.auth.Caller;

/** AUTH, also inside of HELLO: who the connection's user is. Stateless. */
final class RespAuth {
    /** What a HELLO is answered that does not say who one is. */
    static final String HELLO_EXPECTED =
            "NOAUTH HELLO must be called with the client already authenticated (expected: AUTH"
                    + " before, or HELLO <proto> AUTH <user> <pass>)";

    private static final String NO_USERS =
            "ERR AUTH called without any users (expected: none, everybody may do everything)";
    private static final String WRONG =
            "WRONGPASS invalid username-password pair or user is disabled.";

    private RespAuth() {}

    static void auth(RespTalk talk) {
        if (talk.count() > 3) {
            talk.reply.error(RespTalk.SYNTAX);
        } else if (show(talk, talk.count() == 3 ? 1 : 0, talk.count() - 1)) {
            talk.reply.ok();
        }
    }

    /**
     * Takes a name and a secret; if it is not accepted, it has been answered.
     *
     * @param nameAt an argument; 0 for none
     */
    static boolean show(RespTalk talk, int nameAt, int secretAt) {
        Caller caller = talk.peer.caller();
        if (!caller.isRequired()) {
            talk.reply.error(NO_USERS);
            return false;
        }
        String name = nameAt == 0 ? "" : text(talk, nameAt);
        boolean isNameless = name.equals(Client.NOBODY) && !caller.isUser(Client.NOBODY);
        if (caller.show(isNameless ? "" : name, text(talk, secretAt)).isAccepted()) {
            return true;
        }
        talk.reply.error(WRONG);
        if (caller.hasFailedTooOften()) {
            talk.end();
        }
        return false;
    }

    private static String text(RespTalk talk, int argument) {
        return talk.request
                .bytes()
                .toString(talk.request.offset(argument), talk.request.length(argument), UTF_8);
    }
}

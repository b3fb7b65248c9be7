package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.auth.Caller;
import io.larder.server.auth.Verdict;
import java.util.List;

/** Shows who the connection's user is. */
final class AuthCommand implements AdminCommand {
    @Override
    public String name() {
        return "auth";
    }

    @Override
    public String usage() {
        return "WHO [SECRET]";
    }

    @Override
    public String summary() {
        return "shows who one is, where the server has users: auth USER PASSWORD, or auth TOKEN";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        Caller caller = reply.caller();
        if (!caller.isRequired()) {
            reply.error("no-users", "(expected: no auth, everybody may do everything)");
            return;
        }
        String first = new String(arguments.get(0), UTF_8);
        Verdict verdict =
                arguments.size() == 1
                        ? caller.show("", first)
                        : caller.show(first, new String(arguments.get(1), UTF_8));
        if (verdict.isAccepted()) {
            reply.ok();
            return;
        }
        reply.error(
                "auth-failed",
                verdict.retryAfterMillis() == 0
                        ? "not the secret of a user"
                        : "not looked at (expected: fewer tries; the next one in "
                                + verdict.retryAfterMillis()
                                + " ms)");
        if (caller.hasFailedTooOften()) {
            reply.closeConnection();
        }
    }
}

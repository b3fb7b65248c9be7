package io.larder.server.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.protocol.AuthRequest;
import io.larder.protocol.ErrorBody;
import io.larder.protocol.Status;
import io.larder.protocol.auth.ScramSha256;
import io.larder.server.auth.ScramExchange;
import io.larder.server.auth.Verdict;
import java.util.Locale;

/** AUTH: a step by which a session's user shows who he is. Stateless; any event loop. */
final class AuthCommand {
    /** Tries that fail before the connection is closed. */
    private static final int FAILURES_MAX = 3;

    void auth(Session session, Workbench bench) {
        Request request = bench.request;
        if (!session.access.control().isRequired()) {
            bench.reply.error(
                    Status.UNSUPPORTED,
                    "users",
                    "none here",
                    "no AUTH, everybody may do everything");
            return;
        }
        if (request.keyBytes != 0) {
            bench.reply.error(Status.BAD_REQUEST, "keyLength", request.keyBytes, "0");
            return;
        }
        AuthRequest step = AuthRequest.read(request.frame, request.valueOffset, request.valueBytes);
        switch (step.mechanism()) {
            case AuthRequest.TOKEN ->
                    settle(
                            session,
                            bench,
                            session.access.control().ofToken(step.data(), session.origin()),
                            "");
            case ScramSha256.MECHANISM -> scram(session, bench, step.data());
            default ->
                    bench.reply.error(
                            Status.UNSUPPORTED,
                            "mechanism",
                            String.format(Locale.ROOT, "of %d bytes", step.mechanism().length()),
                            AuthRequest.TOKEN + " or " + ScramSha256.MECHANISM);
        }
    }

    private static void scram(Session session, Workbench bench, byte[] data) {
        SessionAccess access = session.access;
        ScramExchange present = access.exchange();
        try {
            if (present == null) {
                ScramExchange begun = access.control().beginScram(session.origin());
                String answer = begun.first(data);
                access.exchange(begun);
                answer(bench, answer);
            } else {
                access.exchange(null);
                Verdict verdict = present.last(data);
                settle(session, bench, verdict, present.signature());
            }
        } catch (IllegalArgumentException malformed) {
            bench.reply.error(
                    Status.BAD_REQUEST, ErrorBody.of(String.valueOf(malformed.getMessage())));
            fail(session);
        }
    }

    private static void settle(
            Session session, Workbench bench, Verdict verdict, String lastMessage) {
        if (verdict.isAccepted()) {
            session.become(verdict.accepted());
            answer(bench, lastMessage);
            return;
        }
        ErrorBody refusal = ErrorBody.of("secret", "not accepted", "a user's");
        bench.reply.error(
                Status.AUTH_FAILED,
                verdict.retryAfterMillis() == 0
                        ? refusal
                        : ErrorBody.of("secret", "not looked at", "fewer tries")
                                .withRetryAfterMillis((int) verdict.retryAfterMillis()));
        fail(session);
    }

    private static void fail(Session session) {
        if (session.access.failed() >= FAILURES_MAX) {
            session.close();
        }
    }

    private static void answer(Workbench bench, String message) {
        bench.reply.startValue();
        bench.reply.out().writeCharSequence(message, ISO_8859_1);
        bench.reply.endValue();
    }
}

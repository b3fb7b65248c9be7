package io.larder.server.compat.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.auth.ScramSha256;
import io.larder.server.auth.Caller;
import io.larder.server.auth.ScramExchange;
import io.larder.server.auth.Verdict;
import io.larder.server.compat.memcached.BinaryReply.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/** How a connection's user shows who he is: SASL. One connection's, on its event loop. */
final class BinaryAuth {
    /** Bytes of the longest message; a longer one is nobody's. */
    static final int BYTES_MAX = 2_048;

    private static final String PLAIN = "PLAIN";
    private static final int PLAIN_PARTS = 3;

    private final Caller caller;
    private @Nullable ScramExchange exchange; // under way

    BinaryAuth(Caller caller) {
        this.caller = caller;
    }

    static void list(BinaryRequest request, ByteBuf out) {
        BinaryReply.appendText(out, request, "", PLAIN + ' ' + ScramSha256.MECHANISM);
    }

    /**
     * Takes a whole request, the first or a further one, and answers it.
     *
     * @return whether the connection goes on
     */
    boolean take(BinaryRequest request, ByteBuf out) {
        byte[] message =
                ByteBufUtil.getBytes(
                        request.in, request.valueOffset(), (int) request.valueBytes(), true);
        switch (request.keyText()) {
            case PLAIN -> plain(message, request, out);
            case ScramSha256.MECHANISM -> scram(message, request, out);
            default -> refuse(request, out);
        }
        return caller.isKnown() || !caller.hasFailedTooOften();
    }

    /** On behalf of whom, who, and what he shows: each after a NUL but the first. */
    private void plain(byte[] message, BinaryRequest request, ByteBuf out) {
        String[] parts = new String(message, UTF_8).split("\0", -1);
        if (parts.length != PLAIN_PARTS) {
            caller.failed();
            refuse(request, out);
        } else {
            settle(caller.show(parts[1], parts[2]), "Authenticated", request, out);
        }
    }

    private void scram(byte[] message, BinaryRequest request, ByteBuf out) {
        ScramExchange present = exchange;
        exchange = null;
        try {
            if (present == null) {
                ScramExchange begun = caller.beginScram();
                String answer = begun.first(message);
                exchange = begun;
                BinaryReply.appendText(out, request, Status.AUTH_CONTINUES, answer);
            } else {
                Verdict verdict = caller.take(present.last(message));
                settle(verdict, present.signature(), request, out);
            }
        } catch (IllegalArgumentException malformed) {
            caller.failed();
            refuse(request, out);
        }
    }

    private static void settle(Verdict verdict, String answer, BinaryRequest request, ByteBuf out) {
        if (verdict.isAccepted()) {
            BinaryReply.appendText(out, request, Status.OK, answer);
        } else {
            refuse(request, out);
        }
    }

    private static void refuse(BinaryRequest request, ByteBuf out) {
        BinaryReply.append(out, request, Status.UNAUTHENTICATED);
    }
}

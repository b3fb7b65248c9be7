package io.larder.server.compat.memcached;

import io.larder.server.auth.Caller;
import io.larder.server.auth.Verdict;
import io.larder.server.compat.Ascii;
import io.larder.server.compat.memcached.TextCommand.Step;
import java.nio.charset.StandardCharsets;

/**
 * What a connection may say whose user is not known: {@code set} of anything to the user's name, a
 * space and his password or token, or to a token alone; and {@code quit}. Stateless.
 */
final class TextAuth {
    private static final byte[] SET = Ascii.bytes("set");
    private static final byte[] QUIT = Ascii.bytes("quit");
    private static final byte[] STORED = Ascii.bytes("STORED\r\n");
    private static final byte[] FAILURE = Ascii.bytes("CLIENT_ERROR authentication failure\r\n");
    private static final byte[] UNAUTHENTICATED = Ascii.bytes("CLIENT_ERROR unauthenticated\r\n");
    private static final int SIZE_WORD = 4;
    private static final int BYTES_MAX = 2_048;

    private TextAuth() {}

    static Step run(TextConversation talk) {
        TextLine line = talk.line();
        if (line.is(0, QUIT)) {
            return Step.ENDS;
        }
        if (!line.is(0, SET) || line.count() <= SIZE_WORD) {
            return talk.reply(UNAUTHENTICATED);
        }
        if (!talk.readNumber(SIZE_WORD) || talk.bench().digits.value() < 0) {
            return talk.reply(TextConversation.BAD_FORMAT);
        }
        long bytes = talk.bench().digits.value();
        if (bytes > BYTES_MAX) {
            talk.reply(FAILURE);
            return Step.ENDS;
        }
        if (!talk.hasData((int) bytes)) {
            return Step.NEEDS_INPUT;
        }
        String data = talk.in().toString(line.next(), (int) bytes, StandardCharsets.UTF_8);
        return show(talk, data);
    }

    private static Step show(TextConversation talk, String data) {
        Caller caller = talk.peer().caller();
        int space = data.indexOf(' ');
        Verdict verdict =
                caller.show(space < 0 ? "" : data.substring(0, space), data.substring(space + 1));
        if (verdict.isAccepted()) {
            return talk.reply(STORED);
        }
        talk.reply(FAILURE);
        return caller.hasFailedTooOften() ? Step.ENDS : Step.DONE;
    }
}

package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.larder.server.compat.ClientLimits;
import io.larder.server.compat.memcached.TextCommand.Step;
import io.larder.server.limit.CommandGroup;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Refuses a line for one of the limits that all connections share. Stateless. */
final class TextLimits {
    /** The word that says how long the data behind a line is. */
    private static final Map<String, Integer> SIZE_WORDS =
            Map.of("set", 4, "add", 4, "replace", 4, "append", 4, "prepend", 4, "cas", 4, "ms", 2);

    private TextLimits() {}

    /** Answers the present line if a limit is in its way; null if none is. */
    static @Nullable Step refuse(TextConversation talk, ClientLimits limits) {
        TextLine line = talk.line();
        String word =
                talk.in().toString(line.offset(0), line.length(0), StandardCharsets.ISO_8859_1);
        CommandGroup group = Groups.of(word);
        String reply = null;
        if (limits.isDisabled(group)) {
            reply = "CLIENT_ERROR " + word + " not allowed\r\n";
        } else {
            String busy = limits.busy(group);
            if (busy != null) {
                reply = "SERVER_ERROR busy: " + busy + "\r\n";
            }
        }
        return reply == null ? null : refuse(talk, word, Ascii.bytes(reply));
    }

    /** What belongs to the line is thrown away with it. */
    private static Step refuse(TextConversation talk, String word, byte[] reply) {
        TextLine line = talk.line();
        Integer sizeWord = SIZE_WORDS.get(word);
        if (sizeWord != null && line.count() > sizeWord && talk.readNumber(sizeWord)) {
            long bytes = talk.bench().digits.value();
            if (bytes >= 0 && bytes <= Integer.MAX_VALUE - 2) {
                talk.swallow(bytes + 2);
            }
        }
        talk.takeNoReply();
        return talk.reply(reply);
    }
}

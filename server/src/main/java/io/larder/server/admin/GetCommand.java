package io.larder.server.admin;

import io.larder.protocol.text.QuotedText;
import java.util.List;

/**
 * Shows the value of a key in one line, in the form of {@link QuotedText#answer}: as it is if that
 * is plain text, quoted if not. A negative item is {@code NEGATIVE}, a miss is {@code END} alone.
 */
final class GetCommand implements AdminCommand {
    /** Shown of a negative item; a value of these letters is quoted. */
    private static final String NEGATIVE = "NEGATIVE";

    private final ItemLookup items;

    GetCommand(ItemLookup items) {
        this.items = items;
    }

    @Override
    public String name() {
        return "get";
    }

    @Override
    public String usage() {
        return "KEY";
    }

    @Override
    public String summary() {
        return "a key's value, \"quoted\" unless plain text; nothing on a miss";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        byte[] key = arguments.get(0);
        if (!AdminItems.isKey(key, reply)) {
            return;
        }
        ItemLookup.Found found = items.find(key);
        if (found != null) {
            if (found.isNegative()) {
                reply.value(NEGATIVE, NEGATIVE);
            } else {
                reply.value(QuotedText.textOf(found.value()), shown(found.value()));
            }
        }
        reply.end();
    }

    private static String shown(byte[] value) {
        String text = QuotedText.answer(value);
        return text.equals(NEGATIVE) ? '"' + text + '"' : text;
    }
}

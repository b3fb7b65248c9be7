package io.larder.server.command;

import io.larder.server.store.ItemView;
import io.larder.server.store.ValueSink;
import java.nio.charset.StandardCharsets;

/** Looks at an item without replying with it. One thread. */
final class ProbeSink implements ValueSink {
    private static final int SHOWN_BYTES_MAX = 32;

    long version;
    long callerVersion;
    private int valueBytes;
    private final byte[] value = new byte[SHOWN_BYTES_MAX];

    @Override
    public void accept(ItemView item) {
        version = item.version();
        callerVersion = item.callerVersion();
        valueBytes = item.valueLength();
        if (valueBytes <= SHOWN_BYTES_MAX) {
            item.copyTo(value, 0);
        }
    }

    /** The value as far as it is fit for people: short, and nothing but printable characters. */
    String valueText() {
        if (valueBytes > SHOWN_BYTES_MAX) {
            return "of " + valueBytes + " bytes";
        }
        String text = new String(value, 0, valueBytes, StandardCharsets.ISO_8859_1);
        return text.replaceAll("[^ -~]", "?");
    }

    /** Whether the value is the text of a number of 64 bits. */
    boolean isNumber() {
        String text = valueText();
        if (!text.matches("-?[0-9]{1,19}")) {
            return false;
        }
        try {
            Long.parseLong(text);
            return true;
        } catch (NumberFormatException tooLarge) {
            return false;
        }
    }
}

package io.larder.server.command;

import io.larder.server.store.ItemView;
import io.larder.server.store.ValueSink;
import java.nio.charset.StandardCharsets;

/** Looks at an item's value for the text of an error. One thread. */
final class ProbeSink implements ValueSink {
    private static final int SHOWN_BYTES_MAX = 32;

    private int valueBytes;
    private final byte[] value = new byte[SHOWN_BYTES_MAX];

    @Override
    public void accept(ItemView item) {
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
}

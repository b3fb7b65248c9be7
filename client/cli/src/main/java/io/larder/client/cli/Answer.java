package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.text.QuotedText;
import org.jspecify.annotations.Nullable;

/** What one operation comes to: a value, a word, or a miss. Immutable. */
final class Answer {
    /** It is done. */
    static final Answer OK = new Answer("OK", null);

    /** There is no such key. */
    static final Answer MISS = new Answer(null, null);

    private final @Nullable String word;
    private final byte @Nullable [] value;

    private Answer(@Nullable String word, byte @Nullable [] value) {
        this.word = word;
        this.value = value;
    }

    static Answer value(byte[] value) {
        return new Answer(null, value);
    }

    static Answer number(long number) {
        return new Answer(Long.toString(number), null);
    }

    /** {@link #OK}, or {@link #MISS} where nothing was found. */
    static Answer found(boolean found) {
        return found ? OK : MISS;
    }

    boolean isMiss() {
        return word == null && value == null;
    }

    /** The bytes as they are, for a terminal or a file; empty on a miss. */
    byte[] plain() {
        return value != null ? value : word == null ? new byte[0] : word.getBytes(UTF_8);
    }

    /** One line, whatever the bytes; empty on a miss. */
    String line() {
        return value != null ? QuotedText.answer(value) : word == null ? "" : word;
    }
}

package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.config.ValueType;
import org.jspecify.annotations.Nullable;

/** Arguments that are no plain words. An unfit one is answered with an error. */
final class AdminArguments {
    private AdminArguments() {}

    /** A value of this type; null if it is none, and the answer has ended in an error. */
    static <T> @Nullable T parse(byte[] text, ValueType<T> type, String name, AdminReply reply) {
        String word = new String(text, UTF_8);
        try {
            return type.parse(word);
        } catch (IllegalArgumentException e) {
            reply.error("bad-" + name, word + " (expected: " + type.expected() + ")");
            return null;
        }
    }

    /** A whole number within bounds; null if it is none, and the answer has ended in an error. */
    static @Nullable Long number(byte[] text, long min, long max, String name, AdminReply reply) {
        String word = new String(text, UTF_8);
        try {
            long number = Long.parseLong(word);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        reply.error(
                "bad-" + name, word + " (expected: a whole number in " + min + ".." + max + ")");
        return null;
    }
}

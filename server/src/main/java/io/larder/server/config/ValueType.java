package io.larder.server.config;

/**
 * How the text of a setting becomes a value: its unit, its range, and the words that tell an
 * operator what would have been right. Immutable.
 */
public sealed interface ValueType<T>
        permits SizeType,
                DurationType,
                CountType,
                OptionalPortType,
                HostType,
                PathType,
                FlagType,
                ChoiceType,
                ChoicesType,
                WordsType,
                PeerType,
                SeparatorType {
    /**
     * The value that a trimmed text stands for.
     *
     * @throws IllegalArgumentException if it stands for none or is out of range; {@link #expected}
     *     says why, not the exception
     */
    T parse(String text);

    /** What is accepted, to be read after "expected:". */
    String expected();

    /** The unit of a plain number, such as {@code bytes}; what the text names where it is none. */
    String unit();

    /** {@code value} if it is in range. */
    static long requireRange(long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(value + " (expected: " + min + ".." + max + ")");
        }
        return value;
    }

    /** The decimal digits of a whole text, without a sign. */
    static long parseDigits(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new NumberFormatException(text);
        }
        return Long.parseLong(text);
    }
}

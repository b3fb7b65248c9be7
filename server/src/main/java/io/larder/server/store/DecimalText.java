package io.larder.server.store;

/** Signed 64-bit numbers as decimal text in bytes, without allocating. Stateless. */
public final class DecimalText {
    private DecimalText() {}

    /** Whether the first {@code length} bytes are an optional minus and a number of 64 bits. */
    public static boolean isLong(byte[] text, int length) {
        int first = length > 0 && text[0] == '-' ? 1 : 0;
        int digits = length - first;
        if (digits == 0 || digits > 19) {
            return false;
        }
        for (int i = first; i < length; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        if (digits < 19) {
            return true;
        }
        // Nineteen digits overflow to the wrong sign when they do not fit, never to zero.
        long number = parse(text, length);
        return first == 1 ? number <= 0 : number >= 0;
    }

    /** The number, for text that {@link #isLong} accepts. */
    public static long parse(byte[] text, int length) {
        boolean negative = text[0] == '-';
        long number = 0;
        for (int i = negative ? 1 : 0; i < length; i++) {
            number = number * 10 - (text[i] - '0');
        }
        return negative ? number : -number;
    }

    /** Writes {@code number} to the start of {@code text}, at most 20 bytes; returns how many. */
    public static int format(long number, byte[] text) {
        int length = number < 0 ? 1 : 0;
        long rest = number;
        do {
            length++;
            rest /= 10;
        } while (rest != 0);
        int at = length;
        rest = number;
        do {
            text[--at] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        if (number < 0) {
            text[0] = '-';
        }
        return length;
    }
}

package io.larder.server.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;

/** Words and decimal numbers in buffers, without allocating. Stateless. */
public final class Ascii {
    /** Bytes of the longest number. */
    public static final int NUMBER_BYTES_MAX = 20;

    private Ascii() {}

    /** The bytes of a text that is ASCII. */
    public static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** Appends a signed number. */
    public static void append(ByteBuf out, long number) {
        out.ensureWritable(NUMBER_BYTES_MAX);
        out.writerIndex(put(out, out.writerIndex(), number));
    }

    /** Appends an unsigned number. */
    public static void appendUnsigned(ByteBuf out, long number) {
        out.ensureWritable(NUMBER_BYTES_MAX);
        out.writerIndex(putUnsigned(out, out.writerIndex(), number));
    }

    /** Appends a text that is ASCII. */
    public static void append(ByteBuf out, String text) {
        out.writeCharSequence(text, ISO_8859_1);
    }

    /** Writes a signed number where there is room for it; returns where it ends. */
    public static int put(ByteBuf out, int position, long number) {
        if (number >= 0) {
            return putUnsigned(out, position, number);
        }
        out.setByte(position, '-');
        return putUnsigned(out, position + 1, -number); // of Long.MIN_VALUE, unsigned, is right
    }

    /** Writes an unsigned number where there is room for it; returns where it ends. */
    public static int putUnsigned(ByteBuf out, int position, long number) {
        int end = position + digits(number);
        long rest = number;
        for (int at = end - 1; at >= position; at--) {
            long tens = Long.divideUnsigned(rest, 10);
            out.setByte(at, (int) ('0' + (rest - tens * 10)));
            rest = tens;
        }
        return end;
    }

    /** Writes an unsigned number at the begin of an array; returns how many digits it has. */
    public static int putUnsigned(byte[] out, long number) {
        int digits = digits(number);
        long rest = number;
        for (int at = digits - 1; at >= 0; at--) {
            long tens = Long.divideUnsigned(rest, 10);
            out[at] = (byte) ('0' + (rest - tens * 10));
            rest = tens;
        }
        return digits;
    }

    /** How many digits an unsigned number has. */
    public static int digits(long number) {
        int digits = 1;
        for (long rest = number; Long.compareUnsigned(rest, 9) > 0; digits++) {
            rest = Long.divideUnsigned(rest, 10);
        }
        return digits;
    }

    /** Whether bytes of a buffer are exactly these. */
    public static boolean equal(ByteBuf in, int offset, int length, byte[] word) {
        if (length != word.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (in.getByte(offset + i) != word[i]) {
                return false;
            }
        }
        return true;
    }

    /** Bytes of a buffer as text, one character each. */
    public static String text(ByteBuf in, int offset, int length) {
        return in.toString(offset, length, ISO_8859_1);
    }
}

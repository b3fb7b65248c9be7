package io.larder.server.compat;

import io.netty.buffer.ByteBuf;

/** Reads one decimal number after the other out of bytes, without allocating. One thread. */
public final class Digits {
    private long value;

    /** The number last read. */
    public long value() {
        return value;
    }

    /**
     * Reads a signed number of 64 bits as C does: with blanks before it, a plus or a minus, and
     * anything behind a blank; false if the bytes are none.
     */
    public boolean readSignedLoosely(ByteBuf in, int offset, int length) {
        int from = begin(in, offset, length);
        int end = end(in, from, offset + length);
        boolean hasPlus = from < end && in.getByte(from) == '+';
        return hasPlus
                ? readUnsigned(in, from + 1, end - from - 1) && value >= 0
                : readSigned(in, from, end - from);
    }

    private static int begin(ByteBuf in, int offset, int length) {
        int from = offset;
        while (from < offset + length && isBlank(in.getByte(from))) {
            from++;
        }
        return from;
    }

    private static int end(ByteBuf in, int from, int limit) {
        int end = from;
        while (end < limit && !isBlank(in.getByte(end))) {
            end++;
        }
        return end;
    }

    private boolean readSigned(ByteBuf in, int offset, int length) {
        int sign = length > 0 ? in.getByte(offset) : 0;
        int first = sign == '-' ? 1 : 0;
        if (!readUnsigned(in, offset + first, length - first)) {
            return false;
        }
        if (sign == '-') {
            value = -value;
            return value <= 0;
        }
        return value >= 0;
    }

    /**
     * Reads a signed number of 64 bits that is written as it would be told: no 07, no -0, no +7.
     */
    public boolean readCanonical(ByteBuf in, int offset, int length) {
        if (!readSigned(in, offset, length)) {
            return false;
        }
        int first = in.getByte(offset) == '-' ? 1 : 0;
        return in.getByte(offset + first) != '0' || length == 1;
    }

    /**
     * The same of an unsigned one. With a minus it is the difference to 2^64, if that is below
     * 2^63: -0 is 0.
     */
    public boolean readUnsignedLoosely(ByteBuf in, int offset, int length) {
        int from = begin(in, offset, length);
        int end = end(in, from, offset + length);
        int sign = from < end ? in.getByte(from) : 0;
        int first = sign == '+' || sign == '-' ? from + 1 : from;
        return readUnsigned(in, first, end - first) && (sign != '-' || wrap());
    }

    private boolean wrap() {
        value = -value;
        return value >= 0;
    }

    /** Reads an unsigned number of 64 bits; false if the bytes are none. */
    public boolean readUnsigned(ByteBuf in, int offset, int length) {
        if (length < 1 || length > Ascii.NUMBER_BYTES_MAX) {
            return false;
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            int digit = in.getByte(offset + i) - '0';
            if (digit < 0 || digit > 9 || !fits(number, digit)) {
                return false;
            }
            number = number * 10 + digit;
        }
        value = number;
        return true;
    }

    /** The same from an array, with blanks allowed before the number, and anything behind one. */
    public boolean readUnsigned(byte[] bytes, int length) {
        int first = 0;
        while (first < length && isBlank(bytes[first])) {
            first++;
        }
        boolean isNegative = first < length && bytes[first] == '-';
        if (isNegative || (first < length && bytes[first] == '+')) {
            first++;
        }
        long number = 0;
        int at = first;
        for (; at < length && !isBlank(bytes[at]); at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || !fits(number, digit)) {
                return false;
            }
            number = number * 10 + digit;
        }
        value = number;
        return at > first && (!isNegative || wrap());
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }

    private static boolean fits(long number, int digit) {
        int against = Long.compareUnsigned(number, 1844674407370955161L);
        return against < 0 || (against == 0 && digit <= 5);
    }
}

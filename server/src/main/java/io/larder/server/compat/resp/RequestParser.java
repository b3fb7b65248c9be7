package io.larder.server.compat.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.larder.server.compat.Digits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes one request after the other apart: an array of bulk strings, or a line of words. What has
 * come of a request is looked at once, however slowly the rest follows. One connection's.
 */
/*
 *   start                     at
 *   v                         v
 *   *3\r\n $3\r\n SET\r\n $1\r\n a ...         offsets of arguments are kept relative to start, since
 *          +-arg 0-+                           the input may move while more is awaited
 *
 * Arguments' places take 8 bytes each, and there are never more of them than have arrived, each in 6
 * bytes or more; the array's own count is believed only as a bound.
 */
final class RequestParser {
    /** How {@link #parse} ended. */
    enum Result {
        /** A request, which may be empty, is whole. */
        REQUEST,
        NEEDS_INPUT,
        /** {@link #error} says what is wrong; nothing after it can be understood. */
        BROKEN
    }

    private static final int ARGUMENTS_MAX = 1 << 20;
    private static final int LINE_BYTES_MAX = 64 << 10;
    private static final int PLACES_KEPT = 16;
    private static final int NOT_BEGUN = -1;

    private final int bulkBytesMax;
    private final long requestBytesMax;
    private final Digits digits = new Digits();
    private int[] offsets = new int[PLACES_KEPT];
    private int[] lengths = new int[PLACES_KEPT];
    private int count;
    private int expected = NOT_BEGUN; // arguments
    private int bulkBytes = NOT_BEGUN; // of the argument whose length was read
    private int at; // how far it was looked at
    private int bytesScanned; // from there, without an end of line
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private int start;
    private boolean isLine;
    private String error = "";

    /**
     * @param bulkBytesMax bytes of the longest argument
     */
    RequestParser(int bulkBytesMax) {
        this.bulkBytesMax = bulkBytesMax;
        this.requestBytesMax = bulkBytesMax + (32L << 20);
    }

    /** Goes on with the request at the reader index, which stays; {@link #next} moves on. */
    Result parse(ByteBuf in) {
        bytes = in;
        start = in.readerIndex();
        isLine = false;
        if (!in.isReadable()) {
            return Result.NEEDS_INPUT;
        }
        if (in.getByte(start) != '*') {
            return parseLine(in);
        }
        if (expected == NOT_BEGUN) {
            Result header = parseCount(in);
            if (header != Result.REQUEST) {
                return header;
            }
        }
        while (count < expected) {
            Result argument = parseArgument(in);
            if (argument != Result.REQUEST) {
                return argument;
            }
        }
        return Result.REQUEST;
    }

    private Result parseCount(ByteBuf in) {
        int end = lineEnd(in, 1);
        if (end < 0) {
            return isTooLong() ? broken("too big mbulk count string") : Result.NEEDS_INPUT;
        }
        if (!digits.readCanonical(in, start + 1, end - 1) || digits.value() > ARGUMENTS_MAX) {
            return broken("invalid multibulk length");
        }
        expected = (int) Math.max(0, digits.value());
        at = end + 2;
        return Result.REQUEST;
    }

    private Result parseArgument(ByteBuf in) {
        if (bulkBytes == NOT_BEGUN) {
            if (at >= in.readableBytes()) {
                return Result.NEEDS_INPUT;
            }
            byte sign = in.getByte(start + at);
            if (sign != '$') {
                return broken("expected '$', got '" + (char) (sign & 0xFF) + "'");
            }
            int end = lineEnd(in, at + 1);
            if (end < 0) {
                return isTooLong() ? broken("too big bulk count string") : Result.NEEDS_INPUT;
            }
            if (!digits.readCanonical(in, start + at + 1, end - at - 1)
                    || digits.value() < 0
                    || digits.value() > bulkBytesMax
                    || end + digits.value() > requestBytesMax) {
                return broken("invalid bulk length");
            }
            bulkBytes = (int) digits.value();
            at = end + 2;
        }
        if (in.readableBytes() - at < bulkBytes + 2) {
            return Result.NEEDS_INPUT;
        }
        place(at, bulkBytes);
        at += bulkBytes + 2;
        bulkBytes = NOT_BEGUN;
        return Result.REQUEST;
    }

    /** Where the line that goes on from an offset ends; negative if it does not yet. */
    private int lineEnd(ByteBuf in, int from) {
        int end = in.indexOf(start + from + bytesScanned, in.writerIndex(), (byte) '\r');
        if (end < 0 || end + 1 == in.writerIndex()) {
            bytesScanned = (end < 0 ? in.writerIndex() : end) - start - from;
            return NOT_BEGUN;
        }
        bytesScanned = 0;
        return end - start; // the byte behind it is taken for a line feed, as Redis does
    }

    private boolean isTooLong() {
        return bytesScanned > LINE_BYTES_MAX;
    }

    private Result parseLine(ByteBuf in) {
        isLine = true;
        int newline = in.indexOf(start + bytesScanned, in.writerIndex(), (byte) '\n');
        if (newline < 0) {
            bytesScanned = in.readableBytes();
            return isTooLong() ? broken("too big inline request") : Result.NEEDS_INPUT;
        }
        int end = newline > start && in.getByte(newline - 1) == '\r' ? newline - 1 : newline;
        List<byte[]> words = InlineWords.split(in.toString(start, end - start, ISO_8859_1));
        if (words == null) {
            return broken("unbalanced quotes in request");
        }
        at = newline + 1 - start;
        ByteBuf copy = Unpooled.buffer(end - start + 1);
        for (byte[] word : words) {
            place(copy.writerIndex(), word.length);
            copy.writeBytes(word);
        }
        bytes = copy;
        return Result.REQUEST;
    }

    private void place(int offset, int length) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        offsets[count] = offset;
        lengths[count++] = length;
    }

    private Result broken(String what) {
        error = "Protocol error: " + what;
        return Result.BROKEN;
    }

    /** Behind the request that was whole. */
    void next(ByteBuf in) {
        in.readerIndex(start + at);
        if (offsets.length > PLACES_KEPT) {
            offsets = new int[PLACES_KEPT];
            lengths = new int[PLACES_KEPT];
        }
        reset();
    }

    /** A whole request is to be taken apart anew when it is its turn again. */
    void again() {
        reset();
    }

    private void reset() {
        count = 0;
        expected = NOT_BEGUN;
        bulkBytes = NOT_BEGUN;
        at = 0;
        bytesScanned = 0;
    }

    String error() {
        return error;
    }

    /** Bytes of the request that is whole. */
    int requestBytes() {
        return at;
    }

    /** What the arguments lie in. */
    ByteBuf bytes() {
        return bytes;
    }

    /** Whether the arguments lie in the input. */
    boolean isInInput() {
        return !isLine;
    }

    int count() {
        return count;
    }

    int offset(int argument) {
        return isLine ? offsets[argument] : start + offsets[argument];
    }

    int length(int argument) {
        return lengths[argument];
    }

    /** An argument as text, one character for each byte; null if there is none. */
    @Nullable String text(int argument) {
        return argument < count
                ? bytes.toString(offset(argument), length(argument), ISO_8859_1)
                : null;
    }
}

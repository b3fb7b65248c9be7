package io.larder.bench.wire;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Writes the frames of a run and knows what a value must look like: the key of index {@code i} is
 * twenty characters that end in {@code i} as eight hexadecimal digits, its value begins with {@code
 * i}. Immutable; any thread.
 */
final class WireFrames {
    /** Bytes of every key. */
    static final int KEY_BYTES = 20;

    /** Bytes of the shortest value: the index that is checked. */
    static final int VALUE_BYTES_MIN = Long.BYTES;

    private static final byte[] KEY_PREFIX = "larder:bench".getBytes(StandardCharsets.US_ASCII);

    private final byte[] filler;

    /**
     * @param valueBytes bytes of every value, from {@link #VALUE_BYTES_MIN}
     */
    WireFrames(int valueBytes) {
        if (valueBytes < VALUE_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "valueBytes: " + valueBytes + " (expected: " + VALUE_BYTES_MIN + "..)");
        }
        filler = "x".repeat(valueBytes - VALUE_BYTES_MIN).getBytes(StandardCharsets.US_ASCII);
    }

    int valueBytes() {
        return VALUE_BYTES_MIN + filler.length;
    }

    /** Bytes of the longest request. */
    int requestBytesMax() {
        return HEADER_BYTES + KEY_BYTES + valueBytes();
    }

    /** Appends a GET. */
    void writeGet(ByteBuf out, int requestId, int keyIndex) {
        int offset = beginRequest(out, Opcode.GET, requestId, 0);
        writeKey(out, keyIndex);
        assert out.writerIndex() == offset + HEADER_BYTES + KEY_BYTES;
    }

    /** Appends a SET. */
    void writeSet(ByteBuf out, int requestId, int keyIndex) {
        int offset = beginRequest(out, Opcode.SET, requestId, valueBytes());
        writeKey(out, keyIndex);
        out.writeLong(keyIndex);
        out.writeBytes(filler);
        assert out.writerIndex() == offset + requestBytesMax();
    }

    private static int beginRequest(ByteBuf out, Opcode opcode, int requestId, int valueBytes) {
        int offset = out.writerIndex();
        out.writerIndex(offset + HEADER_BYTES);
        FrameHeader.putRequest(out, offset, opcode.code(), 0, requestId);
        FrameHeader.putLengths(out, offset, 0, KEY_BYTES, valueBytes);
        return offset;
    }

    private static void writeKey(ByteBuf out, int keyIndex) {
        out.writeBytes(KEY_PREFIX);
        out.writeLong(hexDigits(keyIndex));
    }

    /** The eight hexadecimal digits of a number, in ASCII, the first in the highest byte. */
    static long hexDigits(int number) {
        long nibbles = number & 0xFFFF_FFFFL;
        nibbles = (nibbles | (nibbles << 16)) & 0x0000_FFFF_0000_FFFFL;
        nibbles = (nibbles | (nibbles << 8)) & 0x00FF_00FF_00FF_00FFL;
        nibbles = (nibbles | (nibbles << 4)) & 0x0F0F_0F0F_0F0F_0F0FL;
        long isLetter = ((nibbles + 0x0606_0606_0606_0606L) >>> 4) & 0x0101_0101_0101_0101L;
        return nibbles + 0x3030_3030_3030_3030L + isLetter * ('a' - '0' - 10);
    }

    /** True if the reply's value is the one of this key. */
    boolean isValueOf(ByteBuf reply, int offset, int keyIndex) {
        return FrameHeader.valueBytes(reply, offset) == valueBytes()
                && reply.getLong(FrameHeader.valueOffset(reply, offset)) == keyIndex;
    }
}

package io.larder.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the fields of one value section in order and never beyond its end. One thread, one use.
 * Every read names its field, for the {@link MalformedMessageException} if it does not fit.
 */
final class BodyReader {
    private final ByteBuf buffer;
    private final int end;
    private int position;

    BodyReader(ByteBuf buffer, int offset, int length) {
        this.buffer = buffer;
        this.position = offset;
        this.end = offset + length;
    }

    int remainingBytes() {
        return end - position;
    }

    int u8(String name) {
        return buffer.getUnsignedByte(advance(name, Byte.BYTES));
    }

    int u16(String name) {
        return buffer.getUnsignedShort(advance(name, Short.BYTES));
    }

    /** A u32 that counts something; values that no int holds count as the largest int. */
    int count32(String name) {
        return (int)
                Math.min(Integer.MAX_VALUE, buffer.getUnsignedInt(advance(name, Integer.BYTES)));
    }

    long u64(String name) {
        return buffer.getLong(advance(name, Long.BYTES));
    }

    byte[] bytes(String name, int length) {
        int start = advance(name, length);
        byte[] bytes = new byte[length];
        buffer.getBytes(start, bytes);
        return bytes;
    }

    /** A text of up to 255 bytes: length u8, UTF-8. */
    String shortText(String name) {
        return new String(bytes(name, u8(name)), StandardCharsets.UTF_8);
    }

    /** A list of short texts: count u8, the texts. */
    List<String> shortTexts(String name, int countMax) {
        int count = u8(name);
        if (count > countMax) {
            throw new MalformedMessageException(name, count, "0.." + countMax);
        }
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(shortText(name));
        }
        return texts;
    }

    private int advance(String name, int length) {
        if (length > remainingBytes()) {
            throw new MalformedMessageException(
                    name, remainingBytes() + " bytes left", length + " bytes");
        }
        int start = position;
        position += length;
        return start;
    }

    /** Writes what {@link #shortText} reads. */
    static void writeShortText(ByteBuf out, String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > ProtocolLimits.SHORT_TEXT_BYTES_MAX) {
            throw new IllegalArgumentException(
                    name
                            + "Bytes: "
                            + bytes.length
                            + " (expected: 0.."
                            + ProtocolLimits.SHORT_TEXT_BYTES_MAX
                            + ")");
        }
        out.writeByte(bytes.length).writeBytes(bytes);
    }

    /** Writes what {@link #shortTexts} reads. */
    static void writeShortTexts(ByteBuf out, String name, List<String> texts, int countMax) {
        if (texts.size() > countMax) {
            throw new IllegalArgumentException(
                    name + ": " + texts.size() + " (expected: 0.." + countMax + ")");
        }
        out.writeByte(texts.size());
        for (String text : texts) {
            writeShortText(out, name, text);
        }
    }
}

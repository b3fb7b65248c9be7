package io.larder.protocol;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reader over the extension section of one frame, to be wrapped around the next section again and
 * again: it allocates nothing and throws nothing, whatever the bytes. One thread. Skips what it
 * does not know and may ignore. The static methods write extensions at a buffer's writer index.
 *
 * <pre>{@code
 * extensions.wrap(frame, FrameHeader.extensionOffset(offset), extensionBytes);
 * Extensions.Step step;
 * while ((step = extensions.next()) == Extensions.Step.ENTRY) {
 *     switch (extensions.type()) { ... extensions.longValue() ... }
 * }
 * if (step != Extensions.Step.END) { ... extensions.code() names the one at fault ... }
 * }</pre>
 */
/*
 *   0        1                 3                       3 + length
 *   +--------+-----------------+-----------------------+----
 *   | type   | length          | value                 | the next one
 *   +--------+-----------------+-----------------------+----
 */
public final class Extensions {
    /** What {@link #next} found. */
    public enum Step {
        /** An extension of a known type and the right length. */
        ENTRY,
        /** No more of them. */
        END,
        /** One that must not be ignored and is not known; no further step is taken. */
        UNKNOWN_CRITICAL,
        /** A length that does not fit, or a known type that comes twice; no further step. */
        MALFORMED
    }

    private static final ByteBuf NOTHING = Unpooled.EMPTY_BUFFER;

    private final EnumSet<ExtensionType> seenTypes = EnumSet.noneOf(ExtensionType.class);
    private ByteBuf buffer = NOTHING;
    private int position;
    private int end;
    private int code;
    private @Nullable ExtensionType type;
    private int valueOffset;
    private int valueLength;
    private Step step = Step.END;

    /** Starts over with these bytes; they must stay valid while being read. */
    public Extensions wrap(ByteBuf newBuffer, int offset, int length) {
        buffer = newBuffer;
        position = offset;
        end = offset + length;
        seenTypes.clear();
        type = null;
        step = Step.ENTRY;
        return this;
    }

    /** Moves to the next known extension. After any other step than ENTRY it stays there. */
    public Step next() {
        type = null;
        while (step == Step.ENTRY && type == null) {
            step = stepOnce();
        }
        return step;
    }

    private Step stepOnce() {
        if (position == end) {
            return Step.END;
        }
        if (end - position < ExtensionType.PREFIX_BYTES) {
            return Step.MALFORMED;
        }
        code = buffer.getUnsignedByte(position);
        valueLength = buffer.getUnsignedShort(position + 1);
        valueOffset = position + ExtensionType.PREFIX_BYTES;
        if (valueLength > end - valueOffset) {
            return Step.MALFORMED;
        }
        position = valueOffset + valueLength;
        ExtensionType found = ExtensionType.of(code);
        if (found == null) {
            return ExtensionType.isCritical(code) ? Step.UNKNOWN_CRITICAL : Step.ENTRY;
        }
        boolean lengthFits = found.valueBytes() < 0 || found.valueBytes() == valueLength;
        if (!lengthFits || !seenTypes.add(found)) {
            return Step.MALFORMED;
        }
        type = found;
        return Step.ENTRY;
    }

    /** The type of the present entry. */
    public ExtensionType type() {
        return requireNonNull(type, "no entry (expected: after Step.ENTRY)");
    }

    /** The number of the extension last looked at, known or not. */
    public int code() {
        return code;
    }

    /** Where the present value begins, in the buffer. */
    public int valueOffset() {
        return valueOffset;
    }

    /** Bytes of the present value. */
    public int valueLength() {
        return valueLength;
    }

    /** The present value, of an entry of 8 bytes. */
    public long longValue() {
        return buffer.getLong(valueOffset);
    }

    /** The present value, of an entry of 4 bytes. */
    public int intValue() {
        return buffer.getInt(valueOffset);
    }

    /** The present value, of an entry of 1 byte, unsigned. */
    public int byteValue() {
        return buffer.getUnsignedByte(valueOffset);
    }

    /** Writes an extension of 8 bytes. */
    public static void writeLong(ByteBuf out, ExtensionType type, long value) {
        writePrefix(out, type, Long.BYTES);
        out.writeLong(value);
    }

    /** Writes an extension of 4 bytes. */
    public static void writeInt(ByteBuf out, ExtensionType type, int value) {
        writePrefix(out, type, Integer.BYTES);
        out.writeInt(value);
    }

    /** Writes an extension of 1 byte. */
    public static void writeByte(ByteBuf out, ExtensionType type, int value) {
        writePrefix(out, type, Byte.BYTES);
        out.writeByte(value);
    }

    /**
     * Writes the TAGS extension: for each tag its length u8 and its UTF-8 bytes.
     *
     * @throws IllegalArgumentException if there are too many, or one is empty or too long
     */
    public static void writeTags(ByteBuf out, List<String> tags) {
        if (tags.size() > ProtocolLimits.TAGS_MAX) {
            throw new IllegalArgumentException(
                    "tags: " + tags.size() + " (expected: 0.." + ProtocolLimits.TAGS_MAX + ")");
        }
        int start = out.writerIndex();
        out.writeByte(ExtensionType.TAGS.code()).writeShort(0);
        for (String tag : tags) {
            byte[] bytes = tag.getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0 || bytes.length > ProtocolLimits.TAG_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "tagBytes: "
                                + bytes.length
                                + " (expected: 1.."
                                + ProtocolLimits.TAG_BYTES_MAX
                                + ")");
            }
            out.writeByte(bytes.length).writeBytes(bytes);
        }
        out.setShort(start + 1, out.writerIndex() - start - ExtensionType.PREFIX_BYTES);
    }

    private static void writePrefix(ByteBuf out, ExtensionType type, int valueBytes) {
        assert type.valueBytes() == valueBytes : type;
        out.writeByte(type.code()).writeShort(valueBytes);
    }
}

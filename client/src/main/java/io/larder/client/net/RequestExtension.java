package io.larder.client.net;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One extension of a request, and those after it. Immutable.
 *
 * @param value of 8 bytes, or the low 4, or the lowest; without meaning for TAGS
 * @param tags of TAGS only
 */
record RequestExtension(
        ExtensionType type, long value, List<String> tags, @Nullable RequestExtension next) {
    /**
     * @param type one whose value has 1, 4 or 8 bytes
     */
    RequestExtension(ExtensionType type, long value, @Nullable RequestExtension next) {
        this(type, value, List.of(), next);
    }

    /** The extension TAGS. */
    static RequestExtension tags(List<String> tags, @Nullable RequestExtension next) {
        return new RequestExtension(ExtensionType.TAGS, 0, tags, next);
    }

    /** Bytes on the wire of this one and those after it; 0 for null. */
    static int encodedBytes(@Nullable RequestExtension first) {
        int bytes = 0;
        for (RequestExtension it = first; it != null; it = it.next) {
            bytes += it.type == ExtensionType.TAGS ? it.tagsBytes() : it.type.encodedBytes();
        }
        return bytes;
    }

    private int tagsBytes() {
        int bytes = ExtensionType.PREFIX_BYTES;
        for (String tag : tags) {
            bytes += 1 + ByteBufUtil.utf8Bytes(tag);
        }
        return bytes;
    }

    /** Writes this one and those after it. */
    static void writeAll(ByteBuf out, @Nullable RequestExtension first) {
        for (RequestExtension it = first; it != null; it = it.next) {
            switch (it.type.valueBytes()) {
                case Byte.BYTES -> Extensions.writeByte(out, it.type, (int) it.value);
                case Integer.BYTES -> Extensions.writeInt(out, it.type, (int) it.value);
                case Long.BYTES -> Extensions.writeLong(out, it.type, it.value);
                default -> Extensions.writeTags(out, it.tags);
            }
        }
    }
}

package io.larder.client.net;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One extension of a request, and those after it. Immutable.
 *
 * @param type one whose value has 4 or 8 bytes
 * @param value of 8 bytes, or the low 4
 */
record RequestExtension(ExtensionType type, long value, @Nullable RequestExtension next) {
    /** Bytes on the wire of this one and those after it; 0 for null. */
    static int encodedBytes(@Nullable RequestExtension first) {
        int bytes = 0;
        for (RequestExtension it = first; it != null; it = it.next) {
            bytes += it.type.encodedBytes();
        }
        return bytes;
    }

    /** Writes this one and those after it. */
    static void writeAll(ByteBuf out, @Nullable RequestExtension first) {
        for (RequestExtension it = first; it != null; it = it.next) {
            if (it.type.valueBytes() == Integer.BYTES) {
                Extensions.writeInt(out, it.type, (int) it.value);
            } else {
                Extensions.writeLong(out, it.type, it.value);
            }
        }
    }
}

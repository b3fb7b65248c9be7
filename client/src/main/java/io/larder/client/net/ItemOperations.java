package io.larder.client.net;

import io.larder.client.api.LarderException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.StoredValue;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many operations of one kind, each on an item of its own: what {@link ManyItems} sends. Immutable;
 * the bytes are its own, but for those of {@link #write}.
 */
final class ItemOperations {
    private static final byte[] NOTHING = new byte[0];

    private final Opcode opcode;
    private final int flags;
    private final byte[][] keys;
    private final byte[][] values; // empty: the operation has none
    private final @Nullable RequestExtension[] extensions; // empty: none

    private ItemOperations(
            Opcode opcode,
            int flags,
            byte[][] keys,
            byte[][] values,
            @Nullable RequestExtension[] extensions) {
        this.opcode = opcode;
        this.flags = flags;
        this.keys = keys;
        this.values = values;
        this.extensions = extensions;
    }

    /** Reads; copies the keys, each of 1 byte at least. */
    static ItemOperations gets(List<byte[]> keys) {
        return new ItemOperations(
                Opcode.GET, 0, copyOf(keys), new byte[0][], new RequestExtension[0]);
    }

    /** Writes with the same options; copies keys, each of 1 byte at least, and values. */
    static ItemOperations puts(List<byte[]> keys, List<StoredValue> values, PutOptions options) {
        RequestExtension[] extensions =
                values.stream()
                        .map(value -> PutFields.extensions(options, value))
                        .toArray(RequestExtension[]::new);
        return new ItemOperations(
                Opcode.SET,
                PutFields.flags(options),
                copyOf(keys),
                copyOf(values.stream().map(StoredValue::bytes).toList()),
                extensions);
    }

    private static byte[][] copyOf(List<byte[]> bytes) {
        return bytes.stream().map(byte[]::clone).toArray(byte[][]::new);
    }

    int count() {
        return keys.length;
    }

    /** The key of one operation; not to be changed. */
    byte[] key(int index) {
        return keys[index];
    }

    /** True if losing the answer matters. */
    boolean isWrite() {
        return opcode.isWrite();
    }

    /** Null unless no server may take so long a key and value. */
    @Nullable LarderException aboveAnyLimit(int index) {
        return Failures.aboveAnyLimit(opcode, keys[index], value(index));
    }

    /** Bytes of one operation's frame. */
    long frameBytes(int index) {
        return (long) ProtocolLimits.HEADER_BYTES
                + RequestExtension.encodedBytes(extension(index))
                + keys[index].length
                + value(index).length;
    }

    /** One operation as a request by itself. */
    Request alone(Region region, int index) {
        return Request.of(opcode, flags, region, extension(index), keys[index], value(index));
    }

    /** Appends one operation's frame. */
    void write(int index, int requestId, ByteBuf out) {
        int start = out.writerIndex();
        out.writerIndex(start + ProtocolLimits.HEADER_BYTES);
        RequestExtension.writeAll(out, extension(index));
        int extensionBytes = out.writerIndex() - start - ProtocolLimits.HEADER_BYTES;
        FrameHeader.putRequest(out, start, opcode.code(), flags, requestId);
        FrameHeader.putLengths(out, start, extensionBytes, keys[index].length, value(index).length);
        out.writeBytes(keys[index]).writeBytes(value(index));
    }

    private byte[] value(int index) {
        return values.length == 0 ? NOTHING : values[index];
    }

    private @Nullable RequestExtension extension(int index) {
        return extensions.length == 0 ? null : extensions[index];
    }
}

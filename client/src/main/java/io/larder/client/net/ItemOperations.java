package io.larder.client.net;

import io.larder.client.api.LarderException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.StoredValue;
import io.larder.protocol.FrameChecksum;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many operations of one kind, each on an item of its own: what {@link ManyItems} sends. Keys and
 * values are the caller's, and read only until all frames are written, on the caller's thread.
 */
final class ItemOperations {
    private static final byte[] NOTHING = new byte[0];

    private final Opcode opcode;
    private final int flags;
    private final byte[][] keys;
    private final StoredValue[] values; // empty: the operation has none
    private final @Nullable RequestExtension[] extensions; // empty: none

    private final int sumBytes; // of each frame's checksum; 0: they have none

    private ItemOperations(
            Opcode opcode,
            int flags,
            byte[][] keys,
            StoredValue[] values,
            @Nullable RequestExtension[] extensions,
            int sumBytes) {
        this.opcode = opcode;
        this.flags = flags;
        this.keys = keys;
        this.values = values;
        this.extensions = extensions;
        this.sumBytes = sumBytes;
    }

    /** Reads of keys, each of 1 byte at least. */
    static ItemOperations gets(List<byte[]> keys) {
        return new ItemOperations(
                Opcode.GET,
                0,
                keys.toArray(byte[][]::new),
                new StoredValue[0],
                new RequestExtension[0],
                0);
    }

    /** Writes with the same options; each key has 1 byte at least. */
    static ItemOperations puts(List<byte[]> keys, List<StoredValue> values, PutOptions options) {
        @Nullable RequestExtension[] extensions = new RequestExtension[values.size()];
        for (int index = 0; index < extensions.length; index++) {
            extensions[index] = PutFields.extensions(options, values.get(index));
        }
        return new ItemOperations(
                Opcode.SET,
                PutFields.flags(options),
                keys.toArray(byte[][]::new),
                values.toArray(StoredValue[]::new),
                extensions,
                0);
    }

    /** The same operations, each frame with a checksum. */
    ItemOperations summed() {
        return new ItemOperations(opcode, flags, keys, values, extensions, FrameChecksum.BYTES);
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
                + sumBytes
                + RequestExtension.encodedBytes(extension(index))
                + keys[index].length
                + value(index).length;
    }

    /** Bytes of all frames. */
    long frameBytes() {
        long bytes = 0;
        for (int index = 0; index < keys.length; index++) {
            bytes += frameBytes(index);
        }
        return bytes;
    }

    /**
     * One operation as a request by itself.
     *
     * @param body key and value, as they were written; taken over
     */
    Request alone(Region region, int index, int keyBytes, byte[] body) {
        return new Request(opcode, flags, region, extension(index), keyBytes, body);
    }

    /** Appends one operation's frame. */
    void write(int index, int requestId, ByteBuf out) {
        int start = out.writerIndex();
        out.ensureWritable((int) frameBytes(index));
        out.writerIndex(start + ProtocolLimits.HEADER_BYTES + sumBytes);
        RequestExtension.writeAll(out, extension(index));
        int extensionBytes = out.writerIndex() - start - ProtocolLimits.HEADER_BYTES;
        FrameHeader.putRequest(out, start, opcode.code(), flags, requestId);
        FrameHeader.putLengths(out, start, extensionBytes, keys[index].length, value(index).length);
        out.writeBytes(keys[index]).writeBytes(value(index));
        if (sumBytes != 0) {
            FrameChecksum.put(out, start);
        }
    }

    private byte[] value(int index) {
        return values.length == 0 ? NOTHING : values[index].bytes();
    }

    private @Nullable RequestExtension extension(int index) {
        return extensions.length == 0 ? null : extensions[index];
    }
}

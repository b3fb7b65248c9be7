package io.larder.client.net;

import io.larder.client.api.LarderOptions.RetryWhenLost;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameChecksum;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.RequestFlag;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a server: a frame but for its id, deadline and region id, which are known when
 * it is sent. Immutable, so it can be sent again. The bytes are its own: made on the caller's
 * thread, read on the event loop, never changed.
 */
final class Request {
    private static final byte[] NOTHING = new byte[0];
    private static final int CONDITIONS =
            RequestFlag.IF_VERSION
                    | RequestFlag.IF_NEWER
                    | RequestFlag.ONLY_ABSENT
                    | RequestFlag.ONLY_PRESENT;

    final Opcode opcode;
    final int flags;
    final Region region;
    final @Nullable RequestExtension extensions;
    final int keyBytes; // how many of the body are the key; the rest is the value
    final byte[] body;
    private final boolean isWrite;
    private final int sumBytes; // of its checksum; 0: it has none

    /** Takes over {@code body}: a key of {@code keyBytes}, then a value. */
    Request(
            Opcode opcode,
            int flags,
            Region region,
            @Nullable RequestExtension extensions,
            int keyBytes,
            byte[] body) {
        this(opcode, flags, region, extensions, keyBytes, body, isWrite(opcode), 0);
    }

    private Request(
            Opcode opcode,
            int flags,
            Region region,
            @Nullable RequestExtension extensions,
            int keyBytes,
            byte[] body,
            boolean isWrite,
            int sumBytes) {
        this.opcode = opcode;
        this.flags = flags;
        this.region = region;
        this.extensions = extensions;
        this.keyBytes = keyBytes;
        this.body = body;
        this.isWrite = isWrite;
        this.sumBytes = sumBytes;
    }

    private static boolean isWrite(Opcode opcode) {
        return opcode.isWrite() || opcode == Opcode.GET_AND_TOUCH || opcode == Opcode.CLEAR;
    }

    /** A request with a key and no value; copies the key. */
    static Request of(
            Opcode opcode,
            int flags,
            Region region,
            @Nullable RequestExtension extensions,
            byte[] key) {
        return new Request(opcode, flags, region, extensions, key.length, key.clone());
    }

    /** A request with key and value; copies both. */
    static Request of(
            Opcode opcode,
            int flags,
            Region region,
            @Nullable RequestExtension extensions,
            byte[] key,
            byte[] value) {
        byte[] body = new byte[key.length + value.length];
        System.arraycopy(key, 0, body, 0, key.length);
        System.arraycopy(value, 0, body, key.length, value.length);
        return new Request(opcode, flags, region, extensions, key.length, body);
    }

    /** A BATCH; takes over its frames, of which some write if {@code isWrite}. */
    static Request batch(Region region, byte[] frames, boolean isWrite) {
        return new Request(Opcode.BATCH, 0, region, null, 0, frames, isWrite, 0);
    }

    /** A request that is a header only. */
    static Request bare(Opcode opcode, Region region) {
        return new Request(opcode, 0, region, null, 0, NOTHING);
    }

    /** The same request, each frame of it with a checksum; so are the values it is answered. */
    Request summed() {
        return new Request(
                opcode, flags, region, extensions, keyBytes, body, isWrite, FrameChecksum.BYTES);
    }

    /**
     * Whether a reply is not as the server has sent it, as far as its checksum tells: the value of
     * a read, which has one if the request has.
     */
    boolean isDamaged(Reply reply) {
        return sumBytes != 0
                && (opcode == Opcode.GET || opcode == Opcode.GET_AND_TOUCH)
                && reply.isOk()
                && !reply.isSound();
    }

    /** Bytes of everything after the header. */
    int bodyBytes() {
        return sumBytes + RequestExtension.encodedBytes(extensions) + body.length;
    }

    /** Bytes on the wire. */
    int frameBytes() {
        return ProtocolLimits.HEADER_BYTES + bodyBytes();
    }

    /** True if the server's items are not the same after it, so that losing its answer matters. */
    boolean isWrite() {
        return isWrite;
    }

    /** True if it may be sent again though it may have been carried out; see PROTOCOL.md §7. */
    boolean isRepeatable(RetryWhenLost policy) {
        return switch (policy) {
            case NOTHING -> false;
            case READS -> !isWrite();
            case READS_AND_REPEATABLE_WRITES ->
                    !isWrite() || (opcode.isIdempotent() && (flags & CONDITIONS) == 0);
        };
    }

    /**
     * Writes header and extensions; the body has to follow.
     *
     * @param deadlineMillis from arrival, from 1; 0 for none
     */
    void writeHead(ByteBuf out, int requestId, int regionId, int deadlineMillis) {
        int start = startHead(out, requestId, regionId, flags);
        RequestExtension.writeAll(out, extensions);
        endHead(out, start, keyBytes, 0, body.length);
        FrameHeader.putDeadline(out, start, deadlineMillis);
    }

    /** The head of the first of several frames; bytes 0 to {@code to} of the body follow. */
    void writeFirstHead(ByteBuf out, int requestId, int regionId, int deadlineMillis, int to) {
        int start = startHead(out, requestId, regionId, flags | RequestFlag.MORE);
        RequestExtension.writeAll(out, extensions);
        Extensions.writeLong(out, ExtensionType.VALUE_LENGTH, body.length - keyBytes);
        endHead(out, start, keyBytes, 0, to);
        FrameHeader.putDeadline(out, start, deadlineMillis);
    }

    /** The head of a further frame; bytes {@code from} to {@code to} of the body follow. */
    void writeNextHead(ByteBuf out, int requestId, int regionId, int from, int to) {
        int start = startHead(out, requestId, regionId, to < body.length ? RequestFlag.MORE : 0);
        endHead(out, start, 0, from, to);
    }

    private int startHead(ByteBuf out, int requestId, int regionId, int frameFlags) {
        int start = out.writerIndex();
        out.ensureWritable(ProtocolLimits.HEADER_BYTES + sumBytes);
        FrameHeader.putRequest(out, start, opcode.code(), frameFlags, requestId);
        FrameHeader.putRegion(out, start, regionId);
        out.writerIndex(start + ProtocolLimits.HEADER_BYTES + sumBytes);
        return start;
    }

    /** Ends a head behind which bytes {@code from} to {@code to} of the body follow. */
    private void endHead(ByteBuf out, int start, int frameKeyBytes, int from, int to) {
        int extensionBytes = out.writerIndex() - start - ProtocolLimits.HEADER_BYTES;
        int valueBytes = to - from - frameKeyBytes;
        FrameHeader.putLengths(out, start, extensionBytes, frameKeyBytes, valueBytes);
        if (sumBytes != 0) {
            FrameChecksum.put(out, start, body, from, to);
        }
    }
}

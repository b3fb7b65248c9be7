package io.larder.server.push;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.PushBody;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One frame to be pushed, but for its sequence number. Immutable apart from its link, which belongs
 * to the {@link PushQueue} it is in.
 */
final class Push {
    private static final byte[] NO_KEY = {};

    private final Opcode opcode;
    private final int regionId;
    private final byte[] key; // shared with the pushes of other connections
    private final int value;

    @Nullable Push older;

    /** Bytes of the frames of this push and all that are linked behind it. */
    int bytesInAll;

    private Push(Opcode opcode, int regionId, byte[] key, int value) {
        this.opcode = opcode;
        this.regionId = regionId;
        this.key = key;
        this.value = value;
    }

    static Push invalidate(int regionId, byte[] key) {
        return new Push(Opcode.INVALIDATE, regionId, key, 0);
    }

    static Push invalidateRegion(int regionId) {
        return new Push(Opcode.INVALIDATE_ALL, regionId, NO_KEY, PushBody.SCOPE_REGION);
    }

    static Push invalidateEverything() {
        return new Push(Opcode.INVALIDATE_ALL, 0, NO_KEY, PushBody.SCOPE_EVERYTHING);
    }

    static Push hotKey(int regionId, byte[] key, int keepMillis) {
        return new Push(Opcode.HOT_KEY, regionId, key, keepMillis);
    }

    boolean isEverything() {
        return opcode == Opcode.INVALIDATE_ALL && value == PushBody.SCOPE_EVERYTHING;
    }

    /** Whether it is about a region as a whole. */
    boolean isRegion() {
        return opcode == Opcode.INVALIDATE_ALL && value == PushBody.SCOPE_REGION;
    }

    int regionId() {
        return regionId;
    }

    /** Whether somebody with these rights may be told. */
    boolean isFor(PushRights rights) {
        return isEverything() || rights.mayKnow(regionId, isRegion() ? null : key);
    }

    int frameBytes() {
        return HEADER_BYTES + key.length + valueBytes();
    }

    private int valueBytes() {
        return switch (opcode) {
            case INVALIDATE_ALL -> PushBody.SCOPE_BYTES;
            case HOT_KEY -> PushBody.KEEP_BYTES;
            default -> 0;
        };
    }

    void write(ByteBuf out, int sequence) {
        int start = out.writerIndex();
        out.ensureWritable(frameBytes());
        FrameHeader.putPush(out, start, opcode.code(), sequence);
        FrameHeader.putRegion(out, start, regionId);
        FrameHeader.putLengths(out, start, 0, key.length, valueBytes());
        out.writerIndex(start + HEADER_BYTES).writeBytes(key);
        switch (opcode) {
            case INVALIDATE_ALL -> out.writeByte(value);
            case HOT_KEY -> out.writeInt(value);
            default -> {
                // the key is all there is to say
            }
        }
    }
}

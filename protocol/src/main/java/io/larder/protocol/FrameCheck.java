package io.larder.protocol;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The judgement whether bytes can be the beginning of a frame, taken before anything is allocated
 * for it. As many bytes are judged as there are, so that a stranger is found out by his first.
 */
final class FrameCheck {
    private FrameCheck() {}

    /**
     * Null if the {@code available} bytes at {@code offset} can begin a frame, else what is wrong.
     */
    static @Nullable Status problem(
            ByteBuf buffer, int offset, int available, FrameDirection direction) {
        if (available > FrameHeader.MAGIC_OFFSET
                && !direction.accepts(FrameHeader.magic(buffer, offset))) {
            return Status.BAD_MAGIC;
        }
        if (available > FrameHeader.VERSION_OFFSET
                && FrameHeader.version(buffer, offset) != ProtocolLimits.VERSION) {
            return Status.BAD_VERSION;
        }
        if (available >= ProtocolLimits.HEADER_BYTES
                && !FrameHeader.hasConsistentLengths(buffer, offset)) {
            return Status.BAD_FRAME;
        }
        return null;
    }

    /** The problem in words: {@code name: value (expected: …)}. */
    static String describe(Status problem, ByteBuf buffer, int offset, FrameDirection direction) {
        return switch (problem) {
            case BAD_MAGIC ->
                    String.format(
                            "magic: 0x%02X (expected: %s)",
                            FrameHeader.magic(buffer, offset), direction.expectedMagic());
            case BAD_VERSION ->
                    String.format(
                            "version: %d (expected: %d)",
                            FrameHeader.version(buffer, offset), ProtocolLimits.VERSION);
            default ->
                    String.format(
                            "extensionLength + keyLength: %d (expected: 0..%d, the body's length)",
                            FrameHeader.extensionBytes(buffer, offset)
                                    + FrameHeader.keyBytes(buffer, offset),
                            FrameHeader.bodyBytes(buffer, offset));
        };
    }
}

package io.larder.client.net;

import io.larder.client.api.Entry;
import io.larder.client.api.StoredValue;
import io.larder.client.api.WriteResult;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameChecksum;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A flyweight over one response frame, to be wrapped around the next one again and again. One
 * thread; valid as long as the buffer is. What a reply does not carry reads as its default.
 */
final class Reply {
    private final Extensions extensions = new Extensions();
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int offset;
    private byte @Nullable [] joined; // the value, if it came in pieces
    private long version;
    private long expiresInMillis;
    private int clientFlags;
    private int format;
    private long callerVersion;
    private int retryAfterMillis;
    private long limit;
    private long leaseToken;

    /** Starts over with the frame that lies whole at {@code newOffset}. */
    Reply wrap(ByteBuf newBuffer, int newOffset) {
        buffer = newBuffer;
        offset = newOffset;
        joined = null;
        return this;
    }

    /**
     * Starts over with a reply whose value came in pieces; its header says nothing of the value.
     */
    Reply wrap(ByteBuf head, byte[] value) {
        wrap(head, 0);
        joined = value;
        return this;
    }

    ByteBuf buffer() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    int flags() {
        return FrameHeader.flags(buffer, offset);
    }

    int frameBytes() {
        int bytes = (int) FrameHeader.frameBytes(buffer, offset);
        return joined == null ? bytes : bytes + joined.length;
    }

    /** Whether its value was joined of pieces. */
    boolean isJoined() {
        return joined != null;
    }

    int requestId() {
        return FrameHeader.requestId(buffer, offset);
    }

    int opcode() {
        return FrameHeader.opcode(buffer, offset);
    }

    /** The status's number, known to this client or not. */
    int status() {
        return FrameHeader.status(buffer, offset);
    }

    boolean isOk() {
        return Status.isOk(status());
    }

    boolean is(Status status) {
        return status() == status.code();
    }

    /** Whether it has a checksum, and that is right. Of a value in pieces: of this frame. */
    boolean isSound() {
        return FrameChecksum.isSound(buffer, offset);
    }

    int valueOffset() {
        return FrameHeader.valueOffset(buffer, offset);
    }

    int valueBytes() {
        return FrameHeader.valueBytes(buffer, offset);
    }

    /** The value, which is the caller's: a copy, or what was joined of its pieces. */
    byte[] value() {
        if (joined != null) {
            return joined;
        }
        byte[] value = new byte[valueBytes()];
        buffer.getBytes(valueOffset(), value);
        return value;
    }

    /** A copy of the value, with what the extensions say of it. */
    Entry<byte[]> entry() {
        readExtensions();
        return new Entry<>(value(), version, expiresInMillis, clientFlags, format, callerVersion);
    }

    /** A copy of the value, with its format. */
    StoredValue stored() {
        readExtensions();
        return new StoredValue(value(), format);
    }

    /** The item's version; {@link WriteResult#NO_VERSION} if the reply does not say. */
    long version() {
        readExtensions();
        return version;
    }

    /** The caller's version that was found; 0 if the reply does not say. */
    long callerVersion() {
        readExtensions();
        return callerVersion;
    }

    /** When to try again, in milliseconds; -1 if the reply does not say. */
    int retryAfterMillis() {
        readExtensions();
        return retryAfterMillis;
    }

    /** The limit that was exceeded; -1 if the reply does not say. */
    long limit() {
        readExtensions();
        return limit;
    }

    /** The token of the lease that came with it; {@link LeaseReply#NO_TOKEN} if none did. */
    long leaseToken() {
        readExtensions();
        return leaseToken;
    }

    private void readExtensions() {
        version = WriteResult.NO_VERSION;
        expiresInMillis = Entry.NEVER_EXPIRES;
        clientFlags = 0;
        format = StoredValue.RAW;
        callerVersion = WriteResult.NO_VERSION;
        retryAfterMillis = -1;
        limit = -1;
        leaseToken = LeaseReply.NO_TOKEN;
        int bytes = FrameHeader.extensionBytes(buffer, offset);
        extensions.wrap(buffer, FrameHeader.extensionOffset(offset), bytes);
        Extensions.Step step = extensions.next();
        while (step == Extensions.Step.ENTRY) {
            readExtension();
            step = extensions.next();
        }
        if (step != Extensions.Step.END) {
            throw new UnreadableReplyException(
                    "extension: 0x"
                            + Integer.toHexString(extensions.code())
                            + ' '
                            + step
                            + " (expected: a known one)");
        }
    }

    private void readExtension() {
        switch (extensions.type()) {
            case VERSION -> version = extensions.longValue();
            case EXPIRES_IN -> expiresInMillis = extensions.longValue();
            case CLIENT_FLAGS -> clientFlags = extensions.intValue();
            case FORMAT -> format = extensions.byteValue();
            case CALLER_VERSION -> callerVersion = extensions.longValue();
            case RETRY_AFTER -> retryAfterMillis = Math.max(0, extensions.intValue());
            case LIMIT -> limit = extensions.longValue();
            case LEASE -> leaseToken = extensions.longValue();
            default -> {
                // of no use to this client
            }
        }
    }

    /**
     * The frame is sound and its content is not; the call gets a {@link
     * io.larder.client.api.ProtocolViolationException}. Without stack trace: bytes cause it.
     */
    static final class UnreadableReplyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableReplyException(String message) {
            super(message, null, false, false);
        }
    }
}

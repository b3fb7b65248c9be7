package io.larder.server.command;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.IncrementReply;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Appends replies, each a whole frame, to the connection's outgoing buffer: everything but the
 * values of items, which {@link ReplySink} takes out of the store. One thread.
 */
final class ReplyWriter {
    /** Bytes of the longest reply of a write: header, number, VERSION, EXPIRES_IN. */
    private static final int SHORT_REPLY_BYTES = 64;

    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private int opcode;
    private int requestId;
    private int frameBytesMax;
    private int start;

    /**
     * Turns to the next request.
     *
     * @param newFrameBytesMax bytes its reply may take, header included
     */
    void begin(ByteBuf newOut, int newOpcode, int newRequestId, int newFrameBytesMax) {
        out = newOut;
        opcode = newOpcode;
        requestId = newRequestId;
        frameBytesMax = newFrameBytesMax;
    }

    /** The outgoing buffer. */
    ByteBuf out() {
        return out;
    }

    int opcode() {
        return opcode;
    }

    int requestId() {
        return requestId;
    }

    int frameBytesMax() {
        return frameBytesMax;
    }

    /** A reply that is all header. */
    void empty(Status status) {
        startHeader(status, HEADER_BYTES);
    }

    /** A reply with one number as an extension, such as the version that stood in the way. */
    void withNumber(Status status, ExtensionType type, long number) {
        startHeader(status, SHORT_REPLY_BYTES);
        if (type.valueBytes() == Integer.BYTES) {
            Extensions.writeInt(out, type, (int) number);
        } else {
            Extensions.writeLong(out, type, number);
        }
        FrameHeader.putLengths(out, start, out.writerIndex() - start - HEADER_BYTES, 0, 0);
    }

    /** OK, with the item's version and, if it lives on, the time it has left. */
    void meta(long version, long expiryMillis, long nowMillis) {
        startHeader(Status.OK, SHORT_REPLY_BYTES);
        FrameHeader.putLengths(out, start, writeMeta(version, expiryMillis, nowMillis), 0, 0);
    }

    /** OK, with an increment's outcome. */
    void number(long number) {
        startHeader(Status.OK, SHORT_REPLY_BYTES);
        IncrementReply.write(out, number);
        FrameHeader.putLengths(out, start, 0, 0, IncrementReply.BYTES);
    }

    /** OK, with an increment's outcome, the item's version and the time it has left. */
    void numberAndMeta(long number, long version, long expiryMillis, long nowMillis) {
        startHeader(Status.OK, SHORT_REPLY_BYTES);
        int extensionBytes = writeMeta(version, expiryMillis, nowMillis);
        IncrementReply.write(out, number);
        FrameHeader.putLengths(out, start, extensionBytes, 0, IncrementReply.BYTES);
    }

    private int writeMeta(long version, long expiryMillis, long nowMillis) {
        Extensions.writeLong(out, ExtensionType.VERSION, version);
        if (expiryMillis > nowMillis) {
            Extensions.writeLong(
                    out,
                    ExtensionType.EXPIRES_IN,
                    Lifetime.expiresInMillis(expiryMillis, nowMillis));
        }
        return out.writerIndex() - start - HEADER_BYTES;
    }

    /** Begins an OK whose value the caller then writes to {@link #out}. */
    void startValue() {
        startHeader(Status.OK, HEADER_BYTES);
    }

    /** Ends what {@link #startValue} began. */
    void endValue() {
        FrameHeader.putLengths(out, start, 0, 0, out.writerIndex() - start - HEADER_BYTES);
    }

    /** An error; its text, if there is no room for it, is left out. */
    void error(Status status, ErrorBody body) {
        int before = out.writerIndex();
        body.writeResponse(out, opcode, status, requestId);
        if (out.writerIndex() - before > frameBytesMax) {
            out.writerIndex(before);
            empty(status);
        }
    }

    /** An error that is made already; its text, if there is no room for it, is left out. */
    void error(Status status, FixedError error) {
        if (error.frameBytes() > frameBytesMax) {
            empty(status);
        } else {
            error.writeResponse(out, opcode, status, requestId);
        }
    }

    /** An error about a value that is not as it should be. */
    void error(Status status, String name, Object value, String expected) {
        error(status, ErrorBody.of(name, value, expected));
    }

    private void startHeader(Status status, int bytes) {
        out.ensureWritable(bytes);
        start = out.writerIndex();
        FrameHeader.putResponse(out, start, opcode, status, requestId);
        out.writerIndex(start + HEADER_BYTES);
    }
}

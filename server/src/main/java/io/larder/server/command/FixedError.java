package io.larder.server.command;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * An error body that is made once: where very many are refused at a time, refusing has to take less
 * than carrying out. Immutable; any event loop.
 */
final class FixedError {
    private final byte[] body;
    private final int extensionBytes;

    FixedError(ErrorBody error) {
        ByteBuf frame = Unpooled.buffer();
        error.writeResponse(frame, Opcode.GET.code(), Status.BUSY, 0);
        extensionBytes = FrameHeader.extensionBytes(frame, 0);
        body = ByteBufUtil.getBytes(frame, HEADER_BYTES, frame.writerIndex() - HEADER_BYTES);
    }

    /** Bytes of the whole frame. */
    int frameBytes() {
        return HEADER_BYTES + body.length;
    }

    /** Writes a whole response frame at the writer index. */
    void writeResponse(ByteBuf out, int opcode, Status status, int requestId) {
        out.ensureWritable(frameBytes());
        int start = out.writerIndex();
        FrameHeader.putResponse(out, start, opcode, status, requestId);
        FrameHeader.putLengths(out, start, extensionBytes, 0, body.length - extensionBytes);
        out.setBytes(start + HEADER_BYTES, body);
        out.writerIndex(start + frameBytes());
    }
}

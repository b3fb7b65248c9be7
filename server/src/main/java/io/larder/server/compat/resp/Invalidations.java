package io.larder.server.compat.resp;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.netty.buffer.ByteBuf;

/** Larder's frames of changed keys as RESP's messages. Stateless. */
final class Invalidations {
    /** The channel on which a client of RESP2 hears of them. */
    static final String CHANNEL = "__redis__:invalidate";

    private Invalidations() {}

    /**
     * Appends what frames say to a reply; nothing if its protocol has no message for it.
     *
     * @param isSubscribed whether the connection listens to {@link #CHANNEL}
     */
    static void write(ByteBuf frames, Reply reply, boolean isSubscribed) {
        if (!reply.isThree() && !isSubscribed) {
            return;
        }
        int at = frames.readerIndex();
        while (at < frames.writerIndex()) {
            int opcode = FrameHeader.opcode(frames, at);
            if (opcode == Opcode.INVALIDATE.code()) {
                begin(reply);
                reply.array(1);
                int keyBytes = FrameHeader.keyBytes(frames, at);
                reply.bulk(frames, FrameHeader.keyOffset(frames, at), keyBytes);
            } else if (opcode == Opcode.INVALIDATE_ALL.code()) {
                begin(reply);
                reply.noArray();
            }
            at += (int) FrameHeader.frameBytes(frames, at);
        }
    }

    private static void begin(Reply reply) {
        if (reply.isThree()) {
            reply.push(2);
            reply.bulk("invalidate");
        } else {
            reply.array(3);
            reply.bulk("message");
            reply.bulk(CHANNEL);
        }
    }
}

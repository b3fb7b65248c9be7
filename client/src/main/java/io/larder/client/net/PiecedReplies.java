package io.larder.client.net;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the replies together whose value comes in pieces. What it holds is what has come, and the
 * room that the first piece announced, which the limit bounds. One thread: the event loop.
 */
final class PiecedReplies {
    private static final int VALUE_BYTES_MAX = 1 << 30;

    private final Map<Integer, ByteBuf> unfinished = new HashMap<>(0);

    /** Whether a piece of this reply has come, and not the last. */
    boolean isBegun(int requestId) {
        return unfinished.containsKey(requestId);
    }

    /** Whether this reply is a piece. */
    boolean isPiece(Reply reply) {
        return (reply.flags() & RequestFlag.MORE) != 0
                || (!unfinished.isEmpty() && unfinished.containsKey(reply.requestId()));
    }

    /**
     * Takes a piece; returns the whole frame with the last one, or an error's, else null.
     *
     * @throws Reply.UnreadableReplyException if the pieces do not make up what was announced
     */
    @Nullable ByteBuf take(Reply reply) {
        boolean hasMore = (reply.flags() & RequestFlag.MORE) != 0;
        ByteBuf whole = unfinished.remove(reply.requestId());
        if (!Status.isOk(reply.status())) {
            return reply.buffer().slice(reply.offset(), reply.frameBytes());
        }
        if (whole == null) {
            whole = begin(reply);
        } else if (reply.valueBytes() > whole.maxWritableBytes()) {
            throw unreadable("more", "as many as announced");
        } else {
            whole.writeBytes(reply.buffer(), reply.valueOffset(), reply.valueBytes());
        }
        if (hasMore) {
            unfinished.put(reply.requestId(), whole);
            return null;
        }
        if (whole.maxWritableBytes() > 0) {
            throw unreadable(whole.maxWritableBytes() + " missing", "as many as announced");
        }
        int extensionBytes = FrameHeader.extensionBytes(whole, 0);
        FrameHeader.putLengths(
                whole, 0, extensionBytes, 0, whole.readableBytes() - HEADER_BYTES - extensionBytes);
        return whole;
    }

    private static ByteBuf begin(Reply reply) {
        long length = announced(reply);
        if (length < reply.valueBytes() || length > VALUE_BYTES_MAX) {
            throw unreadable(length + " announced", reply.valueBytes() + ".." + VALUE_BYTES_MAX);
        }
        int first = reply.frameBytes();
        int all = first - reply.valueBytes() + (int) length;
        return Unpooled.buffer(all, all).writeBytes(reply.buffer(), reply.offset(), first);
    }

    private static long announced(Reply reply) {
        Extensions extensions = new Extensions();
        extensions.wrap(
                reply.buffer(),
                FrameHeader.extensionOffset(reply.offset()),
                FrameHeader.extensionBytes(reply.buffer(), reply.offset()));
        while (extensions.next() == Extensions.Step.ENTRY) {
            if (extensions.type() == ExtensionType.VALUE_LENGTH) {
                return extensions.longValue();
            }
        }
        return -1;
    }

    private static Reply.UnreadableReplyException unreadable(String found, String expected) {
        return new Reply.UnreadableReplyException(
                "bytes of a value in pieces: " + found + " (expected: " + expected + ")");
    }

    /** Forgets them all: their connection is gone. */
    void clear() {
        unfinished.clear();
    }
}

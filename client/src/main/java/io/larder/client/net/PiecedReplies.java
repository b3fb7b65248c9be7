package io.larder.client.net;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The replies whose value comes in pieces, as far as it has come: no more than was announced, which
 * the limit bounds. One thread: the event loop, but for {@link Pieces#join}.
 */
final class PiecedReplies {
    private static final int VALUE_BYTES_MAX = 1 << 30;

    /** The pieces of one value. */
    static final class Pieces {
        /** Header and extensions of the first frame, and none of the value; on the heap. */
        final ByteBuf head;

        private final List<byte[]> pieces = new ArrayList<>();
        private final int length;
        private int missing;
        private boolean isDamaged;

        private Pieces(ByteBuf head, int length) {
            this.head = head;
            this.length = length;
            this.missing = length;
        }

        private void add(Reply reply) {
            int bytes = reply.valueBytes();
            if (bytes > missing) {
                throw unreadable("more", "as many as announced");
            }
            missing -= bytes;
            pieces.add(ByteBufUtil.getBytes(reply.buffer(), reply.valueOffset(), bytes));
        }

        /** Those of a value whose first frame says nothing reliable. */
        private static Pieces damaged() {
            return new Pieces(Unpooled.EMPTY_BUFFER, 0);
        }

        /** Keeps nothing of the value any more: it only has to come to its end. */
        private void damage() {
            isDamaged = true;
            pieces.clear();
        }

        /** Whether one of the pieces is not as it was sent. */
        boolean isDamaged() {
            return isDamaged;
        }

        /** The value, when all its pieces are there. Takes milliseconds for a large one. */
        byte[] join() {
            byte[] value = new byte[length];
            int end = 0;
            for (byte[] piece : pieces) {
                System.arraycopy(piece, 0, value, end, piece.length);
                end += piece.length;
            }
            return value;
        }
    }

    private final Map<Integer, Pieces> unfinished = new HashMap<>(0);

    /** Whether a piece of this reply has come, and not the last. */
    boolean isBegun(int requestId) {
        return unfinished.containsKey(requestId);
    }

    /** Whether this reply is a piece; an error is none, and ends what has come before it. */
    boolean isPiece(Reply reply) {
        boolean hasMore = (reply.flags() & RequestFlag.MORE) != 0;
        boolean isBegun = !unfinished.isEmpty() && unfinished.containsKey(reply.requestId());
        if (isBegun && !Status.isOk(reply.status())) {
            unfinished.remove(reply.requestId());
            return false;
        }
        return hasMore || isBegun;
    }

    /**
     * Takes a piece; returns all of them with the last one, else null.
     *
     * @param isDamaged whether it is not as it was sent
     * @throws Reply.UnreadableReplyException if the pieces do not make up what was announced
     */
    @Nullable Pieces take(Reply reply, boolean isDamaged) {
        boolean hasMore = (reply.flags() & RequestFlag.MORE) != 0;
        Pieces pieces = unfinished.remove(reply.requestId());
        if (pieces == null) {
            pieces = isDamaged ? Pieces.damaged() : begin(reply);
        }
        if (isDamaged) {
            pieces.damage();
        } else if (!pieces.isDamaged) {
            pieces.add(reply);
        }
        if (hasMore) {
            unfinished.put(reply.requestId(), pieces);
            return null;
        }
        if (pieces.missing > 0 && !pieces.isDamaged) {
            throw unreadable(pieces.missing + " missing", "as many as announced");
        }
        return pieces;
    }

    private static Pieces begin(Reply reply) {
        long length = announced(reply);
        if (length < reply.valueBytes() || length > VALUE_BYTES_MAX) {
            throw unreadable(length + " announced", reply.valueBytes() + ".." + VALUE_BYTES_MAX);
        }
        int headBytes = reply.frameBytes() - reply.valueBytes();
        byte[] head = ByteBufUtil.getBytes(reply.buffer(), reply.offset(), headBytes);
        ByteBuf copy = Unpooled.wrappedBuffer(head);
        FrameHeader.putLengths(copy, 0, headBytes - HEADER_BYTES, 0, 0);
        return new Pieces(copy, (int) length);
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

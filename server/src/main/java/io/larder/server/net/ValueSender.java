package io.larder.server.net;

import io.larder.server.command.OutgoingValues;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/** Sends the large values of one connection, piece by piece. On the event loop only. */
/*
 * Two rules let small requests of the same connection overtake a large value:
 *
 * - The channel is given more pieces only while those that the socket has not taken are below half
 *   of its high watermark, so pieces alone do not make the channel unwritable, but where one of them
 *   is longer than that half; a connection that is not writable is not read, and a value for a
 *   client that reads more slowly than the store copies would keep it so from its first piece to its
 *   last.
 * - What the socket has taken is replaced only when the event loop has looked for input once. A
 *   task that was due at once would run before that, and the one after it too, until the whole
 *   value is sent to a client that reads as fast.
 */
final class ValueSender {
    private final OutgoingValues values;
    private final ConnectionFigures figures;
    private final Runnable sendMore;
    private int unsentBytes;
    private boolean isSending;
    private boolean willSend;

    /**
     * @param sendMore to be run when there is room for more pieces: calls {@link #send}
     */
    ValueSender(OutgoingValues values, ConnectionFigures figures, Runnable sendMore) {
        this.values = values;
        this.figures = figures;
        this.sendMore = sendMore;
    }

    /** Hands the channel what it may have now. */
    void send(ChannelHandlerContext ctx) {
        if (isSending || !canSend(ctx)) {
            return;
        }
        isSending = true;
        try {
            while (canSend(ctx)) {
                writePiece(ctx);
            }
            ctx.flush();
        } finally {
            isSending = false;
        }
    }

    private boolean canSend(ChannelHandlerContext ctx) {
        int unsentBytesMax = ctx.channel().config().getWriteBufferHighWaterMark() / 2;
        return !values.isEmpty() && unsentBytes < unsentBytesMax && ctx.channel().isWritable();
    }

    private void writePiece(ChannelHandlerContext ctx) {
        ByteBuf piece = ctx.alloc().directBuffer(values.nextFrameBytes());
        values.writeNext(piece);
        int bytes = piece.readableBytes();
        unsentBytes += bytes;
        figures.sent(bytes);
        var unused = ctx.write(piece).addListener(sent -> leave(ctx, bytes));
    }

    /** A piece is with the socket, or lost with the connection. */
    private void leave(ChannelHandlerContext ctx, int bytes) {
        unsentBytes -= bytes;
        if (!willSend && !values.isEmpty()) {
            willSend = true;
            Runnable next =
                    () -> {
                        willSend = false;
                        sendMore.run();
                    };
            var unused = ctx.channel().eventLoop().schedule(next, 1, TimeUnit.NANOSECONDS);
        }
    }
}

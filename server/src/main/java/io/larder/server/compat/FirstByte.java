package io.larder.server.compat;

import io.larder.server.net.ConnectionGate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a connection's first byte, has the protocol's handlers added that it belongs to, and
 * goes. Belongs to the connection's event loop.
 */
final class FirstByte extends ChannelInboundHandlerAdapter {
    private final SharedFrontend frontend;
    private @Nullable Future<?> silence;

    FirstByte(SharedFrontend frontend) {
        this.frontend = frontend;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        long millis = frontend.silenceMillisMax();
        if (millis > 0) {
            silence = ctx.executor().schedule(() -> end(ctx), millis, TimeUnit.MILLISECONDS);
        }
    }

    private static void end(ChannelHandlerContext ctx) {
        var unused = ctx.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (!bytes.isReadable()) {
            bytes.release();
            return;
        }
        frontend.speak(ctx.channel(), bytes.getUnsignedByte(bytes.readerIndex()));
        ctx.fireChannelRead(bytes);
        ctx.pipeline().remove(this);
    }

    /** Nothing was asked yet, so there is nothing to be answered. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ConnectionGate.DRAIN) {
            end(ctx);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** Reset by the client, before it has said anything. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(ctx);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (silence != null) {
            silence.cancel(false);
        }
    }
}

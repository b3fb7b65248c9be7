package io.larder.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose last words are to arrive: they are sent, the output is shut down,
 * and what still comes in is thrown away until the peer hangs up too, or for a short while. Closing
 * at once, with bytes unread, would make the kernel reset the connection, and the peer might lose
 * what it has not read yet. One event loop.
 */
public final class LingeringClose extends ChannelInboundHandlerAdapter {
    private static final long LINGER_MILLIS = 2_000;

    private LingeringClose() {}

    /**
     * Begins to close. Handlers before this in the pipeline are expected to take no more bytes; the
     * last words are released.
     */
    public static void begin(Channel channel, ByteBuf lastWords) {
        channel.pipeline().addLast(new LingeringClose());
        var unused =
                channel.eventLoop()
                        .schedule(() -> close(channel), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        channel.config().setAutoRead(true);
        channel.writeAndFlush(lastWords)
                .addListener(
                        (ChannelFutureListener)
                                sent -> {
                                    if (sent.isSuccess()) {
                                        endOutput(channel);
                                    } else {
                                        close(channel);
                                    }
                                });
    }

    /** Under TLS its own end goes first, or what was said might have been cut off by anybody. */
    private static void endOutput(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            shutdownOutput(channel);
        } else {
            tls.closeOutbound().addListener(ended -> shutdownOutput(channel));
        }
    }

    private static void shutdownOutput(Channel channel) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        } else {
            close(channel);
        }
    }

    private static void close(Channel channel) {
        var unused = channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        close(ctx.channel());
    }
}

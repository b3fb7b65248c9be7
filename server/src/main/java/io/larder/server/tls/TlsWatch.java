package io.larder.server.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;

/**
 * Behind TLS in the pipeline: says of a handshake that fails why, and keeps what breaks TLS later
 * from the front-end, to which it would be a fault of the server. One connection; its event loop.
 */
final class TlsWatch extends ChannelInboundHandlerAdapter {
    private final TlsContexts contexts;
    private final String listener;
    private boolean isOver; // and the log has said why

    TlsWatch(TlsContexts contexts, String listener) {
        this.contexts = contexts;
        this.listener = listener;
    }

    /** The handshake has begun; it ends with this future, which ends with the connection. */
    void begun(Channel channel, Future<Channel> handshake) {
        handshake.addListener(ended -> contexts.end(channel, ended.isSuccess()));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent end && !end.isSuccess()) {
            isOver = true;
            if (end.cause() instanceof SSLException) {
                refuse(ctx, end.cause());
            } // else the client left
        }
        ctx.fireUserEventTriggered(event);
    }

    private void refuse(ChannelHandlerContext ctx, Throwable cause) {
        Throwable innermost = cause;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String outer = String.valueOf(cause.getMessage());
        String inner = String.valueOf(innermost.getMessage());
        String reason = outer.contains(inner) ? outer : outer + ": " + inner;
        contexts.refused(listener, address(ctx), "TLS: " + reason);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable root =
                cause instanceof DecoderException && cause.getCause() != null
                        ? cause.getCause()
                        : cause;
        if (root instanceof SSLException) {
            if (!isOver) {
                isOver = true;
                refuse(ctx, root);
            }
            var unused = ctx.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    static String address(ChannelHandlerContext ctx) {
        return ctx.channel().remoteAddress() instanceof InetSocketAddress address
                ? NetUtil.toSocketAddressString(address)
                : "unknown";
    }
}

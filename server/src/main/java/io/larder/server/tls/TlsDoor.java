package io.larder.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands where TLS will be until the first record has come: a connection that says nothing has no
 * engine. What is no record of TLS ends it, and so does silence. One connection; its event loop.
 *
 * <p>What the handlers behind it write in the meantime waits here, as it would in the handshake.
 */
final class TlsDoor extends ByteToMessageDecoder implements ChannelOutboundHandler {
    /** Of a record's header: type, version, length. */
    private static final int HEADER_BYTES = 5;

    private static final int QUOTED_BYTES_MAX = 8;

    private record Waiting(Object message, ChannelPromise promise) {}

    private final TlsContexts contexts;
    private final String listener;
    private final TlsWatch watch;
    private final long sinceNanos = System.nanoTime();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(1);
    private @Nullable Future<?> deadline;

    TlsDoor(TlsContexts contexts, String listener, TlsWatch watch) {
        this.contexts = contexts;
        this.listener = listener;
        this.watch = watch;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline =
                ctx.executor()
                        .schedule(
                                () ->
                                        refuse(
                                                ctx,
                                                "no TLS handshake within "
                                                        + contexts.handshakeTimeoutMillis()
                                                        + " ms"),
                                contexts.handshakeTimeoutMillis(),
                                TimeUnit.MILLISECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < HEADER_BYTES) {
            return;
        }
        if (!SslHandler.isEncrypted(in, false)) {
            int quoted = Math.min(QUOTED_BYTES_MAX, in.readableBytes());
            String beginning = ByteBufUtil.hexDump(in, in.readerIndex(), quoted);
            in.skipBytes(in.readableBytes());
            refuse(ctx, "no TLS, its first bytes are " + beginning);
        } else {
            contexts.begin(ctx.channel());
            open(ctx);
        }
    }

    /** Leaves the place to TLS; what was read goes there when this handler is gone. */
    private void open(ChannelHandlerContext ctx) {
        SslHandler tls = contexts.context().newHandler(ctx.alloc(), contexts.arithmetic());
        long passedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
        tls.setHandshakeTimeoutMillis(
                Math.max(1, contexts.handshakeTimeoutMillis() - passedMillis));
        tls.setCloseNotifyFlushTimeoutMillis(1_000);
        ctx.pipeline().replace(this, null, tls);
        watch.begun(ctx.channel(), tls.handshakeFuture());
        ChannelHandlerContext behind = ctx.pipeline().context(watch);
        for (Waiting write = waiting.poll(); write != null; write = waiting.poll()) {
            var unused = behind.writeAndFlush(write.message(), write.promise());
        }
    }

    private void refuse(ChannelHandlerContext ctx, String reason) {
        if (ctx.channel().isActive()) {
            contexts.refused(listener, TlsWatch.address(ctx), reason);
        }
        var unused = ctx.close();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        waiting.add(new Waiting(message, promise));
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        // there is nothing that could be
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (!ctx.channel().isActive()) {
            failWaiting();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        if (deadline != null) {
            deadline.cancel(false);
        }
        failWaiting();
        super.channelInactive(ctx);
    }

    private void failWaiting() {
        for (Waiting write = waiting.poll(); write != null; write = waiting.poll()) {
            ReferenceCountUtil.release(write.message());
            write.promise().tryFailure(new ClosedChannelException());
        }
    }

    @Override
    public void bind(ChannelHandlerContext ctx, SocketAddress local, ChannelPromise promise) {
        var unused = ctx.bind(local, promise);
    }

    @Override
    public void connect(
            ChannelHandlerContext ctx,
            SocketAddress remote,
            SocketAddress local,
            ChannelPromise promise) {
        var unused = ctx.connect(remote, local, promise);
    }

    @Override
    public void disconnect(ChannelHandlerContext ctx, ChannelPromise promise) {
        var unused = ctx.disconnect(promise);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        var unused = ctx.close(promise);
    }

    @Override
    public void deregister(ChannelHandlerContext ctx, ChannelPromise promise) {
        var unused = ctx.deregister(promise);
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        ctx.read();
    }
}

package io.larder.server.compat;

import static io.netty.channel.ChannelFutureListener.CLOSE;
import static java.util.Objects.requireNonNull;

import io.larder.server.compat.Conversation.Stop;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.LingeringClose;
import io.larder.server.net.NetConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of another server's protocol: gathers its bytes, has its conversation carry out
 * what is whole, and sends the replies of a read batch with one flush. Belongs to its event loop.
 */
/*
 * Requests are carried out one after the other and answered in order. What keeps the next one from
 * its turn also keeps the channel from being read: replies that the client does not take (above the
 * high watermark), and a value that comes from disk. So a connection holds at most what it had read
 * by then, one buffer of replies beyond the watermark, and nothing grows that was not received: the
 * input's buffer is extended as bytes arrive, never to a length that a request only claims.
 *
 *   read --> [ input ] --carryOut--> [ out ] --flush at the end of the batch--> channel
 *                ^  AWAITS_DISK, not writable: autoRead off         |
 *                +-----------------  wake, writable again  ---------+
 */
final class CompatConnection extends ChannelInboundHandlerAdapter implements Peer {
    private static final int OUT_BYTES_MIN = 512;

    private final NetConfig config;
    private final UncaughtErrors errors;
    private final ConversationFactory factory;
    private @Nullable Conversation conversation;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf in;
    private @Nullable ByteBuf out;
    private int outBytesExpected = OUT_BYTES_MIN;
    private boolean isAwaiting;
    private boolean isRunning;
    private boolean isEnding;
    private boolean isDraining; // what it has read is answered, then it ends
    private boolean isInputShut; // the client sends no more, but may still read
    private boolean isActive;
    private long stalledBytes;

    CompatConnection(NetConfig config, UncaughtErrors errors, ConversationFactory factory) {
        this.config = config;
        this.errors = errors;
        this.factory = factory;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        conversation = factory.open(this);
        if (config.idleTimeoutMillis() > 0) {
            later(this::checkIdle, config.idleTimeoutMillis());
        }
    }

    private void later(Runnable task, long delayMillis) {
        var unused = schedule(task, delayMillis);
    }

    private void checkIdle() {
        if (isEnding) {
            return;
        }
        if (!isActive && !isAwaiting) {
            end();
            return;
        }
        isActive = false;
        later(this::checkIdle, config.idleTimeoutMillis());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (isEnding) {
            ReferenceCountUtil.release(message);
            return;
        }
        isActive = true;
        ByteBuf before = in;
        ByteBuf bytes = (ByteBuf) message;
        in =
                before == null
                        ? bytes
                        : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, bytes);
        run();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush();
    }

    /** Carries out what is there as far as replies are taken, and nothing is waited for. */
    private void run() {
        if (isRunning) {
            return;
        }
        isRunning = true;
        try {
            Stop stop = Stop.HAS_REPLIES;
            while (stop == Stop.HAS_REPLIES && in != null && !isEnding && isWritable()) {
                stop = requireNonNull(conversation).carryOut(in, out());
                if (stop == Stop.HAS_REPLIES) {
                    flush();
                }
            }
            isAwaiting = stop == Stop.AWAITS_DISK;
            releaseRead();
            if (stop == Stop.ENDS) {
                end();
            }
        } finally {
            isRunning = false;
            if (isEnding) {
                releaseBuffers(); // the channel was closed from within
            }
        }
        if (!isEnding) {
            context().channel().config().setAutoRead(!isAwaiting && isWritable());
        }
    }

    private void releaseRead() {
        if (in != null && !in.isReadable()) {
            in.release();
            in = null;
        }
    }

    @Override
    public ByteBuf out() {
        ByteBuf present = out;
        if (present == null) {
            present = context().alloc().directBuffer(outBytesExpected);
            out = present;
        }
        return present;
    }

    @Override
    public void flush() {
        ByteBuf replies = out;
        if (replies == null || isEnding) {
            return;
        }
        int bytes = replies.readableBytes();
        out = null;
        if (bytes == 0) {
            replies.release();
            return;
        }
        int wanted = Math.max(OUT_BYTES_MIN, Integer.highestOneBit(bytes) << 1);
        outBytesExpected =
                Math.min(Conversation.REPLY_BYTES, Math.max(wanted, outBytesExpected >> 1));
        var unused = context().writeAndFlush(replies, context().voidPromise());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (isWritable()) {
            if (!isRunning) {
                run();
                flush();
                endIfDrained();
            }
        } else if (config.stallTimeoutMillis() > 0) {
            stalledBytes = ctx.channel().bytesBeforeWritable();
            later(this::checkStall, config.stallTimeoutMillis());
        }
        ctx.fireChannelWritabilityChanged();
    }

    /** A client that takes none of its replies holds memory: after a while it is cut off. */
    private void checkStall() {
        long bytes = context().channel().bytesBeforeWritable();
        if (isWritable() || isEnding) {
            return;
        }
        if (bytes == stalledBytes) {
            close();
            return;
        }
        stalledBytes = bytes;
        later(this::checkStall, config.stallTimeoutMillis());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ConnectionGate.DRAIN) {
            isDraining = true;
            endIfDrained();
        } else if (event instanceof ChannelInputShutdownEvent) {
            isInputShut = true;
            isDraining = true;
            endIfDrained();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void endIfDrained() {
        if (isDraining && !isEnding && !isAwaiting && isWritable()) {
            run();
            flush();
            if (!isAwaiting && isWritable()) {
                end();
            }
        }
    }

    /** Sends what has been replied and closes; nothing more is taken in. */
    private void end() {
        if (isEnding) {
            return;
        }
        ByteBuf lastWords = out == null ? Unpooled.EMPTY_BUFFER : out;
        out = null;
        isEnding = true;
        if (in != null) {
            in.release();
            in = null;
        }
        requireNonNull(conversation).release();
        if (isInputShut) {
            var unused = context().writeAndFlush(lastWords).addListener(CLOSE);
        } else {
            LingeringClose.begin(context().channel(), lastWords);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        isEnding = true;
        requireNonNull(conversation).release();
        releaseBuffers();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        isEnding = true;
        requireNonNull(conversation).release();
        releaseBuffers();
    }

    private void releaseBuffers() {
        if (in != null && !isRunning) {
            in.release();
            in = null;
        }
        if (out != null && !isRunning) {
            out.release();
            out = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            errors.record(cause);
        }
        close();
    }

    @Override
    public void wake() {
        execute(
                () -> {
                    if (!isEnding) {
                        isAwaiting = false;
                        run();
                        flush();
                        endIfDrained();
                    }
                });
    }

    @Override
    public void execute(Runnable task) {
        try {
            context().channel().eventLoop().execute(task);
        } catch (RejectedExecutionException ended) {
            close(); // the event loop has ended, and this connection with it
        }
    }

    @Override
    public Future<?> schedule(Runnable task, long delayMillis) {
        return context().executor().schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isWritable() {
        return context().channel().isWritable();
    }

    @Override
    public void close() {
        var unused = context().channel().close();
    }

    @Override
    public String remoteAddress() {
        return text(context().channel().remoteAddress());
    }

    @Override
    public String localAddress() {
        return text(context().channel().localAddress());
    }

    private static String text(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? NetUtil.toSocketAddressString(inet)
                : "unknown";
    }

    private ChannelHandlerContext context() {
        return requireNonNull(context);
    }
}

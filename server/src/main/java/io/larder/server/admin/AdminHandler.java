package io.larder.server.admin;

import static java.util.Objects.requireNonNull;

import io.larder.server.auth.AccessControl;
import io.larder.server.auth.Caller;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.ConnectionTask;
import io.larder.server.net.PeerCertificate;
import io.larder.server.region.RegionTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers the lines of one connection, in their order, one answer each. While an answer takes its
 * time the lines behind it wait, no more than one read has brought, and nothing is read; a line
 * behind one that goes on for ever ends it.
 *
 * <p>After an answer a connection rests, once that is worth a timer, so that an operator who asks
 * without a pause leaves the processors to the clients: {@link #REST_FACTOR_SHORT} times as long as
 * the work took if that was no more than {@link #SHORT_NANOS}, which is no longer than a read waits
 * anyhow that meets it; else {@link #REST_FACTOR} times as long up to {@link #REST_NANOS_ENOUGH},
 * so that of a hundred reads all but one or two do not meet it. A server that stops does not rest:
 * the lines it has read are answered first.
 */
final class AdminHandler extends SimpleChannelInboundHandler<AdminLine> implements AdminConnection {
    /** Milliseconds that somebody has to show who he is. */
    static final long AUTH_MILLIS_MAX = 10_000;

    private static final long SHORT_NANOS = 200_000;
    private static final int REST_FACTOR_SHORT = 9;
    private static final int REST_FACTOR = 49;
    private static final long REST_NANOS_ENOUGH = 20_000_000;
    private static final long REST_NANOS_MIN = 1_000_000;

    private final AdminCommandTable commands;
    private final UncaughtErrors errors;
    private final AccessControl access;
    private @Nullable Caller caller;
    private final ArrayDeque<AdminLine> waiting = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable AdminReply current; // not ended
    private boolean isRunning;
    private boolean isResting;
    private boolean isDraining;
    private long restNanos; // owed
    private boolean closing;

    AdminHandler(AdminCommandTable commands, UncaughtErrors errors, AccessControl access) {
        this.access = access;
        this.commands = commands;
        this.errors = errors;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        InetSocketAddress address = (InetSocketAddress) ctx.channel().remoteAddress();
        Caller stranger =
                new Caller(
                        access,
                        RegionTable.DEFAULT_NAME,
                        address == null ? "" : NetUtil.toSocketAddressString(address));
        caller = stranger;
        if (!stranger.isKnown()) {
            schedule(
                    () -> {
                        if (!identify(ctx).isKnown()) {
                            close(ctx);
                        }
                    },
                    AUTH_MILLIS_MAX);
        }
    }

    /** The caller, by his certificate if he has shown one. */
    private Caller identify(ChannelHandlerContext ctx) {
        Caller present = requireNonNull(caller);
        present.refresh();
        if (!present.isKnown()) {
            present.showCertificate(PeerCertificate.commonName(ctx.channel()));
        }
        return present;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, AdminLine line) {
        waiting.add(line);
        answer(ctx);
    }

    private void answer(ChannelHandlerContext ctx) {
        while (current == null && !closing && !isResting && !waiting.isEmpty()) {
            long beginNanos = System.nanoTime();
            answer(ctx, waiting.remove());
            rest(ctx, System.nanoTime() - beginNanos);
        }
        AdminReply ongoing = current;
        if (ongoing != null && ongoing.stream() != null && !waiting.isEmpty()) {
            waiting.remove();
            ongoing.stream().close();
            ongoing.end();
            return; // which has answered what was behind it
        }
        ctx.channel().config().setAutoRead(waiting.isEmpty() && ctx.channel().isWritable());
    }

    private void rest(ChannelHandlerContext ctx, long workNanos) {
        long enoughNanos =
                workNanos <= SHORT_NANOS ? 0 : Math.min(REST_FACTOR * workNanos, REST_NANOS_ENOUGH);
        restNanos += Math.max(REST_FACTOR_SHORT * workNanos, enoughNanos);
        if (restNanos < REST_NANOS_MIN || isDraining) {
            return;
        }
        isResting = true;
        ConnectionTask end = new ConnectionTask(ctx.channel(), () -> endRest(ctx));
        var unused = ctx.executor().schedule(end, restNanos, TimeUnit.NANOSECONDS);
        restNanos = 0;
    }

    private void endRest(ChannelHandlerContext ctx) {
        isResting = false;
        if (!ctx.isRemoved()) {
            answer(ctx);
            ctx.flush();
        }
    }

    private void answer(ChannelHandlerContext ctx, AdminLine line) {
        AdminReply reply = new AdminReply(ctx.alloc().buffer(), this, identify(ctx));
        current = reply;
        isRunning = true;
        if (line.isTooLong()) {
            reply.error(
                    "line-too-long",
                    line.lengthBytes()
                            + " bytes (expected: at most "
                            + AdminLineDecoder.LINE_BYTES_MAX
                            + ")");
        } else if (hasControlCharacter(line.bytes())) {
            reply.error(
                    "control-character",
                    "in the line (expected: text; in a quoted word, escapes as \\n or \\x01)");
        } else {
            commands.run(line.bytes(), reply);
            ConnectionGate.name(ctx.channel(), reply.caller().user(), "");
        }
        isRunning = false;
        if (reply.isEnded()) {
            finish(ctx, reply);
        }
    }

    private void finish(ChannelHandlerContext ctx, AdminReply reply) {
        current = null;
        var unused = ctx.write(reply.out()); // if it fails, the connection is gone
        if (reply.isClosing()) {
            close(ctx);
        }
    }

    @Override
    public void ended(AdminReply reply) {
        ChannelHandlerContext ctx = context;
        if (isRunning || reply != current || ctx == null) {
            return; // it is sent when the command returns; or taken back by an error behind it
        }
        finish(ctx, reply);
        answer(ctx);
        ctx.flush();
    }

    @Override
    public void execute(Runnable step) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            try {
                ctx.executor().execute(new ConnectionTask(ctx.channel(), step));
            } catch (RejectedExecutionException e) {
                var unused = ctx.close(); // the event loop has ended, and this connection with it
            }
        }
    }

    @Override
    public void schedule(Runnable step, long delayMillis) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ConnectionTask later = new ConnectionTask(ctx.channel(), step);
            var unused = ctx.executor().schedule(later, delayMillis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public boolean isWritable() {
        ChannelHandlerContext ctx = context;
        return ctx != null && ctx.channel().isWritable();
    }

    @Override
    public void send(CharSequence lines) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && !mayGoOn(ctx)) {
            close(ctx);
        } else if (ctx != null) {
            ByteBuf out =
                    ByteBufUtil.encodeString(
                            ctx.alloc(), CharBuffer.wrap(lines), StandardCharsets.UTF_8);
            var unused = ctx.writeAndFlush(out);
        }
    }

    /** Whether the user still has the right to what he is being sent. */
    private boolean mayGoOn(ChannelHandlerContext ctx) {
        identify(ctx);
        AdminReply ongoing = current;
        return ongoing == null || ongoing.isStillAdmitted();
    }

    private static boolean hasControlCharacter(byte[] line) {
        for (byte character : line) {
            if (character != '\t' && Character.isISOControl(character & 0xFF) && character >= 0) {
                return true;
            }
        }
        return false;
    }

    private void close(ChannelHandlerContext ctx) {
        closing = true;
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        AdminReply ongoing = current;
        if (ongoing != null && ongoing.stream() != null && ctx.channel().isWritable()) {
            ongoing.stream().resume();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ConnectionGate.DRAIN) {
            isDraining = true;
            isResting = false;
            answer(ctx);
            close(ctx);
        } else if (event instanceof IdleStateEvent) {
            close(ctx);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        waiting.clear();
        AdminReply ongoing = current;
        if (ongoing != null) {
            current = null;
            ongoing.cancel();
            ongoing.out().release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) { // those are the other side's doing
            errors.record(cause);
        }
        var unused = ctx.close();
    }
}

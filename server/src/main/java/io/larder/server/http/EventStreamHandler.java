package io.larder.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.ConnectionGate;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends one connection a sample of what happens, until it closes, stalls, says something more, its
 * user loses the right to it, or the server stops. Belongs to its event loop.
 */
/*
 * Time passes in ticks. In each one, while the channel takes bytes, what the sample holds is sent in
 * one event; in between, and while the channel takes none, events only are counted and dropped
 * (EventSample). So what waits in memory for a peer is the channel's own buffer up to its mark, one
 * event beyond, and one sample, however long the peer stalls; and it may not stall for long.
 */
final class EventStreamHandler extends ChannelInboundHandlerAdapter {
    private static final byte[] BEGIN = "data: ".getBytes(US_ASCII); // JSON and a line feed behind
    private static final byte[] END = {'\n'};
    private static final byte[] NOTHING = ":\n\n".getBytes(US_ASCII);

    private final EventSource source;
    private final EventSample sample;
    private final UncaughtErrors errors;
    private final EventStream.Pace pace;
    private final BooleanSupplier mayGoOn;

    private @Nullable ScheduledFuture<?> ticking;
    private int ticksSilent;
    private int ticksStalled;

    EventStreamHandler(
            EventSource source,
            EventSample sample,
            UncaughtErrors errors,
            EventStream.Pace pace,
            BooleanSupplier mayGoOn) {
        this.source = source;
        this.sample = sample;
        this.errors = errors;
        this.pace = pace;
        this.mayGoOn = mayGoOn;
    }

    /** Locking: may wait for writers, as {@link EventSource#watch}. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        try {
            source.watch(sample);
        } catch (RuntimeException | Error e) {
            exceptionCaught(context, e); // nobody else would close the connection
            return;
        }
        send(context, NOTHING); // its peer knows that it has begun
        ticking =
                context.executor()
                        .scheduleAtFixedRate(
                                () -> tick(context),
                                pace.tickMillis(),
                                pace.tickMillis(),
                                TimeUnit.MILLISECONDS);
    }

    private void tick(ChannelHandlerContext context) {
        try {
            trySend(context);
        } catch (RuntimeException | Error e) {
            exceptionCaught(context, e); // else the ticks would end and nobody know why
        }
    }

    private void trySend(ChannelHandlerContext context) {
        if (!mayGoOn.getAsBoolean()) {
            var unused = context.close();
            return;
        }
        if (!context.channel().isWritable()) {
            if (++ticksStalled >= pace.ticksStalled()) {
                var unused = context.close();
            }
            return;
        }
        ticksStalled = 0;
        byte[] json = sample.take();
        if (json != null) {
            send(context, BEGIN, json, END);
        } else if (++ticksSilent >= pace.ticksSilent()) {
            send(context, NOTHING);
        }
    }

    private void send(ChannelHandlerContext context, byte[]... parts) {
        ticksSilent = 0;
        var unused = context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(parts)));
    }

    /** There is nothing more to ask on a connection like this. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        if (message instanceof HttpRequest) {
            var unused = context.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ConnectionGate.DRAIN) {
            var unused = context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    /** Also when the channel has closed. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (ticking != null) {
            ticking.cancel(false);
        }
        source.unwatch(sample);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) { // those are the other side's doing
            errors.record(cause);
        }
        var unused = context.close();
    }
}

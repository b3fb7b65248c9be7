package io.larder.server.compat;

import static io.netty.channel.ChannelFutureListener.CLOSE;
import static java.util.Objects.requireNonNull;

import io.larder.protocol.ProtocolLimits;
import io.larder.server.auth.AccessControl;
import io.larder.server.auth.Caller;
import io.larder.server.command.CommandServices;
import io.larder.server.compat.Conversation.Stop;
import io.larder.server.limit.InFlight;
import io.larder.server.limit.LoopLoad;
import io.larder.server.limit.Overload;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.metrics.UserFigures;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.ConnectionTask;
import io.larder.server.net.LingeringClose;
import io.larder.server.net.NetConfig;
import io.larder.server.net.PeerCertificate;
import io.larder.server.region.RegionTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
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
 * Where all connections together hold too much (InFlight), nothing new is carried out: the client
 * waits, as its request would take memory that there is none for, and those who hold it are cut off by
 * their deadlines. Where requests queue for too long (LoopLoad), the conversation refuses them.
 * A request that has begun has as long to end as a frame of Larder's own.
 *
 *   read --> [ input ] --carryOut--> [ out ] --flush at the end of the batch--> channel
 *                ^  AWAITS, not writable     : autoRead off         |
 *                +-----------------  wake, writable again  ---------+
 */
final class CompatConnection extends ChannelInboundHandlerAdapter implements Peer {
    private static final int OUT_BYTES_MIN = 512;

    /** Room for two reads: a request begun in one and ended in the next. */
    private static final int IN_BYTES_KEPT = 128 << 10;

    /** How often it is looked what is held, while there is something. */
    private static final long ACCOUNT_MILLIS = 500;

    /** How soon it is looked again whether less is in flight. */
    private static final long IN_FLIGHT_MILLIS = 20;

    private final NetConfig config;
    private final UncaughtErrors errors;
    private final InFlight inFlight;
    private final Overload overload;
    private final ConversationFactory factory;
    private final AccessControl access;
    private @Nullable Caller caller;
    private @Nullable Conversation conversation;
    private @Nullable ChannelHandlerContext context;
    private @Nullable LoopLoad load;
    private @Nullable ByteBuf in;
    private @Nullable ByteBuf out;
    private int outBytesExpected = OUT_BYTES_MIN;
    private boolean isAwaiting;
    private boolean isRunning;
    private boolean isEnding;
    private boolean isDraining; // what it has read is answered, then it ends
    private boolean isInputShut; // the client sends no more, but may still read
    private boolean isActive;
    private String toldUser = "";
    private String toldClient = "";
    private boolean isHeldUp; // too much is in flight, and a timer runs
    private boolean isPartialWatched; // a timer runs
    private boolean isPartial; // a request has begun that is not whole
    private long partialSinceNanos;
    private boolean isAccountWatched; // a timer runs
    private long heldBytes; // as InFlight was told
    private long stalledBytes;

    CompatConnection(NetConfig config, CommandServices services, ConversationFactory factory) {
        this.access = services.access();
        this.config = config;
        this.errors = services.errors();
        this.inFlight = services.shared().inFlight();
        this.overload = services.shared().overload();
        this.factory = factory;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        load = overload.ofLoop();
        caller = new Caller(access, RegionTable.DEFAULT_NAME, remoteAddress());
        if (!caller.isKnown()) {
            later(this::checkKnown, config.helloTimeoutMillis());
        }
        conversation = factory.open(this);
        if (config.idleTimeoutMillis() > 0) {
            later(this::checkIdle, config.idleTimeoutMillis());
        }
    }

    private void later(Runnable task, long delayMillis) {
        var unused = schedule(task, delayMillis);
    }

    /** Whoever does not show who he is, is not waited for. */
    private void checkKnown() {
        if (!isEnding && !identify().isKnown()) {
            end();
        }
    }

    /** The caller, by his certificate if he has shown one. */
    private Caller identify() {
        Caller present = caller();
        present.refresh();
        if (!present.isKnown()) {
            present.showCertificate(PeerCertificate.commonName(context().channel()));
        }
        return present;
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
        UserFigures figures = caller().figures();
        if (figures != null) {
            figures.countReceived(bytes.readableBytes());
        }
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
            identify();
            load().beginBatch(System.nanoTime());
            Stop stop = Stop.HAS_REPLIES;
            while (stop == Stop.HAS_REPLIES
                    && in != null
                    && !isEnding
                    && isWritable()
                    && !mustHoldUp()) {
                int before = in.readerIndex();
                stop = requireNonNull(conversation).carryOut(in, out());
                notePartial(stop, in.readerIndex() > before);
                if (stop == Stop.HAS_REPLIES) {
                    flush();
                }
            }
            load().endBatch(System.nanoTime());
            tellWho();
            isAwaiting = stop == Stop.AWAITS;
            releaseRead();
            if (stop == Stop.ENDS || isTooMuch()) {
                end();
            }
        } finally {
            isRunning = false;
            if (isEnding) {
                releaseBuffers(); // the channel was closed from within
            }
        }
        if (!isEnding) {
            context().channel().config().setAutoRead(!isAwaiting && isWritable() && !isHeldUp);
        }
        account();
    }

    /** For those who look after connections. */
    private void tellWho() {
        Caller present = caller();
        if (!toldUser.equals(present.user()) || !toldClient.equals(present.client())) {
            toldUser = present.user();
            toldClient = present.client();
            ConnectionGate.name(context().channel(), toldUser, toldClient);
        }
    }

    /** Whether nothing new is to be carried out; it is tried again soon. */
    private boolean mustHoldUp() {
        if (!isHeldUp && inFlight.isFull()) {
            isHeldUp = true;
            inFlight.countRefusal();
            later(this::goOn, IN_FLIGHT_MILLIS);
        }
        return isHeldUp;
    }

    private void goOn() {
        isHeldUp = false;
        if (!isEnding) {
            run();
            flush();
            endIfDrained();
        }
    }

    private void notePartial(Stop stop, boolean isNew) {
        boolean was = isPartial;
        isPartial = stop == Stop.NEEDS_INPUT && in != null && in.isReadable();
        if (isPartial && (!was || isNew)) {
            partialSinceNanos = System.nanoTime();
            if (!isPartialWatched) {
                isPartialWatched = true;
                later(this::checkPartial, config.frameTimeoutMillis());
            }
        }
    }

    /** A client that has begun a request and does not end it holds memory: it is cut off. */
    private void checkPartial() {
        isPartialWatched = false;
        if (isEnding || !isPartial) {
            return;
        }
        long bytes = in == null ? 0 : in.readableBytes();
        long allowedMillis =
                config.frameTimeoutMillis()
                        + 1_000 * (bytes / ProtocolLimits.FRAME_BYTES_PER_SECOND_MIN);
        long leftMillis =
                allowedMillis
                        - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - partialSinceNanos);
        if (leftMillis <= 0) {
            close();
        } else {
            isPartialWatched = true;
            later(this::checkPartial, leftMillis);
        }
    }

    /** Tells how much is held here. */
    private void account() {
        if (context().isRemoved()) {
            return;
        }
        ChannelOutboundBuffer unsent = context().channel().unsafe().outboundBuffer();
        long bytes =
                (unsent == null ? 0 : unsent.totalPendingWriteBytes())
                        + (in == null ? 0 : in.capacity());
        tellHeld(bytes);
        if (bytes > 0 && !isAccountWatched) {
            isAccountWatched = true; // nothing else tells when the socket has taken the rest
            later(
                    () -> {
                        isAccountWatched = false;
                        account();
                    },
                    ACCOUNT_MILLIS);
        }
    }

    private void tellHeld(long bytes) {
        if (bytes != heldBytes) {
            inFlight.change(bytes - heldBytes);
            heldBytes = bytes;
        }
    }

    /** Of those who are not known little is kept. */
    private boolean isTooMuch() {
        return in != null && !caller().isKnown() && in.readableBytes() > Caller.UNKNOWN_BYTES_MAX;
    }

    /** Keeps no more room than what has begun needs. */
    private void releaseRead() {
        ByteBuf present = in;
        if (present == null) {
            return;
        }
        if (!present.isReadable()) {
            present.release();
            in = null;
        } else if (present.capacity() > IN_BYTES_KEPT
                && present.readableBytes() < present.capacity() >> 2) {
            in = context().alloc().directBuffer(present.readableBytes()).writeBytes(present);
            present.release();
        } else {
            present.discardSomeReadBytes();
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
        UserFigures figures = caller().figures();
        if (figures != null) {
            figures.countSent(bytes);
        }
        int wanted = Math.max(OUT_BYTES_MIN, Integer.highestOneBit(bytes) << 1);
        outBytesExpected =
                Math.min(Conversation.REPLY_BYTES, Math.max(wanted, outBytesExpected >> 1));
        var unused = context().writeAndFlush(replies, context().voidPromise());
        account();
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
        account();
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
            if (!isAwaiting && isWritable() && !isHeldUp) {
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
        tellHeld(0);
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
            Channel channel = context().channel();
            channel.eventLoop().execute(new ConnectionTask(channel, task));
        } catch (RejectedExecutionException ended) {
            close(); // the event loop has ended, and this connection with it
        }
    }

    @Override
    public Future<?> schedule(Runnable task, long delayMillis) {
        ConnectionTask later = new ConnectionTask(context().channel(), task);
        return context().executor().schedule(later, delayMillis, TimeUnit.MILLISECONDS);
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
    public Caller caller() {
        return requireNonNull(caller);
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

    private LoopLoad load() {
        return requireNonNull(load);
    }

    private ChannelHandlerContext context() {
        return requireNonNull(context);
    }
}

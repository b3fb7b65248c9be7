package io.larder.server.net;

import static java.util.Objects.requireNonNull;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.FrameDecoder;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.FrameListener;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.larder.server.command.CommandDispatcher;
import io.larder.server.command.LateReplies;
import io.larder.server.command.Session;
import io.larder.server.limit.InFlight;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.push.PushQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the binary protocol: hands the decoder's frames to the dispatcher, gathers the
 * replies of a read batch in one buffer and sends them with one flush, and holds the connection to
 * its deadlines. Belongs to the connection's event loop.
 */
/*
 *                              drain                    nothing came for a while
 *   +---------+ HELLO +------+ -----> +----------+ --------------------------+
 *   | waiting | ----> | open |        | draining | requests: SHUTTING_DOWN   |
 *   +---------+       +------+        +----------+                           v
 *        |               |  | drain        ^                             +--------+
 *        |               |  +-> +---------+| nothing came for a while    | ending |
 *        |               |      | leaving |+                             +--------+
 *        |               |      +---------+   fatal status, deadline         ^
 *        +---------------+-----------+---------------------------------------+
 *
 * Leaving: a client that takes pushes has been sent GOAWAY. What it sends is still carried out, for
 * it may have been under way; it closes the connection itself when all is answered. A client that
 * does neither for LEAVING_SILENCE_MILLIS is treated as one that takes no pushes: drained. Ending is
 * LingeringClose.
 *
 * Back-pressure: when the bytes waiting to be sent pass the high watermark, the channel says so,
 * from within our own write: the decoder is paused at once, hands over no more frames and stops the
 * channel from reading. Below the low watermark it goes on with what it has kept. A connection thus
 * holds at most the high watermark, one buffer of replies (FLUSH_BYTES and the longest reply) and
 * what the decoder has of one read. Large values go by ValueSender, within that bound.
 *
 * All connections together: each tells InFlight how many bytes it holds, of requests that are not
 * answered and of replies that are not sent. While that is too much requests are answered BUSY, and
 * half frames of any length are given up: answered at once, their rest drained.
 *
 * Pushes are sent when a batch has been answered, when a SYNC asks for them, and when their queue
 * says that there are some. They count as replies do; while the channel takes no more they stay in
 * their queue, which has a bound of its own.
 */
final class BinaryConnection extends ChannelInboundHandlerAdapter implements FrameListener {
    /** Replies are sent before the batch is over when there are this many bytes of them. */
    private static final int FLUSH_BYTES = 256 << 10;

    private static final int OUT_BYTES_MIN = 256;

    /** Half frames up to this are kept, also where too much is in flight. */
    private static final int SMALL_PARTIAL_BYTES = 4 << 10;

    /** How long a draining connection has to be silent to be closed, at least. */
    private static final long DRAIN_SILENCE_MILLIS = 100;

    /** How long a client that was sent GOAWAY may be silent and keep the connection. */
    private static final long LEAVING_SILENCE_MILLIS = 1_000;

    private final Supplier<NetConfig> settings; // may change at any time
    private final ConnectionTable table;
    private final CommandDispatcher dispatcher;
    private final UncaughtErrors errors;
    private final ConnectionSweep sweep;
    private final LongSupplier nanoClock;
    private final InFlight inFlight;
    private final LateReplies late = new Late();
    private final Session session;

    private @Nullable FrameDecoder decoder;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ConnectionFigures figures;
    private @Nullable ValueSender sender;
    private @Nullable ByteBuf out; // replies not yet handed to the channel
    private int outBytesExpected = OUT_BYTES_MIN;
    private int sweepIndex;
    private boolean isOpen;
    private boolean isAdmitted; // and may send what is long
    private boolean isLeaving;
    private boolean isDraining;
    private boolean isEnding;
    private boolean isPaused;

    private boolean isActive; // a batch has come since the last look
    private long connectedNanos;
    private long activeNanos;
    private boolean isStalled; // replies wait, and none was taken since stalledNanos
    private long takenBytes; // by then
    private long stalledNanos;
    private long heldBytes; // as InFlight was told
    private int framesOfBatch;
    private long bytesOfBatch;
    private long pauses; // begun so far

    BinaryConnection(
            Supplier<NetConfig> settings,
            ConnectionTable table,
            CommandDispatcher dispatcher,
            UncaughtErrors errors,
            ConnectionSweep sweep,
            LongSupplier nanoClock) {
        this.settings = settings;
        this.table = table;
        this.dispatcher = dispatcher;
        this.errors = errors;
        this.sweep = sweep;
        this.nanoClock = nanoClock;
        this.inFlight = dispatcher.shared().inFlight();
        this.session = dispatcher.newSession(late);
    }

    /** Says who cuts this connection's frames; once, before it is added to the pipeline. */
    void decoder(FrameDecoder newDecoder) {
        decoder = newDecoder;
    }

    private FrameDecoder decoder() {
        return requireNonNull(decoder);
    }

    int sweepIndex() {
        return sweepIndex;
    }

    void sweepIndex(int newSweepIndex) {
        sweepIndex = newSweepIndex;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        connectedNanos = nanoClock.getAsLong();
        activeNanos = connectedNanos;
        figures =
                new ConnectionFigures(
                        table.nextId(), ctx.channel().remoteAddress(), connectedNanos);
        sender = new ValueSender(session.outgoing(), figures, () -> sendValues(ctx));
        session.clientAddress(figures.address());
        session.author(figures.id());
        sweep.add(this);
        table.add(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        sweep.remove(this);
        table.remove(this);
        releaseOut();
        session.release();
        tellHeld(0);
    }

    /** What is known of this connection; once it is in its pipeline. */
    ConnectionFigures figures() {
        return requireNonNull(figures);
    }

    private ValueSender sender() {
        return requireNonNull(sender);
    }

    Channel channel() {
        return requireNonNull(context).channel();
    }

    @Override
    public void onFrame(ChannelHandlerContext ctx, ByteBuf buffer, int offset) {
        framesOfBatch++;
        bytesOfBatch += ProtocolLimits.HEADER_BYTES + FrameHeader.bodyBytes(buffer, offset);
        ByteBuf replies = out(ctx);
        if (!isOpen) {
            session.certificate(PeerCertificate.commonName(ctx.channel()));
        }
        if (isDraining) {
            dispatcher.refuse(buffer, offset, replies, Status.SHUTTING_DOWN, shuttingDown());
        } else if (!dispatcher.dispatch(session, buffer, offset, replies)) {
            end();
            return;
        }
        if (!isOpen && session.isOpen()) {
            isOpen = true;
            figures().clientName(session.clientName());
            awaitPushes(ctx);
        }
        if (!isAdmitted && isOpen && session.isAdmitted()) {
            isAdmitted = true;
            decoder().bodyBytesMax(dispatcher.limits().bodyBytesMax());
        }
        if (session.outgoing().isFull() || isWindowFull()) {
            decoder().pause();
        }
        if (replies.readableBytes() >= FLUSH_BYTES) {
            flush(ctx);
        }
    }

    private void awaitPushes(ChannelHandlerContext ctx) {
        PushQueue pushes = session.pushes();
        if (pushes != null) {
            Runnable send =
                    () -> {
                        takePushes(ctx);
                        flush(ctx);
                    };
            pushes.onOffered(() -> execute(ctx, send));
        }
    }

    private static void execute(ChannelHandlerContext ctx, Runnable task) {
        try {
            ctx.channel().eventLoop().execute(new ConnectionTask(ctx.channel(), task));
        } catch (RejectedExecutionException ended) {
            var unused = ctx.close(); // the event loop has ended, and this connection with it
        }
    }

    private void takePushes(ChannelHandlerContext ctx) {
        PushQueue pushes = session.pushes();
        if (pushes != null && !pushes.isEmpty() && !isEnding && ctx.channel().isWritable()) {
            session.writePushes(out(ctx));
        }
    }

    private static ErrorBody shuttingDown() {
        return ErrorBody.of("server", "stopping", "another one, or this one later");
    }

    @Override
    public void onOversizeFrame(ChannelHandlerContext ctx, ByteBuf buffer, int offset) {
        if (!dispatcher.refuseOversize(session, buffer, offset, out(ctx))) {
            end();
        }
    }

    @Override
    public void onMalformedFrame(ChannelHandlerContext ctx, Status status, String expected) {
        endWith(status, expected);
    }

    @Override
    public void onBatchEnd(ChannelHandlerContext ctx) {
        isActive = true;
        if (!figures().user().equals(session.user())) {
            figures().user(session.user(), session.userFigures());
        }
        figures().received(framesOfBatch, bytesOfBatch);
        framesOfBatch = 0;
        bytesOfBatch = 0;
        dispatcher.endBatch(session, decoder().isPaused());
        takePushes(ctx);
        flush(ctx);
        sendValues(ctx);
        carryOutWoken();
        account(ctx);
    }

    /** Whether the client has as many requests unanswered as it may, or as many bytes of them. */
    private boolean isWindowFull() {
        return session.hasParked()
                && (session.parkedRequests() >= dispatcher.limits().windowRequests()
                        || session.parkedBytes() >= dispatcher.limits().windowBytes());
    }

    /** Tells how much is held here; where all hold too much, gives up a half frame. */
    private void account(ChannelHandlerContext ctx) {
        long unsentBytes = unsentBytes(ctx);
        FrameDecoder frames = decoder();
        if (inFlight.isFull()
                && isOpen
                && !isEnding
                && frames.partialFrameBytes() > SMALL_PARTIAL_BYTES) {
            giveUpPartialFrame(ctx);
        }
        tellHeld(unsentBytes + frames.heldBytes() + session.parkedBytes());
    }

    private void giveUpPartialFrame(ChannelHandlerContext ctx) {
        ByteBuf beginning = decoder().giveUpPartialFrame();
        if (beginning != null) {
            try {
                dispatcher.refuseInFlight(session, beginning, out(ctx));
            } finally {
                beginning.release();
            }
            flush(ctx);
        }
    }

    private void tellHeld(long bytes) {
        if (bytes != heldBytes) {
            inFlight.change(bytes - heldBytes);
            heldBytes = bytes;
        }
    }

    /** Bytes of replies that the socket has not taken. */
    private static long unsentBytes(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer unsent = ctx.channel().unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    private void carryOutWoken() {
        if (session.hasParked() && !isEnding) {
            dispatcher.carryOutWoken(session);
        }
    }

    private void sendValues(ChannelHandlerContext ctx) {
        if (isEnding || session.outgoing().isEmpty()) {
            return;
        }
        sender().send(ctx);
        if (ctx.channel().isWritable() && !session.outgoing().isFull()) {
            resumeReading();
            if (session.hasParked()) {
                execute(ctx, this::carryOutWoken);
            }
        }
    }

    private ByteBuf out(ChannelHandlerContext ctx) {
        ByteBuf present = out;
        if (present == null) {
            present = ctx.alloc().directBuffer(outBytesExpected);
            out = present;
        }
        return present;
    }

    private void flush(ChannelHandlerContext ctx) {
        ByteBuf replies = out;
        if (replies == null) {
            return;
        }
        int bytes = replies.readableBytes();
        if (bytes == 0) {
            releaseOut();
            return;
        }
        out = null;
        outBytesExpected = expectedBytes(bytes);
        figures().sent(bytes);
        var unused = ctx.writeAndFlush(replies, ctx.voidPromise());
    }

    /** As much as the last batch took, rounded up; a little less each time it was much less. */
    private int expectedBytes(int bytes) {
        int wanted = Math.max(OUT_BYTES_MIN, Integer.highestOneBit(bytes) << 1);
        return Math.min(FLUSH_BYTES, Math.max(wanted, outBytesExpected >> 1));
    }

    private void releaseOut() {
        if (out != null) {
            out.release();
            out = null;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            takePushes(ctx);
            flush(ctx);
            if (!session.outgoing().isFull()) {
                resumeReading();
            }
            sendValues(ctx);
            carryOutWoken();
        } else if (!isEnding) {
            decoder().pause();
        }
        account(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    private void resumeReading() {
        if (!isPaused && !isWindowFull()) {
            decoder().resume();
        }
    }

    /** Has nothing read for a time, or goes on reading. On the event loop. */
    void pause(long millis) {
        ChannelHandlerContext ctx = requireNonNull(context);
        if (isEnding || !ctx.channel().isActive()) {
            return;
        }
        long pause = ++pauses;
        isPaused = millis > 0;
        if (!isPaused) {
            channelWritabilityChanged(ctx);
            return;
        }
        decoder().pause();
        var unused = ctx.executor().schedule(() -> endPause(pause), millis, TimeUnit.MILLISECONDS);
    }

    private void endPause(long pause) {
        if (pause == pauses && isPaused) {
            pause(0);
        }
    }

    /** Called by the sweep, every now and then. */
    void checkDeadlines(long nowNanos) {
        if (isEnding) {
            return;
        }
        NetConfig config = settings.get();
        dispatcher.check(session);
        if (isActive) {
            isActive = false;
            activeNanos = nowNanos;
            figures().active(nowNanos);
        }
        if (isLeaving
                && !decoder().isPaused()
                && isPast(nowNanos, activeNanos, LEAVING_SILENCE_MILLIS)) {
            isLeaving = false;
            isDraining = true;
            refuseParked();
            flush(requireNonNull(context));
        }
        if (isDraining
                && !decoder().isPaused()
                && session.outgoing().isEmpty()
                && isPast(nowNanos, activeNanos, DRAIN_SILENCE_MILLIS)) {
            end();
        } else if (!isOpen && isPast(nowNanos, connectedNanos, config.helloTimeoutMillis())) {
            endWith(
                    Status.HELLO_REQUIRED,
                    "silence: " + config.helloTimeoutMillis() + " ms (expected: HELLO by then)");
        } else if (!session.isAdmitted()
                && isPast(nowNanos, connectedNanos, config.helloTimeoutMillis())) {
            endWith(
                    Status.AUTH_REQUIRED,
                    isAdmitted
                            ? "user: no more (expected: one of the users file)"
                            : "silence: "
                                    + config.helloTimeoutMillis()
                                    + " ms (expected: AUTH by then)");
        } else if (decoder()
                .isPartialFrameOverdue(
                        nowNanos, TimeUnit.MILLISECONDS.toNanos(config.frameTimeoutMillis()))) {
            endWith(
                    Status.FRAME_TIMEOUT,
                    "frame: unfinished (expected: its end within "
                            + config.frameTimeoutMillis()
                            + " ms of its beginning)");
        } else if (!decoder().isPaused()
                && dispatcher.isValueOverdue(session, config.frameTimeoutMillis())) {
            endWith(
                    Status.FRAME_TIMEOUT,
                    "value: unfinished (expected: its last piece within "
                            + config.frameTimeoutMillis()
                            + " ms of its first and a second for each 64 KiB)");
        } else if (session.outgoing()
                .isOverdue(nowNanos, TimeUnit.MILLISECONDS.toNanos(config.frameTimeoutMillis()))) {
            var unused = requireNonNull(context).close();
        } else if (config.idleTimeoutMillis() > 0
                && !decoder().isPaused()
                && !decoder().hasPartialFrame()
                && !session.hasParked()
                && session.outgoing().isEmpty()
                && isPast(nowNanos, activeNanos, config.idleTimeoutMillis())) {
            end();
        } else if (config.stallTimeoutMillis() > 0) {
            checkStall(nowNanos, config.stallTimeoutMillis());
        }
        account(requireNonNull(context));
    }

    /** A client that takes none of its replies holds memory: after a while it is cut off. */
    private void checkStall(long nowNanos, long timeoutMillis) {
        ChannelHandlerContext ctx = requireNonNull(context);
        long unsentBytes = unsentBytes(ctx);
        long taken = figures().bytesOut() - unsentBytes;
        if (unsentBytes == 0) {
            isStalled = false;
        } else if (!isStalled || taken > takenBytes) {
            isStalled = true;
            takenBytes = taken;
            stalledNanos = nowNanos;
        } else if (isPast(nowNanos, stalledNanos, timeoutMillis)) {
            var unused = ctx.close();
        }
    }

    private static boolean isPast(long nowNanos, long sinceNanos, long timeoutMillis) {
        return nowNanos - sinceNanos > TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    /** Says a fatal status, about no request, and ends. */
    private void endWith(Status status, String text) {
        if (!isEnding) {
            ErrorBody.of(text).writeResponse(out(requireNonNull(context)), 0, status, 0);
            end();
        }
    }

    /** Sends what has been replied and closes; nothing more is taken in. */
    private void end() {
        if (isEnding) {
            return;
        }
        isEnding = true;
        session.endLeases();
        refuseParked();
        ByteBuf lastWords = out == null ? Unpooled.EMPTY_BUFFER : out;
        out = null;
        ChannelHandlerContext ctx = requireNonNull(context);
        ctx.pipeline().remove(decoder());
        LingeringClose.begin(ctx.channel(), lastWords);
    }

    /**
     * What comes while draining was sent before the client knew; it is refused, not cut off. The
     * gate's own timeout ends this, and leaving, for clients that are never silent or do not read.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ConnectionGate.DRAIN && !isDraining && !isLeaving) {
            activeNanos = nanoClock.getAsLong();
            isDraining = session.pushes() == null;
            isLeaving = !isDraining;
            if (isLeaving) {
                writeGoAway(out(ctx));
            }
            refuseParked();
            flush(ctx);
            if (ctx.channel().isWritable() && !session.outgoing().isFull()) {
                resumeReading();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private static void writeGoAway(ByteBuf replies) {
        int start = replies.writerIndex();
        replies.writeZero(ProtocolLimits.HEADER_BYTES);
        FrameHeader.putPush(replies, start, Opcode.GOAWAY.code(), 0);
    }

    private void refuseParked() {
        if (session.hasParked()) {
            session.refuseParked(
                    Status.SHUTTING_DOWN, shuttingDown(), out(requireNonNull(context)));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        isEnding = true;
        releaseOut();
        session.release();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            errors.record(cause);
        }
        var unused = ctx.close();
    }

    /** How this connection's session answers between batches. */
    private final class Late implements LateReplies {
        @Override
        public void execute(Runnable task) {
            BinaryConnection.execute(context(), task);
        }

        @Override
        public Future<?> schedule(Runnable task, long delayMillis) {
            ConnectionTask later = new ConnectionTask(context().channel(), task);
            return context().executor().schedule(later, delayMillis, TimeUnit.MILLISECONDS);
        }

        @Override
        public boolean isWritable() {
            return !isEnding && !session.outgoing().isFull() && context().channel().isWritable();
        }

        @Override
        public ByteBuf out() {
            ByteBuf replies = BinaryConnection.this.out(context());
            if (replies.readableBytes() < FLUSH_BYTES) {
                return replies;
            }
            BinaryConnection.this.flush(context());
            return BinaryConnection.this.out(context());
        }

        @Override
        public void flush() {
            BinaryConnection.this.flush(context());
            sendValues(context());
            if (isWritable()) {
                resumeReading();
            }
        }

        private ChannelHandlerContext context() {
            return requireNonNull(context);
        }
    }
}

package io.larder.protocol;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of one connection into frames, for servers and clients alike. It is the first
 * handler after TLS, if any, consumes all bytes, and passes every other event on. It belongs to its
 * channel's event loop: all methods are called there. It allocates only for frames that arrive in
 * pieces, and holds at most the bytes received and not yet handed over, plus 64 KiB.
 */
/*
 *               no header yet          body missing
 *   +--------+ -----------> +---------+ <---+
 *   | between|              | partial | ----+
 *   | frames | <----------- +---------+
 *   +--------+   whole: onFrame  |  body above the limit: onOversizeFrame
 *     |    ^                     v
 *     |    |                +----------+
 *     |    +--------------- | draining |  counts bytes, keeps none
 *     |      body over      +----------+
 *     v
 *   stopped (malformed, told to, removed, or channel gone): all bytes are dropped
 *
 * A frame that lies whole in the buffer just read is handed over where it lies. Only the one that
 * runs over a buffer's end is copied, into a PartialFrame; what follows it in the next buffer is
 * again handed over in place.
 *
 * Buffers queue in `waiting` and one loop works them off, so a listener may do anything: bytes that
 * it causes to be read while it runs are appended, and memory is given back by the outermost call.
 */
public final class FrameDecoder extends ChannelInboundHandlerAdapter {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final FrameListener listener;
    private final FrameDirection direction;
    private final LongSupplier nanoClock;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(4);
    private final PartialFrame partial = new PartialFrame();

    private @Nullable ChannelHandlerContext context;
    private int bodyBytesMax;
    private long drainBytesLeft;
    private long drainedBytes;
    private long partialSinceNanos;
    private boolean decoding;
    private boolean paused;
    private boolean stopped;

    /**
     * @param listener receives the frames
     * @param direction what this side receives
     * @param bodyBytesMax the longest body to hand over, 0 to {@link
     *     ProtocolLimits#BODY_BYTES_MAX_CEILING}
     * @param nanoClock read when a frame is left incomplete; as {@link System#nanoTime}
     */
    public FrameDecoder(
            FrameListener listener,
            FrameDirection direction,
            int bodyBytesMax,
            LongSupplier nanoClock) {
        this.listener = listener;
        this.direction = direction;
        this.nanoClock = nanoClock;
        this.bodyBytesMax = checkedBodyBytesMax(bodyBytesMax);
    }

    /** Sets the longest body to hand over, in bytes, from the next header on. */
    public void bodyBytesMax(int newBodyBytesMax) {
        bodyBytesMax = checkedBodyBytesMax(newBodyBytesMax);
    }

    private static int checkedBodyBytesMax(int bodyBytesMax) {
        if (bodyBytesMax < 0 || bodyBytesMax > ProtocolLimits.BODY_BYTES_MAX_CEILING) {
            throw new IllegalArgumentException(
                    "bodyBytesMax: "
                            + bodyBytesMax
                            + " (expected: 0.."
                            + ProtocolLimits.BODY_BYTES_MAX_CEILING
                            + ")");
        }
        return bodyBytesMax;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
            return;
        }
        if (stopped || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        waiting.addLast(bytes);
        decode(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        listener.onBatchEnd(ctx);
        ctx.fireChannelReadComplete();
    }

    private void decode(ChannelHandlerContext ctx) {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            while (!paused && !stopped && !waiting.isEmpty()) {
                ByteBuf bytes = waiting.getFirst();
                if (!bytes.isReadable()) {
                    waiting.removeFirst().release();
                } else if (ctx.channel().isOpen()) {
                    step(ctx, bytes);
                } else {
                    stopped = true;
                }
            }
        } finally {
            decoding = false;
            if (stopped) {
                releaseAll();
            }
        }
    }

    /** Consumes at least one byte, and calls the listener once at most. */
    private void step(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (drainBytesLeft > 0) {
            drain(bytes);
        } else if (partial.isStarted() || !bytes.isContiguous()) {
            continuePartial(ctx, bytes);
        } else {
            decodeInPlace(ctx, bytes);
        }
    }

    private void drain(ByteBuf bytes) {
        int drained = (int) Math.min(drainBytesLeft, bytes.readableBytes());
        bytes.skipBytes(drained);
        drainBytesLeft -= drained;
        drainedBytes += drained;
    }

    private void decodeInPlace(ChannelHandlerContext ctx, ByteBuf bytes) {
        int offset = bytes.readerIndex();
        int available = bytes.readableBytes();
        Status problem = FrameCheck.problem(bytes, offset, available, direction);
        if (problem != null) {
            reportMalformed(ctx, problem, bytes, offset);
        } else if (available < HEADER_BYTES) {
            startPartial(ctx, bytes);
        } else if (FrameHeader.bodyBytes(bytes, offset) > bodyBytesMax) {
            bytes.skipBytes(HEADER_BYTES);
            startDrain(bytes, offset, nanoClock.getAsLong());
            listener.onOversizeFrame(ctx, bytes, offset);
        } else if (FrameHeader.frameBytes(bytes, offset) > available) {
            startPartial(ctx, bytes);
        } else {
            bytes.skipBytes((int) FrameHeader.frameBytes(bytes, offset));
            listener.onFrame(ctx, bytes, offset);
        }
    }

    private void startPartial(ChannelHandlerContext ctx, ByteBuf bytes) {
        partialSinceNanos = nanoClock.getAsLong();
        partial.take(bytes, Math.min(HEADER_BYTES, bytes.readableBytes()), ctx.alloc());
        if (partial.hasHeader()) {
            takeBody(ctx, bytes);
        }
    }

    private void continuePartial(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (!partial.isStarted()) {
            partialSinceNanos = nanoClock.getAsLong();
        }
        boolean hadHeader = partial.hasHeader();
        if (!hadHeader) {
            partial.take(bytes, HEADER_BYTES, ctx.alloc());
            ByteBuf beginning = partial.beginning();
            Status problem = FrameCheck.problem(beginning, 0, partial.receivedBytes(), direction);
            if (problem != null) {
                reportMalformed(ctx, problem, beginning, 0);
                return;
            }
        }
        if (!partial.hasHeader()) {
            return;
        }
        if (!hadHeader && FrameHeader.bodyBytes(partial.beginning(), 0) > bodyBytesMax) {
            reportOversizePartial(ctx);
            return;
        }
        takeBody(ctx, bytes);
        if (partial.receivedBytes() == FrameHeader.frameBytes(partial.beginning(), 0)) {
            ByteBuf whole = partial.removeWhole(ctx.alloc());
            try {
                listener.onFrame(ctx, whole, 0);
            } finally {
                whole.release();
            }
        }
    }

    private void takeBody(ChannelHandlerContext ctx, ByteBuf bytes) {
        int frameBytes = (int) FrameHeader.frameBytes(partial.beginning(), 0);
        partial.take(bytes, frameBytes, ctx.alloc());
    }

    private void reportOversizePartial(ChannelHandlerContext ctx) {
        ByteBuf header = partial.removeWhole(ctx.alloc());
        try {
            startDrain(header, 0, partialSinceNanos);
            listener.onOversizeFrame(ctx, header, 0);
        } finally {
            header.release();
        }
    }

    /**
     * Keeps no more of the incomplete frame: gives away what there is of it, with its header, which
     * the caller releases, and drains the rest. Null if there is none whose header is here, or its
     * body is being drained already. Not to be called while a frame is handed over.
     */
    public @Nullable ByteBuf giveUpPartialFrame() {
        ChannelHandlerContext ctx = context;
        if (decoding || stopped || ctx == null || !partial.hasHeader()) {
            return null;
        }
        int receivedBytes = partial.receivedBytes();
        ByteBuf beginning = partial.removeWhole(ctx.alloc());
        startDrain(beginning, 0, partialSinceNanos);
        drainedBytes = (long) receivedBytes - HEADER_BYTES;
        drainBytesLeft -= drainedBytes;
        return beginning;
    }

    private void startDrain(ByteBuf header, int offset, long sinceNanos) {
        partialSinceNanos = sinceNanos;
        drainBytesLeft = FrameHeader.bodyBytes(header, offset);
        drainedBytes = 0;
    }

    private void reportMalformed(
            ChannelHandlerContext ctx, Status problem, ByteBuf bytes, int offset) {
        String expected = FrameCheck.describe(problem, bytes, offset, direction);
        stopped = true;
        listener.onMalformedFrame(ctx, problem, expected);
    }

    /**
     * Stops handing over frames, after the present one, and stops reading from the channel. Bytes
     * that are here already are kept. To be called by the listener, or between reads.
     */
    public void pause() {
        if (!paused && !stopped && context != null) {
            paused = true;
            context.channel().config().setAutoRead(false);
        }
    }

    /**
     * Goes on after {@link #pause}: hands over what was kept, ends that batch, and reads on unless
     * the listener has paused again. The time that a frame has waited incomplete starts anew.
     */
    public void resume() {
        ChannelHandlerContext ctx = context;
        if (!paused || stopped || ctx == null) {
            return;
        }
        paused = false;
        partialSinceNanos = nanoClock.getAsLong();
        if (!decoding) {
            decode(ctx);
            listener.onBatchEnd(ctx);
        }
        if (!paused && !stopped) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    /**
     * Drops all bytes from now on, as after a malformed frame: for a listener whose reply ends the
     * connection, so that nothing more is handed over until the reply is flushed.
     */
    public void ignoreRest() {
        stop();
    }

    public boolean isPaused() {
        return paused;
    }

    /**
     * True if a frame has begun whose end is missing, and it is the sender's turn. An oversize body
     * being drained counts too.
     */
    public boolean hasPartialFrame() {
        return !paused && !stopped && (partial.isStarted() || drainBytesLeft > 0);
    }

    /** When the incomplete frame began, by the decoder's clock; only if there is one. */
    public long partialFrameSinceNanos() {
        return partialSinceNanos;
    }

    /** Bytes received of the incomplete frame; 0 if there is none. */
    public long partialFrameBytes() {
        return drainBytesLeft > 0 ? HEADER_BYTES + drainedBytes : partial.receivedBytes();
    }

    /**
     * True if the sender has taken too long over the present frame: more than {@code timeoutNanos}
     * plus a second for each {@link ProtocolLimits#FRAME_BYTES_PER_SECOND_MIN} bytes received. A
     * fair sender of any length is never late, one that trickles is.
     */
    public boolean isPartialFrameOverdue(long nowNanos, long timeoutNanos) {
        if (!hasPartialFrame()) {
            return false;
        }
        long seconds = partialFrameBytes() / ProtocolLimits.FRAME_BYTES_PER_SECOND_MIN;
        return nowNanos - partialSinceNanos > timeoutNanos + seconds * NANOS_PER_SECOND;
    }

    /** Bytes of memory held for the incomplete frame and for buffers kept while paused. */
    public long heldBytes() {
        long held = partial.heldBytes();
        if (waiting.isEmpty()) {
            return held;
        }
        for (ByteBuf bytes : waiting) {
            held += bytes.capacity();
        }
        return held;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stop();
    }

    private void stop() {
        stopped = true;
        if (!decoding) {
            releaseAll();
        }
    }

    private void releaseAll() {
        while (!waiting.isEmpty()) {
            waiting.removeFirst().release();
        }
        partial.release();
        drainBytesLeft = 0;
    }
}

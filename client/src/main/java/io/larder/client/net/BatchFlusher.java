package io.larder.client.net;

import io.larder.client.api.LarderException;
import io.larder.protocol.BatchFrames;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.FrameDirection;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What sends the calls that wait, as many as fit in one write and flush. One thread: the event
 * loop.
 */
/*
 *   waiting --> [ frame | frame | head ] [ large body ] [ frame | ... ] --> one flush
 *                 one direct buffer        as it is
 *
 * Small frames are copied together; a body from LARGE_BODY_BYTES on goes to the socket by
 * itself, and one above the server's limit in pieces. The loop ends when nothing waits, when the server's window is full (replies call it
 * again), or when the socket takes no more (it says when it does): so what is encoded and unsent
 * stays below Netty's write watermark plus one buffer and one body, however slow the server.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty's: failures come as exceptionCaught
final class BatchFlusher {
    private static final int BUFFER_BYTES_MIN = 512;
    private static final int BUFFER_BYTES_MAX = 64 << 10;
    private static final int LARGE_BODY_BYTES = 8 << 10;
    private static final int PIECE_BYTES = ProtocolLimits.PIECE_BYTES;
    private static final int VALUE_LENGTH_BYTES = ExtensionType.VALUE_LENGTH.encodedBytes();

    private final WaitingCalls waiting;
    private final PendingRequests pending;
    private final Regions regions;
    private final Completion completion;
    private final Failures failures;
    private final LongSupplier nanoClock;
    private final BatchFrames batchFrames = new BatchFrames(FrameDirection.TO_SERVER);
    private @Nullable ByteBuf out;
    private int expectedBytes = BUFFER_BYTES_MIN;

    BatchFlusher(
            WaitingCalls waiting,
            PendingRequests pending,
            Regions regions,
            Completion completion,
            Failures failures,
            LongSupplier nanoClock) {
        this.waiting = waiting;
        this.pending = pending;
        this.regions = regions;
        this.completion = completion;
        this.failures = failures;
        this.nanoClock = nanoClock;
    }

    /** Sends what waits and may go. */
    void flush(Channel channel, HelloLimits limits, boolean takesPieces) {
        if (waiting.isEmpty()) {
            return;
        }
        long nowNanos = nanoClock.getAsLong();
        int sent = 0;
        Call<?> call = waiting.peek();
        while (call != null && channel.isWritable() && hasRoom(call, limits)) {
            waiting.removeFirst();
            if (take(call, limits, takesPieces, nowNanos)) {
                if (call.request.bodyBytes() > limits.bodyBytesMax()) {
                    sendInPieces(call, channel, nowNanos);
                } else {
                    send(call, channel, nowNanos);
                }
                sent++;
            }
            call = waiting.peek();
        }
        writeOut(channel);
        if (sent > 0) {
            channel.flush();
        }
    }

    private boolean hasRoom(Call<?> call, HelloLimits limits) {
        int requests = Math.min(pending.capacity(), Math.max(1, limits.windowRequests()));
        int unanswered = pending.unanswered();
        return unanswered == 0
                || (unanswered < requests
                        && pending.unansweredBytes() + call.frameBytes() <= limits.windowBytes());
    }

    /** True if the call is to be sent now; else it has been dealt with. */
    private boolean take(Call<?> call, HelloLimits limits, boolean takesPieces, long nowNanos) {
        LarderException failure =
                call.isOverdue(nowNanos) || call.isDone()
                        ? failures.unsentTimeout(call)
                        : failures.aboveLimits(call, limits, takesPieces);
        if (failure != null) {
            completion.fail(call, failure);
            return false;
        }
        if (regions.idOf(call.request.region) == OpenRegion.UNKNOWN) {
            regions.park(call);
            return false;
        }
        return true;
    }

    private void send(Call<?> call, Channel channel, long nowNanos) {
        Request request = call.request;
        int regionId = regions.idOf(request.region);
        int id = pending.add(call);
        byte[] body = request.body;
        boolean separate = body.length >= LARGE_BODY_BYTES && request.opcode != Opcode.BATCH;
        int bytes = separate ? request.frameBytes() - body.length : request.frameBytes();
        ByteBuf target = bufferFor(bytes, channel);
        request.writeHead(target, id, regionId, call.remainingMillis(nowNanos));
        if (separate) {
            writeOut(channel);
            channel.write(Unpooled.wrappedBuffer(body), channel.voidPromise());
        } else {
            int bodyOffset = target.writerIndex();
            target.writeBytes(body);
            if (request.opcode == Opcode.BATCH && regionId != 0) {
                putRegions(target, bodyOffset, body.length, regionId);
            }
        }
    }

    /**
     * The bytes are the request's own, so the frames that wait for the socket only refer to them.
     */
    private void sendInPieces(Call<?> call, Channel channel, long nowNanos) {
        Request request = call.request;
        int id = pending.add(call);
        byte[] body = request.body;
        int regionId = regions.idOf(request.region);
        int from = 0;
        do {
            int to = Math.min(body.length, Math.max(from, request.keyBytes) + PIECE_BYTES);
            ByteBuf head =
                    bufferFor(request.frameBytes() - body.length + VALUE_LENGTH_BYTES, channel);
            if (from == 0) {
                int deadlineMillis = call.remainingMillis(nowNanos);
                request.writeFirstHead(head, id, regionId, deadlineMillis, to);
            } else {
                request.writeNextHead(head, id, regionId, from, to);
            }
            writeOut(channel);
            channel.write(Unpooled.wrappedBuffer(body, from, to - from), channel.voidPromise());
            from = to;
        } while (from < body.length);
    }

    private ByteBuf bufferFor(int bytes, Channel channel) {
        ByteBuf present = out;
        if (present != null && present.readableBytes() + bytes > BUFFER_BYTES_MAX) {
            writeOut(channel);
            present = null;
        }
        if (present == null) {
            present = channel.alloc().directBuffer(Math.max(bytes, expectedBytes));
            out = present;
        }
        return present;
    }

    private void putRegions(ByteBuf target, int bodyOffset, int bodyBytes, int regionId) {
        batchFrames.wrap(target, bodyOffset, bodyBytes);
        while (batchFrames.next() == BatchFrames.Step.FRAME) {
            FrameHeader.putRegion(target, batchFrames.frameOffset(), regionId);
        }
    }

    private void writeOut(Channel channel) {
        ByteBuf full = out;
        if (full != null) {
            out = null;
            int powerOfTwo = Integer.highestOneBit(full.readableBytes() * 2 - 1);
            expectedBytes = Math.max(BUFFER_BYTES_MIN, Math.min(BUFFER_BYTES_MAX, powerOfTwo));
            channel.write(full, channel.voidPromise());
        }
    }

    /** Forgets what a failed flush has left: its connection is to be closed. */
    void discard() {
        if (out != null) {
            out.release();
            out = null;
        }
    }
}

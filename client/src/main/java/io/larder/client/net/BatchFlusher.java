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
 * Small frames are copied together; a body from LARGE_BODY_BYTES on goes to the socket by itself.
 * One above the server's limit goes in pieces: after each of them what waits has its turn, so that a
 * small request stands behind a few pieces and never behind the whole value. The loop ends when
 * nothing waits, when the server's window is full (replies call it again), or when the socket takes
 * no more (it says when it does): so what is encoded and unsent stays below Netty's write watermark
 * plus one buffer and one body, however slow the server.
 *
 * A value whose caller has given up, or that was refused before its end, is sent no further if the
 * server can be told by CANCEL; else to its end, which it waits for.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty's: failures come as exceptionCaught
final class BatchFlusher {
    private static final int BUFFER_BYTES_MIN = 512;
    private static final int BUFFER_BYTES_MAX = 64 << 10;
    private static final int LARGE_BODY_BYTES = 8 << 10;
    private static final int CANCEL_BYTES = ProtocolLimits.HEADER_BYTES + Integer.BYTES;
    private static final int PIECE_BYTES = ProtocolLimits.PIECE_BYTES;
    private static final int VALUE_LENGTH_BYTES = ExtensionType.VALUE_LENGTH.encodedBytes();

    private final WaitingCalls waiting;
    private final PendingRequests pending;
    private final Regions regions;
    private final Completion completion;
    private final Failures failures;
    private final LongSupplier nanoClock;
    private final Uploads uploads = new Uploads();
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
    void flush(Connection connection) {
        if (waiting.isEmpty() && uploads.isEmpty()) {
            return;
        }
        Channel channel = connection.channel();
        boolean hasSent = false;
        boolean hasSentPiece;
        do {
            hasSent |= sendWaiting(channel, connection);
            hasSentPiece = channel.isWritable() && sendPiece(channel, connection);
            hasSent |= hasSentPiece;
        } while (hasSentPiece);
        if (hasSent) {
            writeOut(channel);
            channel.flush();
        }
    }

    private boolean sendWaiting(Channel channel, Connection connection) {
        HelloLimits limits = connection.limits();
        long nowNanos = nanoClock.getAsLong();
        int sent = 0;
        Call<?> call = waiting.peek();
        while (call != null && channel.isWritable() && hasRoom(call, limits)) {
            waiting.removeFirst();
            if (take(call, limits, connection.takesPieces(), nowNanos)) {
                if (call.request.bodyBytes() > limits.bodyBytesMax()) {
                    int id = pending.add(call, windowBytes(call, limits));
                    int deadlineMillis = call.remainingMillis(nowNanos);
                    uploads.add(new Uploads.Upload(call, id, deadlineMillis));
                } else {
                    send(call, channel, nowNanos);
                }
                sent++;
            }
            call = waiting.peek();
        }
        return sent > 0;
    }

    private boolean hasRoom(Call<?> call, HelloLimits limits) {
        int requests = Math.min(pending.capacity(), Math.max(1, limits.windowRequests()));
        int unanswered = pending.unanswered();
        return unanswered == 0
                || (unanswered < requests
                        && pending.unansweredBytes() + windowBytes(call, limits)
                                <= limits.windowBytes());
    }

    /** What a call takes of the server's window: its frame, the first one if it has several. */
    private static int windowBytes(Call<?> call, HelloLimits limits) {
        boolean inPieces = call.request.bodyBytes() > limits.bodyBytesMax();
        int rest = inPieces ? call.request.body.length - call.request.keyBytes - PIECE_BYTES : 0;
        return call.frameBytes() - Math.max(0, rest);
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
     * Sends the next piece of the upload whose turn it is; false if there is none. The bytes are
     * the request's own, so the frames that wait for the socket only refer to them.
     */
    private boolean sendPiece(Channel channel, Connection connection) {
        Uploads.Upload upload = uploads.next();
        if (upload == null) {
            return false;
        }
        int slot = pending.slotOf(upload.id);
        boolean isWanted = slot >= 0 && pending.callAt(slot) != null;
        if (!isWanted && connection.takesCancel()) {
            writeCancel(channel, upload.id);
            return true;
        }
        Request request = upload.call.request;
        byte[] body = request.body;
        int from = upload.sent;
        int to = Math.min(body.length, Math.max(from, request.keyBytes) + PIECE_BYTES);
        int regionId = regions.idOf(request.region);
        ByteBuf head = bufferFor(request.frameBytes() - body.length + VALUE_LENGTH_BYTES, channel);
        if (from == 0) {
            request.writeFirstHead(head, upload.id, regionId, upload.deadlineMillis, to);
        } else {
            request.writeNextHead(head, upload.id, regionId, from, to);
        }
        writeOut(channel);
        channel.write(Unpooled.wrappedBuffer(body, from, to - from), channel.voidPromise());
        upload.sent = to;
        if (!upload.isOver()) {
            uploads.add(upload);
        }
        return true;
    }

    /** Takes back a request. */
    void cancel(Connection connection, int id) {
        writeCancel(connection.channel(), id);
        writeOut(connection.channel());
        connection.channel().flush();
    }

    /** Of id 1: HELLO had it, and no request after it has. */
    private void writeCancel(Channel channel, int id) {
        ByteBuf target = bufferFor(CANCEL_BYTES, channel);
        int start = target.writerIndex();
        target.ensureWritable(CANCEL_BYTES);
        FrameHeader.putRequest(target, start, Opcode.CANCEL.code(), 0, Connection.HELLO_ID);
        FrameHeader.putLengths(target, start, 0, 0, Integer.BYTES);
        target.setInt(start + ProtocolLimits.HEADER_BYTES, id);
        target.writerIndex(start + CANCEL_BYTES);
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

    /** Forgets what a failed flush has left, and values in pieces: their connection is gone. */
    void discard() {
        uploads.clear();
        if (out != null) {
            out.release();
            out = null;
        }
    }
}

package io.larder.server.command;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.protocol.FrameChecksum;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.larder.server.store.LargeValue;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The values that a connection has begun to send in pieces, first come first served, and the
 * barriers that wait behind them. Their memory is pinned until the last piece is written, so there
 * are at most {@link #VALUES_MAX} and each has a deadline. Belongs to the connection's event loop.
 */
public final class OutgoingValues {
    /** A connection with so many takes no more requests until one of them is through. */
    public static final int VALUES_MAX = 8;

    /** A value, or null for a barrier: a NOOP that waits for its turn to be answered. */
    private record Entry(@Nullable LargeValue value, int opcode, int requestId) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>(0);
    private int values;
    private int sumBytes; // of the checksum that each piece has
    private int sent; // of the first entry
    private long sentInAll;
    private @Nullable Entry watched;
    private long watchedSinceNanos;

    /** Takes over a value whose first frame, with MORE, is written and has none of it. */
    void add(LargeValue value, int opcode, int requestId) {
        entries.addLast(new Entry(value, opcode, requestId));
        values++;
    }

    /** Answers a NOOP when everything before it has been sent. */
    void addBarrier(int requestId) {
        entries.addLast(new Entry(null, Opcode.NOOP.code(), requestId));
    }

    /** Has each piece come with a checksum. */
    void sumPieces() {
        sumBytes = FrameChecksum.BYTES;
    }

    /** Stops sending a value; returns its opcode, or -1 if there is none of this request. */
    int cancel(int requestId) {
        for (Entry entry : entries) {
            LargeValue value = entry.value();
            if (value != null && entry.requestId() == requestId) {
                sent = entry.equals(entries.getFirst()) ? 0 : sent;
                entries.remove(entry);
                values--;
                value.close();
                return entry.opcode();
            }
        }
        return -1;
    }

    /** Whether nothing is left to send. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether there are as many values as there may be. */
    public boolean isFull() {
        return values >= VALUES_MAX;
    }

    /** Bytes of values sent so far: whether it grows shows whether the client reads. */
    public long sentBytes() {
        return sentInAll;
    }

    /** Bytes of the next frame. */
    public int nextFrameBytes() {
        LargeValue value = entries.getFirst().value();
        return HEADER_BYTES + (value == null ? 0 : sumBytes + pieceBytes(value));
    }

    /** Appends the next frame to {@code out}. */
    public void writeNext(ByteBuf out) {
        Entry entry = entries.getFirst();
        LargeValue value = entry.value();
        int start = out.writerIndex();
        out.ensureWritable(nextFrameBytes());
        FrameHeader.putResponse(out, start, entry.opcode(), Status.OK, entry.requestId());
        out.writerIndex(start + HEADER_BYTES);
        if (value == null) {
            entries.removeFirst();
            return;
        }
        int bytes = pieceBytes(value);
        FrameHeader.putLengths(out, start, sumBytes, 0, bytes);
        out.writerIndex(start + HEADER_BYTES + sumBytes);
        copy(value, bytes, out);
        if (sumBytes != 0) {
            FrameChecksum.put(out, start);
        }
        sent += bytes;
        sentInAll += bytes;
        if (sent < value.length()) {
            FrameHeader.putFlags(out, start, RequestFlag.MORE);
        } else {
            entries.removeFirst();
            values--;
            sent = 0;
            value.close();
        }
    }

    private int pieceBytes(LargeValue value) {
        return Math.min(ProtocolLimits.PIECE_BYTES, value.length() - sent);
    }

    private void copy(LargeValue value, int bytes, ByteBuf out) {
        int position = out.writerIndex();
        if (out.hasMemoryAddress()) {
            value.copyTo(sent, out.memoryAddress() + position, bytes);
        } else {
            byte[] piece = new byte[bytes];
            value.copyTo(sent, piece, 0, bytes);
            out.setBytes(position, piece);
        }
        out.writerIndex(position + bytes);
    }

    /**
     * Whether the first value takes too long: more than {@code timeoutNanos} since it was first
     * asked about, plus a second for each {@link ProtocolLimits#FRAME_BYTES_PER_SECOND_MIN} sent.
     */
    public boolean isOverdue(long nowNanos, long timeoutNanos) {
        Entry first = entries.peekFirst();
        if (first == null || !first.equals(watched)) {
            watched = first;
            watchedSinceNanos = nowNanos;
            return false;
        }
        long seconds = sent / ProtocolLimits.FRAME_BYTES_PER_SECOND_MIN;
        return nowNanos - watchedSinceNanos > timeoutNanos + TimeUnit.SECONDS.toNanos(seconds);
    }

    /** Lets go of all values. */
    void release() {
        for (Entry entry : entries) {
            LargeValue value = entry.value();
            if (value != null) {
                value.close();
            }
        }
        entries.clear();
        values = 0;
        sent = 0;
    }
}

package io.larder.protocol;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one frame that arrives in pieces. It belongs to one {@link FrameDecoder}, which
 * closes it. The memory it holds is at most the bytes received so far plus {@link #PIECE_BYTES}: a
 * header that lies about a body costs nothing until the body is sent.
 */
/*
 * Bytes go into pieces. The first grows by doubling, from 256 bytes, up to 64 KiB, and never beyond
 * the frame; when it is full, further ones are taken as bytes come to fill them. A frame of up to
 * 64 KiB is whole in its only piece and handed over as that. A longer one is copied together once,
 * when its last byte is here: each byte is copied twice at most, whatever the frame's length, where
 * growing one buffer step by step would copy it again with each step, and doubling it would hold up
 * to twice what was sent.
 */
final class PartialFrame {
    /** Bytes of a full piece. */
    static final int PIECE_BYTES = 64 << 10;

    private static final int FIRST_BYTES = 256;

    private final List<ByteBuf> fullPieces = new ArrayList<>(0);
    private @Nullable ByteBuf piece; // the one being filled
    private int receivedBytes;
    private boolean direct;

    boolean isStarted() {
        return receivedBytes > 0;
    }

    int receivedBytes() {
        return receivedBytes;
    }

    /** Bytes of memory held. */
    int heldBytes() {
        return fullPieces.size() * PIECE_BYTES + (piece == null ? 0 : piece.capacity());
    }

    boolean hasHeader() {
        return receivedBytes >= HEADER_BYTES;
    }

    /** The piece with the beginning of the frame, at index 0. */
    ByteBuf beginning() {
        if (!fullPieces.isEmpty()) {
            return fullPieces.get(0);
        }
        return requireNonNull(piece, "not started");
    }

    /** Takes bytes from {@code source} until there are {@code targetBytes} of them, or no more. */
    void take(ByteBuf source, int targetBytes, ByteBufAllocator allocator) {
        if (!isStarted()) {
            direct = source.isDirect();
        }
        while (receivedBytes < targetBytes && source.isReadable()) {
            int wanted = Math.min(targetBytes - receivedBytes, source.readableBytes());
            ByteBuf target = pieceWithRoom(wanted, targetBytes, allocator);
            int taken = Math.min(wanted, target.capacity() - target.writerIndex());
            target.writeBytes(source, taken);
            receivedBytes += taken;
        }
    }

    private ByteBuf pieceWithRoom(int wanted, int targetBytes, ByteBufAllocator allocator) {
        ByteBuf present = piece;
        if (present != null && present.writerIndex() == PIECE_BYTES) {
            fullPieces.add(present);
            present = null;
            piece = null;
        }
        int before = fullPieces.size() * PIECE_BYTES;
        int most = Math.min(PIECE_BYTES, targetBytes - before);
        if (present == null) {
            int capacity = Math.min(PIECE_BYTES, Math.max(FIRST_BYTES, wanted));
            present = allocate(allocator, before == 0 ? capacity : most, PIECE_BYTES);
            piece = present;
        } else if (present.capacity() < most
                && present.capacity() - present.writerIndex() < wanted) {
            int enough = Math.max(2 * present.capacity(), present.writerIndex() + wanted);
            present.capacity(Math.min(most, enough));
        }
        return present;
    }

    private ByteBuf allocate(ByteBufAllocator allocator, int capacity, int capacityMax) {
        return direct
                ? allocator.directBuffer(capacity, capacityMax)
                : allocator.heapBuffer(capacity, capacityMax);
    }

    /** Gives away all bytes, contiguous from index 0, and starts over. The caller releases them. */
    ByteBuf removeWhole(ByteBufAllocator allocator) {
        ByteBuf only = piece;
        if (fullPieces.isEmpty() && only != null) {
            piece = null;
            receivedBytes = 0;
            return only;
        }
        ByteBuf whole = allocate(allocator, receivedBytes, receivedBytes);
        for (ByteBuf full : fullPieces) {
            whole.writeBytes(full, 0, full.writerIndex());
        }
        if (only != null) {
            whole.writeBytes(only, 0, only.writerIndex());
        }
        release();
        return whole;
    }

    /** Gives the memory back and starts over. */
    void release() {
        fullPieces.forEach(ByteBuf::release);
        fullPieces.clear();
        if (piece != null) {
            piece.release();
            piece = null;
        }
        receivedBytes = 0;
    }
}

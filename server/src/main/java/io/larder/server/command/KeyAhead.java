package io.larder.server.command;

import io.larder.protocol.BatchFrames;
import io.larder.protocol.FrameDirection;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.server.memory.Slice;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Key;
import io.larder.server.store.KeyHasher;
import io.larder.server.store.Mutation;
import io.larder.server.store.Store;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Wraps the keys of requests, those of pipelined ones a little ahead of their turn, so that the
 * memory they will need is on its way while the ones before are carried out. One thread; nothing
 * stays valid beyond the read batch, see {@link #clear}.
 */
/*
 * Looking up a key waits for memory twice: for its bucket, then for its item. Done one by one, each
 * wait is paid in full; done for a row of requests in passes (hash all, touch all buckets, touch
 * all items, then carry out one after the other) the waits overlap.
 *
 *   +-----+-----+-----+-----+-------+-----+----
 *   | GET | GET | SET | GET | CLEAR | GET | ...      bytes of one read, or of one BATCH
 *   +-----+-----+-----+-----+-------+-----+----
 *   |<-- one row, <= 16 --->|
 *
 * A row ends at whatever is not an item's read or write: CLEAR gives a region another space, and a
 * key hashed before it must not be used after it. (A clear by another connection in between is
 * concurrent with these requests; they count as carried out before it.)
 */
final class KeyAhead {
    static final int ROW_MAX = 16;

    private final Store store;
    private final KeyHasher hasher;
    private final RegionTable regions;
    private final int keyBytesMax;
    private final BatchFrames frames = new BatchFrames(FrameDirection.TO_SERVER);
    private final Mutation[] row = new Mutation[ROW_MAX];
    private final int[] offsets = new int[ROW_MAX];
    private ByteBuf rowFrame = Unpooled.EMPTY_BUFFER;
    private int count;
    private int next;
    private int touched;

    KeyAhead(Store store, RegionTable regions, int keyBytesMax) {
        this.store = store;
        this.hasher = store.hasher();
        this.regions = regions;
        this.keyBytesMax = keyBytesMax;
        for (int i = 0; i < ROW_MAX; i++) {
            row[i] = new Mutation();
        }
    }

    /** What the loads ahead have brought in; it says nothing, but they are not optimized away. */
    int touched() {
        return touched;
    }

    /**
     * A mutation with the key of a request of an item, whose region and key length are sound.
     *
     * @param limit where the bytes end that may hold further requests behind this one
     */
    @SuppressWarnings("ReferenceEquality") // the same bytes are meant, not equal ones
    Mutation take(Request request, int space, int limit) {
        if (next < count && offsets[next] == request.offset && rowFrame == request.frame) {
            return row[next++];
        }
        clear();
        int end = request.valueOffset + request.valueBytes;
        if (limit - end > ProtocolLimits.HEADER_BYTES) {
            lookAhead(request, limit);
            if (next < count) {
                return row[next++];
            }
        }
        Mutation only = row[0];
        wrapKey(only.key, space, request.frame, request.keyOffset, request.keyBytes);
        return only;
    }

    /** Forgets what was wrapped ahead: the bytes are about to go. */
    void clear() {
        count = 0;
        next = 0;
        rowFrame = Unpooled.EMPTY_BUFFER;
    }

    private void lookAhead(Request request, int limit) {
        ByteBuf frame = request.frame;
        rowFrame = frame;
        frames.wrap(frame, request.offset, limit - request.offset);
        while (count < ROW_MAX && frames.next() == BatchFrames.Step.FRAME) {
            int offset = frames.frameOffset();
            Opcode opcode = Opcode.of(FrameHeader.opcode(frame, offset));
            int keyBytes = FrameHeader.keyBytes(frame, offset);
            int space = regions.space(FrameHeader.regionId(frame, offset));
            if (opcode == null
                    || !opcode.isBatchable()
                    || keyBytes == 0
                    || keyBytes > keyBytesMax
                    || space == RegionTable.NONE) {
                break;
            }
            wrapKey(row[count].key, space, frame, FrameHeader.keyOffset(frame, offset), keyBytes);
            offsets[count++] = offset;
        }
        if (count > 1) {
            touched += store.prefetch(row, count);
        }
    }

    /** Makes {@code key} one of {@code space} with bytes of the frame. */
    void wrapKey(Key key, int space, ByteBuf frame, int offset, int length) {
        if (frame.hasMemoryAddress()) {
            key.wrapAddress(hasher, space, frame.memoryAddress() + offset, length);
        } else if (frame.hasArray()) {
            key.wrap(hasher, space, frame.array(), frame.arrayOffset() + offset, length);
        } else {
            key.wrap(hasher, space, copy(frame, offset, length));
        }
    }

    /** Makes {@code slice} show the request's value. */
    static void wrapValue(Slice slice, Request request) {
        wrap(slice, request.frame, request.valueOffset, request.valueBytes);
    }

    /** Makes {@code slice} show bytes of the frame. */
    static void wrap(Slice slice, ByteBuf frame, int offset, int length) {
        if (frame.hasMemoryAddress()) {
            slice.wrapAddress(frame.memoryAddress() + offset, length);
        } else if (frame.hasArray()) {
            slice.wrap(frame.array(), frame.arrayOffset() + offset, length);
        } else {
            slice.wrap(copy(frame, offset, length), 0, length);
        }
    }

    private static byte[] copy(ByteBuf frame, int offset, int length) {
        byte[] bytes = new byte[length];
        frame.getBytes(offset, bytes);
        return bytes;
    }
}

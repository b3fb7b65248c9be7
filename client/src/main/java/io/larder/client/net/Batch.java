package io.larder.client.net;

import io.larder.protocol.FrameHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Operations that go to one link together: their frames, as a BATCH carries them, and which of
 * {@link ManyItems} they are. The frames are the only copy of keys and values that is made. One
 * thread at a time; nothing is added once it was asked for.
 */
/*
 *   frames   | header key value | header key value | ...
 *   ends     -------------------^------------------^
 *   indices        17                 4                   of the operations
 *
 * The request id of a frame is its position and 1.
 */
final class Batch {
    private static final int COUNT_MIN = 16;

    final ServerLink link;
    private final int countMax;
    private final long bytesMax;
    private final ByteBuf frames;
    private int[] indices = new int[COUNT_MIN];
    private int[] ends = new int[COUNT_MIN];
    private int count;

    /**
     * @param bytesExpected of all frames; more may come
     */
    Batch(ServerLink link, int countMax, long bytesMax, long bytesExpected) {
        this.link = link;
        this.countMax = countMax;
        this.bytesMax = bytesMax;
        this.frames = Unpooled.buffer((int) Math.min(bytesMax, bytesExpected));
    }

    /** What the link's server allows, as far as that is known. */
    static Batch of(ServerLink link, long bytesExpected) {
        int countMax = Math.max(1, link.knownLimits().batchOperationsMax());
        long bytesMax = Math.min(link.knownLimits().bodyBytesMax(), link.window().bytesMax() / 2);
        return new Batch(link, countMax, bytesMax, bytesExpected);
    }

    int count() {
        return count;
    }

    /** Which operation stands at a position. */
    int index(int position) {
        return indices[position];
    }

    /** Whether another frame may be added. There is always room for the first. */
    boolean hasRoomFor(long frameBytes) {
        return count == 0 || (count < countMax && frames.writerIndex() + frameBytes <= bytesMax);
    }

    /** Adds an operation. */
    void add(ItemOperations operations, int index) {
        operations.write(index, count + 1, frames);
        close(index);
    }

    private void addFrom(Batch other, int position) {
        int start = frames.writerIndex();
        frames.writeBytes(other.frames, other.start(position), other.bytes(position));
        frames.setInt(start + FrameHeader.REQUEST_ID_OFFSET, count + 1);
        close(other.indices[position]);
    }

    private void close(int index) {
        if (count == ends.length) {
            indices = Arrays.copyOf(indices, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        indices[count] = index;
        ends[count] = frames.writerIndex();
        count++;
    }

    private int start(int position) {
        return position == 0 ? 0 : ends[position - 1];
    }

    private int bytes(int position) {
        return ends[position] - start(position);
    }

    /** Those at the positions that are wanted, in their order. */
    Batch only(IntPredicate isWanted) {
        Batch rest = new Batch(link, countMax, bytesMax, frames.writerIndex());
        for (int position = 0; position < count; position++) {
            if (isWanted.test(position)) {
                rest.addFrom(this, position);
            }
        }
        return rest;
    }

    /** All of them as one request. */
    Request together(Region region, ItemOperations operations) {
        byte[] array = frames.array();
        int bytes = frames.writerIndex();
        return Request.batch(
                region,
                bytes == array.length ? array : Arrays.copyOf(array, bytes),
                operations.isWrite());
    }

    /** The first as a request by itself. */
    Request first(Region region, ItemOperations operations) {
        int keyOffset = FrameHeader.keyOffset(frames, 0);
        byte[] body = new byte[ends[0] - keyOffset];
        frames.getBytes(keyOffset, body);
        return operations.alone(region, indices[0], FrameHeader.keyBytes(frames, 0), body);
    }

    /** Has the link hold none of the keys' values. */
    void forgetHeld(Region region) {
        for (int position = 0; position < count; position++) {
            int start = start(position);
            link.held()
                    .forget(
                            region,
                            frames.array(),
                            FrameHeader.keyOffset(frames, start),
                            FrameHeader.keyBytes(frames, start));
        }
    }
}

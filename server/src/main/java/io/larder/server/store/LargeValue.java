package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;

/**
 * A value that is read in pieces: its chain is kept from being freed until {@link #close}, however
 * long the item itself lives on. Got from {@link ItemView#retain}; whoever got it closes it, soon:
 * its memory counts against the budget and cannot be had by anybody else meanwhile.
 *
 * <p>For one thread at a time. What it shows is whole and never changes.
 */
public final class LargeValue implements AutoCloseable {
    final int clientFlags;
    final int format;
    final long callerVersion;
    final long softExpiryMillis;
    final long[] tags;

    private static final long[] NO_TAGS = {};

    private final SegmentTable segments;
    private final Memory memory;
    private final int length;
    private final long chain;
    private final byte[] tail;

    // The segment looked at last, and where in the value it begins.
    private int segment;
    private int segmentOffset;

    private boolean isPinned;

    /** Copies what the item at {@code position} says of its value; garbage if the item is. */
    LargeValue(SegmentTable segments, long position, long word0, long word1, int extensionBytes) {
        this.segments = segments;
        this.memory = segments.arena();
        clientFlags = ItemLayout.clientFlags(memory, position, extensionBytes);
        format = ItemLayout.format(memory, position, extensionBytes);
        callerVersion = ItemLayout.callerVersion(memory, position, extensionBytes);
        softExpiryMillis = ItemLayout.softExpiryMillis(memory, position, extensionBytes);
        tags = tags(memory, position, extensionBytes);
        boolean isLarge = ItemLayout.kind(word1) == ItemLayout.KIND_LARGE;
        tail = new byte[ItemLayout.valueLength(word0)];
        memory.copyOut(
                ItemLayout.keyPosition(position, extensionBytes) + ItemLayout.keyLength(word1),
                tail,
                0,
                tail.length);
        length = isLarge ? ItemLayout.largeLength(memory, position, extensionBytes) : tail.length;
        chain = isLarge ? ItemLayout.largeChain(memory, position, extensionBytes) : ChainTable.NONE;
        segment = ChainTable.first(chain);
    }

    private static long[] tags(Memory memory, long position, int extensionBytes) {
        int count = ItemLayout.tagCount(memory, position, extensionBytes);
        if (count == 0) {
            return NO_TAGS;
        }
        long[] tags = new long[Math.min(Mutation.TAGS_MAX, count)];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = ItemLayout.tag(memory, position, extensionBytes, i);
        }
        return tags;
    }

    /** The chain's name, {@link ChainTable#NONE} if all of the value is in its item. */
    long chain() {
        return chain;
    }

    /** Keeps the chain from being freed; false if it may have been already. Idempotent. */
    boolean pin() {
        if (!isPinned && chain != ChainTable.NONE) {
            if (!segments.chains().pin(chain)) {
                return false;
            }
            pinned();
        }
        return true;
    }

    /** Notes that the chain has been pinned for this object. */
    void pinned() {
        isPinned = true;
    }

    /** Length of the value in bytes. */
    public int length() {
        return length;
    }

    /** Copies {@code count} bytes from {@code offset} of the value to {@code target}. */
    public void copyTo(int offset, byte[] target, int targetOffset, int count) {
        check(offset, count);
        for (int done = 0; done < count; ) {
            int at = offset + done;
            int bytes = Math.min(count - done, contiguous(at));
            if (at < tailOffset()) {
                memory.copyOut(positionOf(at), target, targetOffset + done, bytes);
            } else {
                System.arraycopy(tail, at - tailOffset(), target, targetOffset + done, bytes);
            }
            done += bytes;
        }
    }

    /** Copies {@code count} bytes from {@code offset} of the value to native memory. */
    public void copyTo(int offset, long targetAddress, int count) {
        check(offset, count);
        for (int done = 0; done < count; ) {
            int at = offset + done;
            int bytes = Math.min(count - done, contiguous(at));
            if (at < tailOffset()) {
                memory.copyOut(positionOf(at), targetAddress + done, bytes);
            } else {
                Slice.copy(tail, at - tailOffset(), targetAddress + done, bytes);
            }
            done += bytes;
        }
    }

    /** Makes {@code slice} show as much from {@code offset} as lies together; returns how much. */
    int piece(int offset, Slice slice) {
        int bytes = contiguous(offset);
        if (offset < tailOffset()) {
            memory.wrap(positionOf(offset), bytes, slice);
        } else {
            slice.wrap(tail, offset - tailOffset(), bytes);
        }
        return bytes;
    }

    private int tailOffset() {
        return length - tail.length;
    }

    private int contiguous(int offset) {
        int segmentBytes = segments.segmentBytes();
        return offset < tailOffset()
                ? Math.min(tailOffset() - offset, segmentBytes - (offset & segmentBytes - 1))
                : length - offset;
    }

    private long positionOf(int offset) {
        int segmentBytes = segments.segmentBytes();
        if (offset < segmentOffset) {
            segment = ChainTable.first(chain);
            segmentOffset = 0;
        }
        while (offset - segmentOffset >= segmentBytes) {
            segment = segments.chains().after(segment);
            segmentOffset += segmentBytes;
        }
        return segments.start(segment) + (offset - segmentOffset);
    }

    private void check(int offset, int count) {
        if ((offset | count) < 0 || count > length - offset) {
            throw new IndexOutOfBoundsException(
                    "offset: "
                            + offset
                            + ", count: "
                            + count
                            + " (expected: inside 0.."
                            + length
                            + ")");
        }
    }

    /** Lets go of the value. Idempotent. */
    @Override
    public void close() {
        if (isPinned) {
            isPinned = false;
            segments.chains().unpin(chain);
        }
    }
}

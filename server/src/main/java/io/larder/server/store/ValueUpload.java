package io.larder.server.store;

import io.larder.server.memory.Checksum;
import io.larder.server.memory.Memory;
import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way in, in pieces, straight into segments that nobody else can find. Got from
 * {@link Store#upload}; stored by {@link Store#put(Mutation, ValueUpload, long)}; to be closed
 * whatever came of it, which frees what was not stored.
 *
 * <p>For one thread at a time. Bounded: all unfinished uploads of a store together take at most a
 * quarter of its segments.
 */
public final class ValueUpload implements AutoCloseable {
    /** How often a piece that finds no segment helps with an eviction before it is refused. */
    private static final int HELPS_MAX = 8;

    private final SegmentTable segments;
    private final Memory memory;
    private final UploadShare share;
    private final SpaceReclaimer reclaimer;
    private final int shard;
    private final int length;
    private final Slice piece = new Slice();

    /** Sums up what goes into the chain; null if items have no sums. */
    private final @Nullable Checksum chainSum;

    private int first = ChainTable.NONE;

    /** The segment being filled, which for the tail belongs to no chain. */
    private int current = ChainTable.NONE;

    private int tailSegment = ChainTable.NONE;
    private int written;
    private long chain;
    private boolean isOwned;
    private boolean isStored;
    private boolean isClosed;

    /** The share has been entered for {@link #segmentsOf} this length. */
    ValueUpload(
            SegmentTable segments,
            UploadShare share,
            SpaceReclaimer reclaimer,
            int shard,
            int length) {
        this.segments = segments;
        this.memory = segments.arena();
        this.share = share;
        this.reclaimer = reclaimer;
        this.shard = shard;
        this.length = length;
        this.chainSum = segments.isSummed() ? memory.newChecksum() : null;
        if (chainSum != null) {
            chainSum.begin();
        }
    }

    /** How many segments an upload of so many bytes takes at most. */
    static int segmentsOf(int length, int segmentBytes) {
        return (int) (((long) length + segmentBytes - 1) / segmentBytes);
    }

    /** Length of the whole value in bytes. */
    public int length() {
        return length;
    }

    /** How many bytes are still to come. */
    public int missing() {
        return length - written;
    }

    /**
     * Takes the next bytes; false if there is no room for them, and then the upload is good for
     * nothing but to be closed.
     *
     * <p>Locking: none held; may reclaim segments.
     *
     * @throws IllegalArgumentException if they are more than are missing
     */
    public boolean write(Slice bytes) {
        if (bytes.length() > missing()) {
            throw new IllegalArgumentException(
                    "pieceLength: " + bytes.length() + " (expected: 0.." + missing() + ")");
        }
        int segmentBytes = segments.segmentBytes();
        for (int done = 0; done < bytes.length(); ) {
            int filled = written & segmentBytes - 1;
            if (filled == 0 && !nextSegment()) {
                return false;
            }
            int count = Math.min(bytes.length() - done, segmentBytes - filled);
            long position = segments.start(current) + filled;
            memory.copyIn(position, piece.wrap(bytes, done, count));
            if (chainSum != null && current != tailSegment) {
                chainSum.add(position, count);
            }
            done += count;
            written += count;
        }
        return true;
    }

    private boolean nextSegment() {
        boolean isTail = written == chainedBytes();
        int taken = take(isTail ? ChainTable.NONE : current);
        if (taken == ChainTable.NONE) {
            return false;
        }
        if (isTail) {
            tailSegment = taken;
        } else if (first == ChainTable.NONE) {
            first = taken;
        }
        current = taken;
        return true;
    }

    private int take(int previous) {
        int taken = segments.chains().take(previous);
        for (int helps = 0; taken == ChainTable.NONE && helps < HELPS_MAX; helps++) {
            if (!reclaimer.help(shard)) {
                return ChainTable.NONE;
            }
            taken = segments.chains().take(previous);
        }
        if (segments.isShort()) {
            reclaimer.request(shard);
        }
        return taken;
    }

    /** Whether there is a chain, or else the whole value lies in its item. */
    boolean isLarge() {
        return chainedBytes() > 0;
    }

    int tailBytes() {
        return LargeShape.tailBytes(length, segments.segmentBytes());
    }

    private int chainedBytes() {
        return length - tailBytes();
    }

    /** Copies the value's end to its place in the item at {@code position}. */
    void copyTailTo(long position) {
        if (tailSegment != ChainTable.NONE) {
            memory.copy(segments.start(tailSegment), position, tailBytes());
        }
    }

    /**
     * A copy of the whole value, for an engine that keeps it elsewhere; the upload stays as it is.
     *
     * @throws IllegalStateException if bytes are missing, or it was stored or closed
     */
    public byte[] toByteArray() {
        requireStorable();
        byte[] bytes = new byte[length];
        int copied = 0;
        for (int segment = first;
                copied < chainedBytes();
                segment = segments.chains().after(segment)) {
            int count = Math.min(segments.segmentBytes(), chainedBytes() - copied);
            memory.copyOut(segments.start(segment), bytes, copied, count);
            copied += count;
        }
        if (tailSegment != ChainTable.NONE) {
            memory.copyOut(segments.start(tailSegment), bytes, copied, length - copied);
        }
        return bytes;
    }

    /** The chain's name, with the owner's pin set. */
    long own() {
        if (!isOwned) {
            chain = segments.chains().own(first);
            isOwned = true;
        }
        return chain;
    }

    /** The sum of the bytes in the chain, 0 if items have no sums. */
    int chainSum() {
        return chainSum == null ? 0 : chainSum.sum();
    }

    /**
     * Refuses what cannot be stored.
     *
     * @throws IllegalStateException if bytes are missing, or it was stored or closed
     */
    void requireStorable() {
        if (missing() > 0 || isStored || isClosed) {
            throw new IllegalStateException(
                    "upload: "
                            + (isClosed ? "closed" : isStored ? "stored" : missing() + " missing")
                            + " (expected: all of its bytes, and not stored yet)");
        }
    }

    /** The owner's pin now belongs to a linked item. */
    void published() {
        isStored = true;
        isOwned = false;
        first = ChainTable.NONE;
    }

    /** Frees what was not stored. Idempotent. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (tailSegment != ChainTable.NONE) {
            segments.give(tailSegment);
        }
        if (isOwned) {
            segments.chains().unpin(chain);
        } else {
            segments.chains().give(first);
        }
        share.leave(segmentsOf(length, segments.segmentBytes()));
    }
}

package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.SegmentPool;

/**
 * The arena cut into segments of one power-of-two size, and what is known of each: its generation,
 * for readers, and its filling, for the shard that owns it.
 */
final class SegmentTable {
    private static final int TAIL = 0;
    private static final int DEAD_BYTES = 1;
    private static final int PENDING = 2;
    private static final int FILLING_STRIDE = 16;

    private final Memory arena;
    private final SegmentPool pool;
    private final int segmentShift;
    private final int reserved;
    private final ChainTable chains;

    /**
     * One word per segment, raised once in each of its lives: by the recycler, under the owner's
     * lock, release; read by readers, acquire and opaque.
     */
    private final Memory generations;

    /**
     * Tail, dead bytes and pending writes of each segment, a cache line apart, since neighbours
     * belong to different shards. Under the owner's lock; ownership passes through the pool.
     */
    private final int[] filling;

    /**
     * @param generations a word per segment, zeroed here
     * @param chainWords as many bytes as {@link ChainTable#bytes} says, zeroed here
     * @param reserved free segments that only copies may take
     */
    SegmentTable(
            Memory arena, Memory generations, Memory chainWords, int segmentBytes, int reserved) {
        int segments = Math.toIntExact(arena.bytes() / segmentBytes);
        this.arena = arena;
        this.generations = generations;
        this.segmentShift = Integer.numberOfTrailingZeros(segmentBytes);
        this.reserved = reserved;
        this.pool = new SegmentPool(segments);
        this.filling = new int[segments * FILLING_STRIDE];
        generations.zero(0, (long) segments * Memory.WORD_BYTES);
        this.chains = new ChainTable(this, chainWords);
    }

    /** The chains that some of the segments are in. */
    ChainTable chains() {
        return chains;
    }

    /** Bytes of the chain of a large value of this length. */
    int chainBytes(int valueLength) {
        return LargeShape.chainSegments(valueLength, segmentBytes()) << segmentShift;
    }

    Memory arena() {
        return arena;
    }

    int segments() {
        return filling.length / FILLING_STRIDE;
    }

    int segmentBytes() {
        return 1 << segmentShift;
    }

    int free() {
        return pool.free();
    }

    /** Whether anybody could take a segment, at some recent moment. */
    boolean hasRoom() {
        return pool.free() > reserved;
    }

    /** Takes a segment for anybody's use, -1 if only the reserve is left. */
    int take() {
        return pool.take(reserved);
    }

    /** Takes a segment for survivors, -1 if there is none at all. */
    int takeForCopies() {
        return pool.take(0);
    }

    /** Readies a taken segment for appending. */
    void open(int segment) {
        filling[at(segment, TAIL)] = 0;
        filling[at(segment, DEAD_BYTES)] = 0;
        filling[at(segment, PENDING)] = 0;
        arena.storeFence();
        arena.putLong(start(segment), ItemLayout.STATE_END);
    }

    /** Ends a life of the segment: every reader that looked in before will see that it did. */
    void retire(int segment) {
        long position = (long) segment * Memory.WORD_BYTES;
        generations.putLongRelease(position, generations.getLong(position) + 1);
    }

    /** Makes a retired segment free for all. */
    void give(int segment) {
        pool.give(segment);
    }

    long start(int segment) {
        return (long) segment << segmentShift;
    }

    int segmentOf(long position) {
        return (int) (position >>> segmentShift);
    }

    /** The position behind the segment that holds {@code position}. */
    long endOf(long position) {
        return ((position >>> segmentShift) + 1) << segmentShift;
    }

    long generationAcquire(int segment) {
        return generations.getLongAcquire((long) segment * Memory.WORD_BYTES);
    }

    long generationOpaque(int segment) {
        return generations.getLongOpaque((long) segment * Memory.WORD_BYTES);
    }

    int tail(int segment) {
        return filling[at(segment, TAIL)];
    }

    void advanceTail(int segment, int bytes) {
        filling[at(segment, TAIL)] += bytes;
    }

    int deadBytes(int segment) {
        return filling[at(segment, DEAD_BYTES)];
    }

    void addDeadBytes(int segment, int bytes) {
        filling[at(segment, DEAD_BYTES)] += bytes;
        assert filling[at(segment, DEAD_BYTES)] <= segmentBytes() : segment;
    }

    int pending(int segment) {
        return filling[at(segment, PENDING)];
    }

    void addPending(int segment, int delta) {
        filling[at(segment, PENDING)] += delta;
        assert filling[at(segment, PENDING)] >= 0 : segment;
    }

    private static int at(int segment, int field) {
        return segment * FILLING_STRIDE + field;
    }
}

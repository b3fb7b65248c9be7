package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.memory.SegmentPool;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The arena cut into segments of one power-of-two size, and what is known of each: its generation,
 * for readers, and its filling, for the shard that owns it.
 */
final class SegmentTable {
    static final int NONE = -1;

    private static final int NEARLY_SHORT_PART = 16;

    // Columns of the filling: ints of one segment, a cache line apart from the next one's.
    private static final int TAIL = 0;
    private static final int DEAD_BYTES = 1;
    private static final int PENDING = 2;
    private static final int STREAM = 3;
    private static final int LIFE = 4;
    private static final int URGENT_BYTES = 5;

    /** Columns that {@link SegmentList}s link through; the one behind each leads backwards. */
    static final int QUEUE_LINKS = 6;

    static final int RANK_LINKS = 8;
    static final int WHEEL_LINKS = 10;

    /** Which of its lists the segment is in; {@link #NONE} if in none. */
    static final int RANK = 12;

    static final int WHEEL_SLOT = 13;
    static final int QUEUED = 14;
    private static final int FILLING_STRIDE = 16;

    // Columns of the times: longs, store milliseconds.
    private static final int DUE = 0;
    private static final int EXPIRY_MAX = 1;
    private static final int URGENT_MAX = 2;
    private static final int TIMES_STRIDE = 4;

    private static final long LIFE_ONE = 1L << 32;
    private static final long REUSES_MASK = LIFE_ONE - 1;

    private final Memory arena;
    private final SegmentPool pool;
    private final SegmentBudget budget;
    private final int segmentShift;
    private final int reserved;
    private final ChainTable chains;

    /**
     * One word per segment, `lives 32 | reuses of holes 32`: raised by the owner, under its lock,
     * release, before bytes that a reader may still look at are written anew; read by readers,
     * acquire and opaque.
     */
    private final Memory generations;

    /** Under the owner's lock; ownership passes through the pool. */
    private final int[] filling;

    /** Like {@link #filling}. */
    private final long[] times;

    private final SegmentRecord record;

    /** What each thread sums items up by; null if items have no sums. */
    private final @Nullable ThreadLocal<ItemSum> sums;

    /**
     * @param memory whose generations are zeroed here
     * @param reserved free segments that only copies may take
     * @param limitBytes bytes of the arena that may be in use to begin with
     */
    SegmentTable(StoreMemory memory, int segmentBytes, int reserved, long limitBytes) {
        int segments = Math.toIntExact(memory.arena.bytes() / segmentBytes);
        this.arena = memory.arena;
        this.record = memory.segments;
        this.sums = memory.isLasting ? ThreadLocal.withInitial(() -> new ItemSum(arena)) : null;
        this.generations = memory.generations;
        this.segmentShift = Integer.numberOfTrailingZeros(segmentBytes);
        this.reserved = reserved;
        this.budget =
                new SegmentBudget(
                        arena,
                        segmentBytes,
                        reserved,
                        limitBytes,
                        segment ->
                                record.use(segment) == SegmentRecord.LOG
                                        || record.use(segment) == SegmentRecord.CHAIN,
                        indexedBefore(segments));
        this.pool = budget.pool();
        this.filling = new int[segments * FILLING_STRIDE];
        this.times = new long[segments * TIMES_STRIDE];
        generations.zero(0, (long) segments * Memory.WORD_BYTES);
        this.chains = new ChainTable(this, memory.chains, memory.isFresh);
    }

    /** Segments that an index took up in an earlier process, about as many as it will again. */
    private int indexedBefore(int segments) {
        return (int)
                IntStream.range(0, segments)
                        .filter(segment -> record.use(segment) == SegmentRecord.INDEX)
                        .count();
    }

    /** Where the use of segments is written down. */
    SegmentRecord record() {
        return record;
    }

    /** What the calling thread sums items up by; null if items have no sums. */
    @Nullable ItemSum sum() {
        return sums == null ? null : sums.get();
    }

    /** Whether items have sums. */
    boolean isSummed() {
        return sums != null;
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

    /** Segments of the arena, whether the memory limit allows them or not. */
    int segments() {
        return filling.length / FILLING_STRIDE;
    }

    /** The part of the segments that may be in use. */
    SegmentBudget budget() {
        return budget;
    }

    /** Whether free segments are so few that some should be reclaimed, at some recent moment. */
    boolean isShort() {
        return pool.free() < budget.lowWatermark();
    }

    /** Whether they are so few that dead bytes should be written over, where that is possible. */
    boolean isNearlyShort() {
        return pool.free() < budget.lowWatermark() + budget.segments() / NEARLY_SHORT_PART;
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

    /** Takes a segment for anybody's use, {@link #NONE} if only the reserve is left. */
    int take() {
        return pool.take(reserved);
    }

    /** Takes a segment for survivors, {@link #NONE} if there is none at all. */
    int takeForCopies() {
        return pool.take(0);
    }

    /** Readies a taken segment for appending to {@code stream}. */
    void open(int segment, int stream) {
        reopen(segment, stream);
        arena.storeFence();
        arena.putLong(start(segment), ItemLayout.STATE_END);
    }

    /** Readies a segment whose items are yet to be counted. */
    void reopen(int segment, int stream) {
        int at = segment * FILLING_STRIDE;
        filling[at + TAIL] = 0;
        filling[at + DEAD_BYTES] = 0;
        filling[at + PENDING] = 0;
        filling[at + STREAM] = stream;
        filling[at + RANK] = NONE;
        filling[at + WHEEL_SLOT] = NONE;
        filling[at + QUEUED] = NONE;
        forgetExpiries(segment);
        times[segment * TIMES_STRIDE + EXPIRY_MAX] = 0;
    }

    /** Ends a life of the segment: every reader that looked in before will see that it did. */
    void retire(int segment) {
        long position = (long) segment * Memory.WORD_BYTES;
        endLifeOfHoles(segment);
        generations.putLongRelease(position, generations.getLong(position) + LIFE_ONE);
    }

    /** Tells every reader that looked in before that some dead bytes may be written anew. */
    void raiseForReuse(int segment) {
        long position = (long) segment * Memory.WORD_BYTES;
        long generation = generations.getLong(position);
        generations.putLongRelease(
                position, (generation & ~REUSES_MASK) | ((generation + 1) & REUSES_MASK));
    }

    /** Makes a retired segment free for all. */
    void give(int segment) {
        record.freed(segment);
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

    /** How often the segment was recycled: what slots keep the low bits of. */
    long lives(int segment) {
        return generations.getLongOpaque((long) segment * Memory.WORD_BYTES) >>> 32;
    }

    // ---- filling, under the owner's lock

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
        assert deadBytes(segment) >= 0 && deadBytes(segment) <= segmentBytes() : segment;
    }

    /** Bytes of items that are not dead. */
    int liveBytes(int segment) {
        return tail(segment) - deadBytes(segment);
    }

    int pending(int segment) {
        return filling[at(segment, PENDING)];
    }

    void addPending(int segment, int delta) {
        filling[at(segment, PENDING)] += delta;
        assert filling[at(segment, PENDING)] >= 0 : segment;
    }

    /** The stream the segment was filled by. */
    int stream(int segment) {
        return filling[at(segment, STREAM)];
    }

    void setStream(int segment, int stream) {
        filling[at(segment, STREAM)] = stream;
    }

    /** Tells the holes of one round from those of the next: they end before the segment does. */
    int lifeOfHoles(int segment) {
        return filling[at(segment, LIFE)];
    }

    void endLifeOfHoles(int segment) {
        filling[at(segment, LIFE)]++;
    }

    int get(int segment, int column) {
        return filling[at(segment, column)];
    }

    void set(int segment, int column, int value) {
        filling[at(segment, column)] = value;
    }

    // ---- expiry, under the owner's lock

    /** When the segment should be looked through for expired items; NEVER if not by time. */
    long dueMillis(int segment) {
        return times[segment * TIMES_STRIDE + DUE];
    }

    void setDueMillis(int segment, long dueMillis) {
        times[segment * TIMES_STRIDE + DUE] = dueMillis;
    }

    /** A bound of the expiries in the segment, {@link Mutation#NEVER} apart. */
    long expiryMaxMillis(int segment) {
        return times[segment * TIMES_STRIDE + EXPIRY_MAX];
    }

    /** Raises the bound of expiries. */
    void boundExpiry(int segment, long expiryMillis) {
        int at = segment * TIMES_STRIDE + EXPIRY_MAX;
        times[at] = Math.max(times[at], expiryMillis);
    }

    /** An item came that expires before the segment is due; returns the bytes of all such. */
    int addUrgent(int segment, long expiryMillis, int bytes) {
        int at = segment * TIMES_STRIDE + URGENT_MAX;
        times[at] = Math.max(times[at], expiryMillis);
        return filling[at(segment, URGENT_BYTES)] += bytes;
    }

    /** The latest expiry of the items counted as urgent. */
    long urgentMaxMillis(int segment) {
        return times[segment * TIMES_STRIDE + URGENT_MAX];
    }

    /** Nothing is urgent, nothing due. */
    void forgetExpiries(int segment) {
        filling[at(segment, URGENT_BYTES)] = 0;
        times[segment * TIMES_STRIDE + URGENT_MAX] = 0;
        times[segment * TIMES_STRIDE + DUE] = Mutation.NEVER;
    }

    private static int at(int segment, int column) {
        return segment * FILLING_STRIDE + column;
    }
}

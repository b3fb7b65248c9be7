package io.larder.server.store;

/**
 * How a store is built. Immutable; validated here.
 *
 * @param memoryBytes the budget for items and index, at least {@link #MEMORY_BYTES_MIN}
 * @param memoryBytesMax what the budget can be raised to later, and is reserved but not touched
 * @param shards a power of two, at most {@link #SHARDS_MAX}
 * @param segmentBytes a power of two
 * @param hashSeed0 half of the hash seed
 * @param hashSeed1 the other half
 * @param copySegments free segments kept back for survivors: one per maintenance worker, and one
 *     for a writer that helps
 */
public record StoreConfig(
        long memoryBytes,
        long memoryBytesMax,
        int shards,
        int segmentBytes,
        long hashSeed0,
        long hashSeed1,
        int copySegments) {
    /** The least memory a server starts with: 4 MiB. */
    public static final long MEMORY_BYTES_MIN = 4L << 20;

    /** The most memory: what a slot's 38 bits of words address, 2 TiB. */
    public static final long MEMORY_BYTES_MAX = 1L << 41;

    /** The most shards: what eight bits of the hash tell apart. */
    public static final int SHARDS_MAX = 256;

    /** The largest segment: what an item's value length can fill. */
    public static final int SEGMENT_BYTES_MAX = 1 << 20;

    private static final int SEGMENT_BYTES_DEFAULT_MIN = 64 << 10;

    /** Segments a shard should have at least, for its index, its open ones and a queue. */
    private static final int SEGMENTS_PER_SHARD_MIN = 16;

    /** Segments for more than which, most of them unused at first, larger ones are chosen. */
    private static final int SEGMENTS_MAX_WANTED = 1 << 16;

    public StoreConfig {
        requirePowerOfTwo("shards", shards, SHARDS_MAX);
        requirePowerOfTwo("segmentBytes", segmentBytes, SEGMENT_BYTES_MAX);
        if (segmentBytes < HashIndex.BUCKET_BYTES) {
            throw new IllegalArgumentException(
                    "segmentBytes: "
                            + segmentBytes
                            + " (expected: >= "
                            + HashIndex.BUCKET_BYTES
                            + ")");
        }
        if (memoryBytes > MEMORY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "memoryBytes: " + memoryBytes + " (expected: <= " + MEMORY_BYTES_MAX + ")");
        }
        if (memoryBytesMax < memoryBytes || memoryBytesMax > MEMORY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "memoryBytesMax: "
                            + memoryBytesMax
                            + " (expected: "
                            + memoryBytes
                            + ".."
                            + MEMORY_BYTES_MAX
                            + ")");
        }
        if (copySegments < 1) {
            throw new IllegalArgumentException(
                    "copySegments: " + copySegments + " (expected: >= 1)");
        }
        long needed = segmentsMin(shards, copySegments);
        if (memoryBytes / segmentBytes < needed) {
            throw new IllegalArgumentException(
                    "memoryBytes: "
                            + memoryBytes
                            + " (expected: at least "
                            + needed
                            + " segments of "
                            + segmentBytes
                            + " bytes)");
        }
    }

    /** A store whose budget can be lowered and raised again, but not above {@code memoryBytes}. */
    public StoreConfig(
            long memoryBytes,
            int shards,
            int segmentBytes,
            long hashSeed0,
            long hashSeed1,
            int copySegments) {
        this(memoryBytes, memoryBytes, shards, segmentBytes, hashSeed0, hashSeed1, copySegments);
    }

    /** The same with another hash seed: that of keys stored before. */
    public StoreConfig withHashSeed(long seed0, long seed1) {
        return new StoreConfig(
                memoryBytes, memoryBytesMax, shards, segmentBytes, seed0, seed1, copySegments);
    }

    /** Segments of the arena, whether the budget allows them at first or not. */
    public int segments() {
        return Math.toIntExact(memoryBytesMax / segmentBytes);
    }

    /** Segments without which nothing works, beside those of the index. */
    static int segmentsMin(int shards, int copySegments) {
        return 3 * shards + copySegments;
    }

    /** As {@link #of(long, long, int, int, long, long)}, with a budget that cannot be raised. */
    public static StoreConfig of(
            long memoryBytes, int cores, int copySegments, long hashSeed0, long hashSeed1) {
        return of(memoryBytes, memoryBytes, cores, copySegments, hashSeed0, hashSeed1);
    }

    /**
     * The usual choice for a budget: shards by {@code cores}, segments by both.
     *
     * @throws IllegalArgumentException if {@code memoryBytes} is under {@link #MEMORY_BYTES_MIN}
     */
    public static StoreConfig of(
            long memoryBytes,
            long memoryBytesMax,
            int cores,
            int copySegments,
            long hashSeed0,
            long hashSeed1) {
        if (memoryBytes < MEMORY_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "memoryBytes: " + memoryBytes + " (expected: >= " + MEMORY_BYTES_MIN + ")");
        }
        int wanted = Math.max(16, ceilingPowerOfTwo(4L * cores));
        long affordable = memoryBytes / ((long) SEGMENTS_PER_SHARD_MIN * SEGMENT_BYTES_DEFAULT_MIN);
        int shards =
                Math.min(
                        SHARDS_MAX,
                        (int) Math.min(wanted, Long.highestOneBit(Math.max(1, affordable))));
        long even = Long.highestOneBit(memoryBytes / (shards * 64L));
        if (memoryBytesMax > memoryBytes) {
            long few = Long.highestOneBit(memoryBytes / (shards * (long) SEGMENTS_PER_SHARD_MIN));
            even = Math.max(even, Math.min(few, memoryBytesMax / SEGMENTS_MAX_WANTED));
            even = Long.highestOneBit(Math.max(1, even));
        }
        int segmentBytes =
                (int) Math.max(SEGMENT_BYTES_DEFAULT_MIN, Math.min(SEGMENT_BYTES_MAX, even));
        int segments = (int) (memoryBytes / segmentBytes);
        return new StoreConfig(
                memoryBytes,
                memoryBytesMax,
                shards,
                segmentBytes,
                hashSeed0,
                hashSeed1,
                Math.min(copySegments, Math.max(1, segments / 16)));
    }

    private static int ceilingPowerOfTwo(long value) {
        return (int) Long.highestOneBit(Math.max(1, value * 2 - 1));
    }

    private static void requirePowerOfTwo(String name, int value, int max) {
        if (value < 1 || value > max || Integer.bitCount(value) != 1) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: a power of two, 1.." + max + ")");
        }
    }
}

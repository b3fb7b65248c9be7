package io.larder.bench.replay;

/**
 * How a store is cut so that a trace sees the policy and not the grain: one shard below 65,536
 * items, and items so large that the small queue, a tenth, spans 64 segments; of fewer than 1,280
 * items two share a segment.
 *
 * @param shards a power of two
 * @param segmentBytes a power of two
 * @param valueBytes of an item whose size the trace does not say
 * @param items how many items of {@code valueBytes} are to fit
 */
public record StoreLayout(int shards, int segmentBytes, int valueBytes, long items) {
    /** What an item takes beside its value: two words of header, the space, the key. */
    public static final int ITEM_OVERHEAD_BYTES = 16 + Integer.BYTES + Long.BYTES;

    private static final int SHARDS = 16;
    private static final int ONE_SHARD_ITEMS_MAX = 65_536;
    private static final int QUEUE_SEGMENTS = 64;
    private static final int SEGMENTS = 10 * QUEUE_SEGMENTS;
    private static final int SEGMENT_BYTES = 8 << 10;

    /** A value of more than half a segment is chained, and only its head is in a queue. */
    private static final int SEGMENT_ITEMS_MIN = 2;

    private static final int SEGMENT_ITEMS_MAX = 128;

    private static final int SMALL_ITEMS = 16;
    private static final int SIZED_SEGMENT_BYTES_MIN = 64 << 10;
    private static final int SIZED_SEGMENT_BYTES_MAX = 1 << 20;

    /** For a cache of so many items of one size. */
    public static StoreLayout ofItems(long items) {
        int shards = items < ONE_SHARD_ITEMS_MAX ? 1 : SHARDS;
        long itemsPerSegment =
                Math.max(SEGMENT_ITEMS_MIN, Math.min(SEGMENT_ITEMS_MAX, items / shards / SEGMENTS));
        int itemBytes = (int) (SEGMENT_BYTES / itemsPerSegment) & -Long.BYTES;
        return new StoreLayout(shards, SEGMENT_BYTES, itemBytes - ITEM_OVERHEAD_BYTES, items);
    }

    /**
     * For a cache of so many items of mixed sizes: segments of a server's sizes, smaller only where
     * all values are.
     */
    public static StoreLayout ofSizes(long items, int valueBytesMean, int valueBytesMax) {
        int shards = items < ONE_SHARD_ITEMS_MAX ? 1 : SHARDS;
        long bytes = items * (valueBytesMean + ITEM_OVERHEAD_BYTES);
        long even = Long.highestOneBit(Math.max(1, bytes / shards / SEGMENTS));
        long largest = 2 * Long.highestOneBit(valueBytesMax + 2L * ITEM_OVERHEAD_BYTES);
        long least = Math.min(SIZED_SEGMENT_BYTES_MIN, largest);
        int segmentBytes = (int) Math.max(least, Math.min(SIZED_SEGMENT_BYTES_MAX, even));
        return new StoreLayout(shards, segmentBytes, valueBytesMean, items);
    }

    /** The same bytes in items so small that segments have no rest. */
    StoreLayout inSmallItems() {
        int small = Math.max(ITEM_OVERHEAD_BYTES + Long.BYTES, segmentBytes / SMALL_ITEMS);
        int valueBytesSmall = (small & -Long.BYTES) - ITEM_OVERHEAD_BYTES;
        long count = items * itemBytes() / (small & -Long.BYTES);
        return new StoreLayout(shards, segmentBytes, valueBytesSmall, count);
    }

    /** Bytes of an item of the usual size in the store. */
    int itemBytes() {
        return valueBytes + ITEM_OVERHEAD_BYTES + Long.BYTES - 1 & -Long.BYTES;
    }

    /** How many items of the usual size a segment holds. */
    int segmentItems() {
        return Math.max(1, segmentBytes / itemBytes());
    }
}

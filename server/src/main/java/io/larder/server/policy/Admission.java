package io.larder.server.policy;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A store's policies and what they share: a {@link FrequencySketch} and an {@link AdmissionDuel}.
 * Sized by the store's budget: about {@code 1/76} of it (1.14 bytes for an item of 87) for ghosts
 * and sketch, and a few hundred KiB at most for the duel.
 */
public final class Admission {
    /*
     * 1.1 bytes for an item of 87: a quarter of a byte for the sketch, and a ghost for almost every
     * second item. Textbook S3-FIFO has nine for ten items, and the hit ratio feels it where there
     * are fewer than one for two; but an item is to take 36 bytes beside key and value in all.
     */
    private static final long BYTES_PER_SKETCH_BYTE = 348;
    private static final long BYTES_PER_GHOST_BYTE = 98;
    private static final int DUEL_ITEMS_MAX = 4096;
    private static final int DUEL_ITEMS_MIN = 2048;
    private static final long BYTES_PER_DUEL_ITEM = 2048;
    private static final long PERIOD_ACCESSES_PER_ITEM = 10;

    private final FrequencySketch sketch;
    private final AdmissionDuel duel;
    private final S3FifoPolicy[] shards;
    private final AtomicBoolean dueling = new AtomicBoolean();

    private final ItemMean itemMean = new ItemMean();

    private Admission(
            long capacityBytes, int shardCount, int ghostEntries, long counters, int duelItems) {
        this.sketch = new FrequencySketch(counters, counters);
        this.duel = new AdmissionDuel(capacityBytes, duelItems, sketch);
        this.shards = new S3FifoPolicy[shardCount];
        for (int shard = 0; shard < shardCount; shard++) {
            shards[shard] =
                    new S3FifoPolicy(
                            new GhostTable(Math.max(1, ghostEntries / shardCount)),
                            sketch,
                            duel::mode);
        }
    }

    /** Keys that a store of {@code memoryBytes} remembers of those that left. */
    static long ghostEntries(long memoryBytes) {
        return memoryBytes / BYTES_PER_GHOST_BYTE / Short.BYTES;
    }

    /** After how many accesses the counts of a store that holds {@code items} are halved. */
    static long periodAccesses(long items) {
        return PERIOD_ACCESSES_PER_ITEM * items;
    }

    /** The policies of a store of {@code memoryBytes} in {@code shardCount} shards. */
    public static Admission ofBudget(long memoryBytes, int shardCount) {
        return ofBudget(memoryBytes, shardCount, Long.MAX_VALUE);
    }

    /**
     * The same where the heap has {@code heapBytes}: ghosts take at most a quarter of it and the
     * sketch an eighth, so that a large store starts, with fewer of them for each item.
     */
    public static Admission ofBudget(long memoryBytes, int shardCount, long heapBytes) {
        long ghostBytes = Math.min(memoryBytes / BYTES_PER_GHOST_BYTE, heapBytes / 4);
        long sketchBytes = Math.min(memoryBytes / BYTES_PER_SKETCH_BYTE, heapBytes / 8);
        return new Admission(
                memoryBytes,
                shardCount,
                (int) Math.min(Integer.MAX_VALUE, ghostBytes / Short.BYTES),
                sketchBytes * 2,
                (int)
                        Math.max(
                                DUEL_ITEMS_MIN,
                                Math.min(DUEL_ITEMS_MAX, memoryBytes / BYTES_PER_DUEL_ITEM)));
    }

    /**
     * Takes note of a hit, or of an insert of an absent key. For any thread, but better for one
     * that drains a log of them than for each reader: of two threads with keys of the duel's sample
     * at one moment, one is not heard.
     *
     * <p>Locking: none.
     */
    public void access(long hash, int itemBytes) {
        itemMean.add(itemBytes);
        note(hash, itemBytes);
    }

    /**
     * Takes note of a hit on an item of unknown size: as {@link #access}, for one of the mean size
     * of those inserted.
     */
    public void hit(long hash) {
        note(hash, itemMean.bytes());
    }

    private void note(long hash, int itemBytes) {
        sketch.increment(hash);
        if (duel.samples(hash) && dueling.compareAndSet(false, true)) {
            try {
                duel.access(hash, itemBytes);
                long items = duel.itemsEstimated();
                if (items > 0) {
                    sketch.period(periodAccesses(items));
                }
            } finally {
                dueling.set(false);
            }
        }
    }

    /** The policy of a shard, from 0. */
    public S3FifoPolicy shard(int id) {
        return shards[id];
    }

    /** Bytes on the heap of ghosts, sketch and duel. */
    public long memoryBytes() {
        long bytes = sketch.memoryBytes() + duel.memoryBytes();
        for (S3FifoPolicy shard : shards) {
            bytes += shard.memoryBytes();
        }
        return bytes;
    }

    /** The mode all shards follow at present. */
    public AdmissionMode mode() {
        return duel.mode();
    }
}

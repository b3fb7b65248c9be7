package io.larder.server.policy;

import java.util.function.LongPredicate;

/**
 * A small cache of a sample of a store's keys that does what a store of another size would do: what
 * it holds says what that store would hold. It has everything of its own that an {@link Admission}
 * has, to scale. For one thread at a time; nothing is allocated after construction.
 *
 * <p>A store is not told of a read of a key that it does not have and nobody writes; so reads and
 * writes are told apart here, where {@link MiniCache} takes one for both.
 */
public final class Miniature {
    private static final int DUEL_ITEMS_MAX = 1024;
    private static final int COUNTERS_MIN = 1024;

    private final FrequencySketch sketch;
    private final GhostTable ghost;
    private final AdmissionDuel duel;
    private final MiniCache cache;
    private final ItemMean itemMean = new ItemMean();

    /**
     * An empty one without room.
     *
     * @param itemsMax how many items it has place for, whatever their bytes; at most 32,767
     */
    public Miniature(int itemsMax) {
        int duelItems = Math.min(DUEL_ITEMS_MAX, itemsMax);
        int counters = Math.max(COUNTERS_MIN, itemsMax);
        sketch = new FrequencySketch(counters, counters);
        ghost = new GhostTable(itemsMax);
        duel = new AdmissionDuel(0, duelItems, sketch);
        cache = new MiniCache(new S3FifoPolicy(ghost, sketch, duel::mode), itemsMax, 0);
    }

    /**
     * Gives it room, and drops the keys of which {@code retained} says no.
     *
     * @param itemBytes of the items that the store would hold, to scale
     * @param memoryBytes of its memory, to scale
     */
    public void capacity(long itemBytes, long memoryBytes, LongPredicate retained) {
        cache.capacity(itemBytes, retained);
        duel.capacity(itemBytes, retained);
        ghost.room(Admission.ghostEntries(memoryBytes));
    }

    /** A key is read; says whether it is there. */
    public boolean read(long hash) {
        boolean isHit = cache.read(hash);
        if (isHit) {
            note(hash, itemMean.bytes());
        }
        return isHit;
    }

    /** A value is stored; {@code isUse} says whether it is by more than the want of it. */
    public void write(long hash, int itemBytes, boolean isUse) {
        if (!cache.holds(hash)) {
            itemMean.add(itemBytes);
            note(hash, itemBytes);
            cache.put(hash, itemBytes);
        } else if (isUse) {
            cache.overwrite(hash, itemBytes);
        }
    }

    private void note(long hash, int itemBytes) {
        sketch.increment(hash);
        duel.access(hash, itemBytes);
        long items = duel.itemsEstimated();
        if (items > 0) {
            sketch.period(Admission.periodAccesses(items));
        }
    }

    /** Whether a key is there. */
    public boolean holds(long hash) {
        return cache.holds(hash);
    }

    /** A key is deleted, or has expired. */
    public void remove(long hash) {
        cache.remove(hash);
    }

    /** How many keys there are. */
    public int count() {
        return cache.count();
    }

    /** Bytes on the heap, roughly. */
    public long memoryBytes() {
        return sketch.memoryBytes()
                + ghost.memoryBytes()
                + duel.memoryBytes()
                + cache.memoryBytes();
    }
}

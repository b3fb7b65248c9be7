package io.larder.server.insight;

import io.larder.server.policy.Miniature;
import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * One miniature for each size of the curve. Not for several threads at once; nothing is allocated
 * after construction.
 */
final class Miniatures {
    /** The sizes, as multiples of the store's present limit. */
    private static final double[] SIZES = {0.5, 0.75, 1, 1.5, 2, 4};

    /** How many sizes there are. */
    static final int COUNT = SIZES.length;

    /** The number of the present size. */
    static final int PRESENT = 2;

    private static final int LARGEST = COUNT - 1;

    /** Items that the miniature of the present size has room for. */
    private static final int ITEMS_MAX = 8000;

    private final Miniature[] caches =
            Arrays.stream(SIZES)
                    .mapToObj(size -> new Miniature((int) (size * ITEMS_MAX)))
                    .toArray(Miniature[]::new);
    private final int[] itemsMax =
            Arrays.stream(SIZES).mapToInt(size -> (int) (size * ITEMS_MAX)).toArray();

    static long bytes(int number, long limitBytes) {
        return (long) (SIZES[number] * limitBytes);
    }

    /**
     * Gives them room, and drops the keys of which {@code retained} says no.
     *
     * @param itemBytes of a store's items at the present size, to scale
     * @param memoryBytes of its memory, to scale
     */
    void capacity(double itemBytes, double memoryBytes, LongPredicate retained) {
        for (int number = 0; number < COUNT; number++) {
            caches[number].capacity(
                    (long) (SIZES[number] * itemBytes),
                    (long) (SIZES[number] * memoryBytes),
                    retained);
        }
    }

    /**
     * A key is read: says in bits, by the sizes' numbers, which of them miss. What the store has,
     * whoever misses it stores.
     *
     * @param itemBytes of what the store has; 0 if it has nothing or that is not known
     */
    int read(long hash, int itemBytes) {
        int misses = 0;
        for (int number = 0; number < COUNT; number++) {
            if (!caches[number].read(hash)) {
                misses |= 1 << number;
                if (itemBytes > 0) {
                    caches[number].write(hash, itemBytes, false);
                }
            }
        }
        return misses;
    }

    /** A value is stored, in place of another or of one that was missed. */
    void write(long hash, int itemBytes, boolean isOverwrite) {
        for (Miniature cache : caches) {
            cache.write(hash, itemBytes, isOverwrite);
        }
    }

    void remove(long hash) {
        for (Miniature cache : caches) {
            cache.remove(hash);
        }
    }

    /** Whether the largest has this key: hardly a smaller one has what it has not. */
    boolean holds(long hash) {
        return caches[LARGEST].holds(hash);
    }

    /** Whether one of them holds as many items as it has places, whatever room it has. */
    boolean isCrowded() {
        for (int number = 0; number < COUNT; number++) {
            if (caches[number].count() >= itemsMax[number]) {
                return true;
            }
        }
        return false;
    }

    /** Bytes on the heap, roughly. */
    long memoryBytes() {
        return Arrays.stream(caches).mapToLong(Miniature::memoryBytes).sum();
    }
}

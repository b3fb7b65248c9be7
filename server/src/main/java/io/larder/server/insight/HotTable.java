package io.larder.server.insight;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The keys of which there is most, in a table of {@value #SLOTS} counters. Not for several threads
 * at once; nothing is allocated after construction but what is asked for.
 */
/*
 * Space-Saving in sets: a key belongs to one set of WAYS counters. If it has none there it takes the
 * least one over and goes on from its count, which is noted as what may not be its own; so a count
 * less that is never more than the key's amount, and a key with more than the least of its set has a
 * counter. A set sees a 512th of all keys, and a key that has more than a few in a thousand of all
 * there is stays whatever the others are.
 *
 * Whenever so much has come, all counts are halved, so that what was hot gives way to what is.
 *
 * Efficient Computation of Frequent and Top-k Elements in Data Streams,
 * https://doi.org/10.1007/978-3-540-30570-5_27
 */
final class HotTable {
    private static final int WAYS = 4;
    private static final int SLOTS = 2048;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final int SET_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SLOTS / WAYS);

    private final long halvingAmount;
    private final long[] hashes = new long[SLOTS];
    private final long[] counts = new long[SLOTS];
    private final long[] borrowed = new long[SLOTS]; // of the count, what may be other keys'
    private long amountToHalving;

    /**
     * @param hash as {@link io.larder.server.accesslog.AccessLog#hash} says
     * @param amount at least so much, of late
     */
    record Hot(long hash, long amount) {}

    /**
     * @param halvingAmount after how much of all keys together all counts are halved
     */
    HotTable(long halvingAmount) {
        this.halvingAmount = halvingAmount;
        this.amountToHalving = halvingAmount;
    }

    void add(long hash, long amount) {
        amountToHalving -= amount;
        int slot = slotOf(hash);
        counts[slot] += amount;
    }

    /** The key's counter, or one that it takes over. */
    private int slotOf(long hash) {
        int set = (int) ((hash * SPREAD) >>> SET_SHIFT) * WAYS;
        int least = set;
        for (int slot = set; slot < set + WAYS; slot++) {
            if (hashes[slot] == hash) {
                return slot;
            }
            if (counts[slot] < counts[least]) {
                least = slot;
            }
        }
        hashes[least] = hash;
        borrowed[least] = counts[least];
        return least;
    }

    /** Halves all counts if it is time to. */
    void age() {
        if (amountToHalving > 0) {
            return;
        }
        amountToHalving = halvingAmount;
        for (int slot = 0; slot < SLOTS; slot++) {
            counts[slot] >>= 1;
            borrowed[slot] >>= 1;
        }
    }

    /** The keys with most, the hottest first. */
    List<Hot> top(int limit) {
        return IntStream.range(0, SLOTS)
                .filter(slot -> counts[slot] > borrowed[slot])
                .mapToObj(slot -> new Hot(hashes[slot], counts[slot] - borrowed[slot]))
                .sorted(Comparator.comparingLong(Hot::amount).reversed())
                .limit(limit)
                .toList();
    }
}

package io.larder.server.insight;

import io.larder.server.accesslog.AccessLog;
import io.larder.server.accesslog.AccessSink;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts the reads of the keys that are read most, in a table of {@value #SLOTS} counters. For any
 * thread.
 */
/*
 * Space-Saving in sets: a key belongs to one set of WAYS counters. If it has none there it takes the
 * least one over and goes on from its count, which is noted as what may not be its own; so a count
 * less that is never more than the key's reads, and a key with more reads than the least of its set
 * has a counter. A set sees a 512th of all keys, and a key that has more than a few in a thousand of
 * all reads stays whatever the others are.
 *
 * After each HALVING_READS reads all counts are halved, so that what was hot gives way to what is.
 * Reads that were dropped on their way here are missing from all keys alike.
 *
 * Efficient Computation of Frequent and Top-k Elements in Data Streams,
 * https://doi.org/10.1007/978-3-540-30570-5_27
 */
public final class HotReads implements AccessSink {
    private static final int WAYS = 4;
    private static final int SLOTS = 2048;
    private static final int HALVING_READS = 1 << 20;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final int SET_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SLOTS / WAYS);

    // All guarded by this.
    private final long[] hashes = new long[SLOTS];
    private final int[] counts = new int[SLOTS];
    private final int[] borrowed = new int[SLOTS]; // of the count, what may be other keys'
    private int readsToHalving = HALVING_READS;

    /**
     * A key that is read much.
     *
     * @param hash as {@link AccessLog#hash} says
     * @param reads at least so many, of those of late
     */
    public record Hot(long hash, long reads) {}

    /** Locking: this object's monitor, for the batch. */
    @Override
    public synchronized void accept(long[] entries, int count) {
        for (int i = 0; i < count; i++) {
            if (!AccessLog.isInsert(entries[i])) {
                read(AccessLog.hash(entries[i]));
            }
        }
        if (readsToHalving <= 0) {
            halve();
        }
    }

    private void read(long hash) {
        readsToHalving--;
        int set = (int) ((hash * SPREAD) >>> SET_SHIFT) * WAYS;
        int least = set;
        for (int slot = set; slot < set + WAYS; slot++) {
            if (hashes[slot] == hash) {
                counts[slot]++;
                return;
            }
            if (counts[slot] < counts[least]) {
                least = slot;
            }
        }
        hashes[least] = hash;
        borrowed[least] = counts[least];
        counts[least]++;
    }

    private void halve() {
        readsToHalving = HALVING_READS;
        for (int slot = 0; slot < SLOTS; slot++) {
            counts[slot] >>= 1;
            borrowed[slot] >>= 1;
        }
    }

    /** The keys read most, the hottest first. Locking: this object's monitor. */
    public synchronized List<Hot> top(int limit) {
        return IntStream.range(0, SLOTS)
                .filter(slot -> counts[slot] > borrowed[slot])
                .mapToObj(slot -> new Hot(hashes[slot], counts[slot] - borrowed[slot]))
                .sorted(Comparator.comparingLong(Hot::reads).reversed())
                .limit(limit)
                .toList();
    }
}

package io.larder.server.insight;

import static java.util.Objects.requireNonNull;

import io.larder.server.accesslog.Sample;
import io.larder.server.region.RegionTable;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Counts what happens to keys by their prefixes, for the {@value #PREFIXES_MAX} that matter most.
 * Not for several threads at once.
 */
/*
 * Space-Saving: a prefix that is new when all places are taken takes that of the least, and begins
 * with its rank, so that it is not the next to go; its figures begin at 0. A prefix with a greater
 * share of what happens than one in PREFIXES_MAX keeps its place whatever the others are, but what
 * came before it had one is missing.
 *
 * Efficient Computation of Frequent and Top-k Elements in Data Streams,
 * https://doi.org/10.1007/978-3-540-30570-5_27
 */
final class PrefixTable {
    private static final int PREFIXES_MAX = 512;

    private static final class Entry {
        final long hash;
        final int region;
        final byte[] prefix;
        long rank;
        long hits;
        long misses;
        long evictions;
        long expiries;

        Entry(long hash, int region, byte[] prefix, long rank) {
            this.hash = hash;
            this.region = region;
            this.prefix = prefix;
            this.rank = rank;
        }

        long reads() {
            return hits + misses;
        }
    }

    private final Long2ObjectHashMap<Entry> entries = new Long2ObjectHashMap<>();
    private long hits;

    /** Something happened that stands for as many as its weight says. */
    void accept(Sample sample, int region) {
        long weight = sample.weight();
        Entry entry = entry(sample, region);
        entry.rank += weight;
        switch (sample.kind()) {
            case HIT -> {
                entry.hits += weight;
                hits += weight;
            }
            case MISS -> entry.misses += weight;
            case EVICTED -> entry.evictions += weight;
            case EXPIRED -> entry.expiries += weight;
            case NEW, OVERWRITE, DELETED, CLEARED -> {
                // it has happened, which is all
            }
        }
    }

    private Entry entry(Sample sample, int region) {
        long hash = sample.prefixHash(region);
        Entry entry = entries.get(hash);
        if (entry == null) {
            long rank = entries.size() < PREFIXES_MAX ? 0 : removeLeast();
            entry = new Entry(hash, region, sample.prefix(), rank);
            entries.put(hash, entry);
        }
        return entry;
    }

    private long removeLeast() {
        Collection<Entry> all = entries.values();
        Entry least = requireNonNull(all.iterator().next());
        for (Entry entry : all) {
            least = entry.rank < least.rank ? entry : least;
        }
        entries.remove(least.hash);
        return least.rank;
    }

    /** Reads that found their key, of all prefixes that ever were. */
    long hits() {
        return hits;
    }

    /**
     * The prefixes that are read most, then those with most bytes.
     *
     * @param bytes of the items under a prefix, by its hash
     */
    List<PrefixStats> top(int limit, RegionTable regions, LongUnaryOperator bytes) {
        return entries.values().stream()
                .sorted(
                        Comparator.comparingLong(Entry::reads)
                                .thenComparingLong(entry -> bytes.applyAsLong(entry.hash))
                                .reversed())
                .limit(limit)
                .map(
                        entry ->
                                new PrefixStats(
                                        regions.name(entry.region),
                                        entry.prefix.clone(),
                                        entry.hits,
                                        entry.misses,
                                        bytes.applyAsLong(entry.hash),
                                        entry.evictions,
                                        entry.expiries))
                .toList();
    }
}

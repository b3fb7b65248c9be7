package io.larder.server.insight;

import io.larder.server.accesslog.Sample;
import io.larder.server.region.RegionTable;
import io.larder.server.store.AccessSampler;
import java.util.function.LongPredicate;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a sample by hash: what the store has of them, and what it would have at other sizes.
 * Not for several threads at once.
 */
/*
 * The sample begins with every key. Whenever there are as many as there is place for, in a miniature
 * or in the directory, it is halved: the keys of which one bit more is zero stay (fixed-size SHARDS).
 * It never grows again: nothing would be known of the keys that came in, and the store has them.
 *
 *                     hit         miss        new          overwrite    evicted   expired   deleted
 *   directory         is there    is gone     is there     is there     is gone   late?     forget
 *   a size with it    hit         hit         -            to the end   -         remove    remove
 *   a size without    miss, add   miss        add          add          -         -         -
 *
 * A size that lacks what the store has would have had it loaded: it is added at once, for the store
 * will not be told of it. One that has what the store lacks hits, and the load that follows is none
 * of its own. Removals for room are the store's alone.
 */
final class KeptSample {
    /** Regions that are counted each for itself; the first ones to be read. */
    private static final int REGIONS_MAX = 1024;

    /** For how long it is remembered that a key has expired. */
    private static final long EXPIRED_MILLIS_MAX = 600_000;

    private static final long ABSENT = 0;

    /** Of all reads of the store. */
    final ReadTally reads = new ReadTally();

    private final SampledKeys keys = new SampledKeys();
    private final @Nullable Miniatures miniatures;
    private final RegionTable regions;
    private final Int2ObjectHashMap<RegionTally> tallies = new Int2ObjectHashMap<>();
    private double itemBytes; // of the present size, unscaled
    private double memoryBytes;
    private int bits;
    private int sweepSlot;

    /**
     * @param miniatures null if only what the store has is wanted
     */
    KeptSample(RegionTable regions, @Nullable Miniatures miniatures) {
        this.regions = regions;
        this.miniatures = miniatures;
    }

    /** How many bits of the hash are zero of the keys of the sample. */
    int bits() {
        return bits;
    }

    /** The sample's share of all keys. */
    double share() {
        return 1.0 / (1L << bits);
    }

    boolean has(long hash) {
        return AccessSampler.isKept(hash, bits);
    }

    /** What is counted of a region; null if it is not. */
    @Nullable RegionTally tally(int region) {
        RegionTally tally = tallies.get(region);
        if (tally == null && tallies.size() < REGIONS_MAX) {
            tally = new RegionTally();
            tallies.put(region, tally);
        }
        return tally;
    }

    Int2ObjectHashMap<RegionTally> tallies() {
        return tallies;
    }

    /** Something happened to a key of the sample. */
    void accept(Sample sample, int region, long nowMillis) {
        long hash = sample.hash();
        switch (sample.kind()) {
            case HIT -> hit(sample, region);
            case MISS -> miss(hash, region, nowMillis);
            case NEW -> write(sample, region, false);
            case OVERWRITE -> write(sample, region, true);
            case EVICTED -> {
                int slot = keys.find(hash);
                if (slot != SampledKeys.NONE) {
                    keys.isGone(slot);
                }
            }
            case EXPIRED -> {
                int slot = keys.find(hash);
                if (slot != SampledKeys.NONE && !keys.isExpired(slot)) {
                    expire(slot);
                }
            }
            case DELETED, CLEARED -> {
                int slot = keys.find(hash);
                if (slot != SampledKeys.NONE) {
                    forget(slot);
                }
            }
        }
    }

    private void hit(Sample sample, int region) {
        int slot = place(sample, region);
        int bytes = sample.itemBytes();
        if (slot != SampledKeys.NONE) {
            keys.isThere(slot, bytes, sample.expiryMillis());
            bytes = keys.itemBytes(slot);
        }
        count(sample.hash(), bytes, region);
    }

    private void miss(long hash, int region, long nowMillis) {
        int slot = keys.find(hash);
        if (slot != SampledKeys.NONE) {
            if (keys.isDue(slot, nowMillis)) {
                expire(slot);
            }
            if (keys.isExpired(slot)) {
                RegionTally tally = tally(region);
                if (tally != null) {
                    tally.addLate(nowMillis - keys.expiryMillis(slot));
                }
                keys.isOver(slot);
            }
            keys.isGone(slot);
        }
        count(hash, 0, region);
    }

    private void count(long hash, int bytes, int region) {
        if (miniatures != null) {
            int missed = miniatures.read(hash, bytes);
            reads.addSample(missed);
            RegionTally tally = tally(region);
            if (tally != null) {
                tally.reads.addSample(missed);
            }
        }
    }

    private void write(Sample sample, int region, boolean isOverwrite) {
        int slot = place(sample, region);
        if (slot != SampledKeys.NONE) {
            keys.isThere(slot, sample.itemBytes(), sample.expiryMillis());
        }
        if (miniatures != null) {
            miniatures.write(sample.hash(), sample.itemBytes(), isOverwrite);
        }
    }

    private int place(Sample sample, int region) {
        int slot = keys.find(sample.hash());
        if (slot == SampledKeys.NONE && !keys.isFull()) {
            slot = keys.add(sample.hash(), sample.space(), sample.prefixHash(region));
        }
        return slot;
    }

    private void expire(int slot) {
        if (miniatures != null) {
            miniatures.remove(keys.hash(slot));
        }
        keys.hasExpired(slot);
    }

    private void forget(int slot) {
        if (miniatures != null) {
            miniatures.remove(keys.hash(slot));
        }
        keys.remove(slot);
    }

    /** Looks at some keys more, round and round: whose time is over, and who is of no use. */
    void sweep(int slots, long nowMillis) {
        for (int looks = 0; looks < slots; looks++) {
            if (keys.isUsed(sweepSlot) && !regions.isLive(keys.space(sweepSlot), ABSENT)) {
                forget(sweepSlot);
            } else if (keys.isDue(sweepSlot, nowMillis)) {
                expire(sweepSlot);
            } else if (isUseless(sweepSlot, nowMillis)) {
                keys.remove(sweepSlot);
            }
            sweepSlot = sweepSlot + 1 == keys.slots() ? 0 : sweepSlot + 1;
        }
    }

    private boolean isUseless(int slot, long nowMillis) {
        if (!keys.isUsed(slot) || keys.isResident(slot)) {
            return false;
        }
        return keys.isExpired(slot)
                ? nowMillis - keys.expiryMillis(slot) > EXPIRED_MILLIS_MAX
                : miniatures == null || !miniatures.holds(keys.hash(slot));
    }

    /** Whether there are as many keys as there is place for. */
    boolean isCrowded() {
        return keys.isFull() || (miniatures != null && miniatures.isCrowded());
    }

    /** Halves the sample. */
    void thin() {
        bits++;
        keys.retain(slot -> has(keys.hash(slot)));
        resize(this::has);
    }

    /**
     * The store has another size.
     *
     * @param newItemBytes of the items that it holds when it is full
     * @param newMemoryBytes of its memory
     */
    void resize(double newItemBytes, double newMemoryBytes) {
        itemBytes = newItemBytes;
        memoryBytes = newMemoryBytes;
        resize(hash -> true);
    }

    private void resize(LongPredicate retained) {
        if (miniatures != null) {
            miniatures.capacity(itemBytes * share(), memoryBytes * share(), retained);
        }
    }

    /** What has come since the last time was only this part of what had happened to the keys. */
    void fold(double delivered) {
        double weight = 1 / (share() * delivered);
        reads.fold(weight);
        for (RegionTally tally : tallies.values()) {
            tally.reads.fold(weight);
        }
    }

    /** Lets what came before count half as much. */
    void halve() {
        reads.halve();
        tallies.values().forEach(RegionTally::halve);
    }

    /** Counts anew. */
    void clear() {
        reads.clear();
        tallies.values().forEach(RegionTally::clear);
    }

    /** Bytes of the items that the store has of the sample, by the hashes of their prefixes. */
    Long2LongHashMap bytesByPrefix() {
        Long2LongHashMap bytes = new Long2LongHashMap(0);
        for (int slot = 0; slot < keys.slots(); slot++) {
            if (keys.isResident(slot)) {
                long prefix = keys.prefixHash(slot);
                bytes.put(prefix, bytes.get(prefix) + keys.itemBytes(slot));
            }
        }
        return bytes;
    }
}

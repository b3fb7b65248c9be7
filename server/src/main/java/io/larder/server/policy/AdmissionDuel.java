package io.larder.server.policy;

import java.util.Arrays;

/**
 * Chooses a store's admission mode by trying all: miniature caches, one under each mode, are shown
 * the same sample of the accesses, and a mode that hits clearly more often than the present one
 * replaces it.
 *
 * <p>{@link #access} is for one thread at a time; {@link #mode} and {@link #samples} for any.
 */
public final class AdmissionDuel {
    /*
     * Sampling is by hash: a key is in the sample always or never, so a cache of 1/n of the bytes
     * that sees 1/n of the keys hits about as often as the whole. The sample starts with every
     * key; whenever a miniature holds as many items as it has room for, the sample is halved, and
     * it is doubled again when they have become few. So nobody needs to guess an item's size, and
     * a small cache is tried out whole.
     *
     * Only accesses on which two miniatures disagree say anything. If neither mode were better, n
     * disagreements would differ by about sqrt(n) (McNemar's test); a challenger must lead by some
     * times that, and by enough hits to be worth a change. Every so often all counts are halved,
     * so that the past fades.
     *
     * Each change doubles the lead the next one takes, which falls back slowly: a workload whose
     * phases favour one mode after the other, faster than the cache can follow, soon settles.
     *
     * Reference: Cache Modeling and Optimization using Miniature Simulations,
     * https://www.usenix.org/conference/atc17/technical-sessions/presentation/waldspurger
     */
    private static final AdmissionMode[] MODES = AdmissionMode.values();
    private static final int SHIFT_MAX = 32;
    private static final long SPREAD = 0xD6E8FEB86659FD93L;

    /** The least lead, as a share of the items a miniature holds. */
    private static final double LEAD_SHARE_MIN = 0.02;

    private static final double CAUTION_MAX = 64;
    private static final double CAUTION_KEPT = 0.9;

    /** A window, after which counts are halved, is this many accesses for each item held. */
    private static final int WINDOW_ACCESSES_PER_ITEM = 4;

    private static final int WINDOW_ITEMS_MIN = 64;
    private static final int PERIOD_ACCESSES_PER_ITEM = 10;

    private final long capacityBytes;
    private final int itemsMax;
    private final MiniCache[] caches = new MiniCache[MODES.length];
    private final FrequencySketch sketch;

    /** Hits of a mode's miniature that the present mode's missed; and the other way round. */
    private final long[] won = new long[MODES.length];

    private final long[] lost = new long[MODES.length];
    private int present;
    private long windowAccesses;
    private double caution = 1;

    // Written by access; read by any thread, late at worst.
    private volatile int shift;
    private volatile AdmissionMode mode = MODES[present];

    /**
     * @param capacityBytes of the store's items
     * @param itemsMax how many items a miniature has room for
     */
    AdmissionDuel(long capacityBytes, int itemsMax) {
        this.capacityBytes = capacityBytes;
        this.itemsMax = itemsMax;
        this.sketch =
                new FrequencySketch(4L * itemsMax, (long) PERIOD_ACCESSES_PER_ITEM * itemsMax);
        for (int index = 0; index < MODES.length; index++) {
            AdmissionMode each = MODES[index];
            S3FifoPolicy policy = new S3FifoPolicy(new GhostTable(itemsMax), sketch, () -> each);
            caches[index] = new MiniCache(policy, itemsMax, capacityBytes);
        }
    }

    /** The mode to follow. */
    public AdmissionMode mode() {
        return mode;
    }

    /** Whether accesses to this key are of the sample. */
    public boolean samples(long hash) {
        return ((hash * SPREAD) >>> 1) >>> (63 - shift) == 0;
    }

    /** Takes note of a hit or an insert, if it is of the sample. */
    public void access(long hash, int itemBytes) {
        if (!samples(hash)) {
            return;
        }
        sketch.increment(hash);
        boolean hit = caches[present].access(hash, itemBytes);
        int best = present;
        for (int other = 0; other < MODES.length; other++) {
            if (other != present && caches[other].access(hash, itemBytes) != hit) {
                (hit ? lost : won)[other]++;
                if (leads(other) && (best == present || lead(other) > lead(best))) {
                    best = other;
                }
            }
        }
        if (best != present) {
            change(best);
        }
        fade();
        resample();
    }

    private long lead(int other) {
        return won[other] - lost[other];
    }

    private boolean leads(int other) {
        long lead = lead(other);
        double deviation = Math.sqrt((double) (won[other] + lost[other]));
        double worthwhile = LEAD_SHARE_MIN * caution * caches[present].count();
        return lead > MODES[other].sigmas() * deviation && lead > worthwhile;
    }

    private void change(int better) {
        present = better;
        mode = MODES[better];
        Arrays.fill(won, 0);
        Arrays.fill(lost, 0);
        windowAccesses = 0;
        caution = Math.min(CAUTION_MAX, caution * 2);
    }

    private void fade() {
        int items = Math.max(WINDOW_ITEMS_MIN, caches[present].count());
        if (++windowAccesses < (long) WINDOW_ACCESSES_PER_ITEM * items) {
            return;
        }
        windowAccesses = 0;
        for (int other = 0; other < MODES.length; other++) {
            won[other] /= 2;
            lost[other] /= 2;
        }
        caution = Math.max(1, caution * CAUTION_KEPT);
        sketch.period((long) PERIOD_ACCESSES_PER_ITEM * items);
    }

    private void resample() {
        int most = 0;
        boolean full = true;
        for (MiniCache cache : caches) {
            most = Math.max(most, cache.count());
            full &= cache.isFull();
        }
        if (most == itemsMax && shift < SHIFT_MAX) {
            resample(shift + 1);
        } else if (most < itemsMax / 8 && full && shift > 0) {
            resample(shift - 1);
        }
    }

    private void resample(int newShift) {
        shift = newShift;
        for (MiniCache cache : caches) {
            cache.capacity(capacityBytes >> newShift, this::samples);
        }
    }

    /** How many items the store holds when it is full, by the sample; 0 while that is not known. */
    long itemsEstimated() {
        MiniCache cache = caches[present];
        return cache.isFull() ? (long) cache.count() << shift : 0;
    }

    /** Bytes on the heap, roughly. */
    long memoryBytes() {
        return caches.length * (caches[0].memoryBytes() + (long) itemsMax * Short.BYTES)
                + sketch.memoryBytes();
    }
}

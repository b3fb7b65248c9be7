package io.larder.server.policy;

import java.util.Arrays;
import java.util.function.LongPredicate;

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
     * Only accesses on which two miniatures disagree say anything. A challenger's lead counts from
     * when it last had none (a cumulative sum, Page's test): so a small and steady one adds up
     * however long it takes, and what came before does not hold back a mode whose time begins. If
     * neither mode were better, n disagreements would differ by about sqrt(n) (McNemar's test); a
     * challenger must lead by some times that.
     *
     * It must also be worth the change. The store does not turn into the challenger's miniature: it
     * misses what that one kept and the present one did not, and reads each of it anew. So the lead
     * must reach a share of those items that the challenger has in MAIN and the present mode has
     * not at all; what is on probation would hardly be missed. Early on there are few, and the
     * first change is quick; where modes keep different halves of a loop there are many, and
     * phases that favour one after the other do not pay for a change each.
     *
     * Each change multiplies the lead the next one takes, which falls back slowly: a workload whose
     * phases are just long enough to earn a change soon settles.
     *
     * Reference: Cache Modeling and Optimization using Miniature Simulations,
     * https://www.usenix.org/conference/atc17/technical-sessions/presentation/waldspurger;
     * Continuous inspection schemes, https://doi.org/10.1093/biomet/41.1-2.100
     */
    private static final AdmissionMode[] MODES = AdmissionMode.values();
    private static final int SHIFT_MAX = 32;
    private static final long SPREAD = 0xD6E8FEB86659FD93L;

    /** The least lead, in hits, and as a share of the items a miniature holds. */
    private static final int LEAD_MIN = 16;

    private static final double LEAD_SHARE_MIN = 0.02;

    /** The least lead, as a share of the items that a change would have to read anew. */
    private static final double ANEW_SHARE_MIN = 0.2;

    /** By how much a lead must have grown before these items are counted again. */
    private static final double RECOUNT_GROWTH = 1.05;

    private static final double CAUTION_PER_CHANGE = 4;
    private static final double CAUTION_MAX = 64;
    private static final double CAUTION_KEPT = 0.98;

    /** A window, after which caution falls, is this many accesses for each item held. */
    private static final int WINDOW_ACCESSES_PER_ITEM = 4;

    private static final int WINDOW_ITEMS_MIN = 64;

    private long capacityBytes;
    private final int itemsMax;
    private final MiniCache[] caches = new MiniCache[MODES.length];

    /** Hits of a mode's miniature over the present mode's, since there last were none. */
    private final long[] lead = new long[MODES.length];

    /** Accesses in that time which one of both hit and the other missed. */
    private final long[] disagreements = new long[MODES.length];

    /** The lead from which on it is worth counting anew what a change would cost. */
    private final double[] recountAt = new double[MODES.length];

    private int present;
    private long windowAccesses;
    private double caution = 1;

    // Written by access; read by any thread, late at worst.
    private volatile int shift;
    private volatile AdmissionMode mode = MODES[present];

    /**
     * @param capacityBytes of the store's items
     * @param itemsMax how many items a miniature has room for
     * @param sketch the store's, so that a miniature errs as often as the store would; told of each
     *     access by the caller, before {@link #access}
     */
    AdmissionDuel(long capacityBytes, int itemsMax, FrequencySketch sketch) {
        this.capacityBytes = capacityBytes;
        this.itemsMax = itemsMax;
        for (int index = 0; index < MODES.length; index++) {
            AdmissionMode each = MODES[index];
            S3FifoPolicy policy = new S3FifoPolicy(new GhostTable(itemsMax), sketch, () -> each);
            caches[index] = new MiniCache(policy, itemsMax, capacityBytes);
        }
    }

    /** The store has got another capacity, and keys of which {@code retained} says no are gone. */
    void capacity(long bytes, LongPredicate retained) {
        capacityBytes = bytes;
        for (MiniCache cache : caches) {
            cache.capacity(bytes >> shift, retained);
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
        boolean hit = caches[present].access(hash, itemBytes);
        int best = present;
        for (int other = 0; other < MODES.length; other++) {
            if (other != present && caches[other].access(hash, itemBytes) != hit) {
                count(other, !hit);
                if (isWorthwhile(other) && (best == present || lead[other] > lead[best])) {
                    best = other;
                }
            }
        }
        if (best != present) {
            change(best);
        }
        passWindow();
        resample();
    }

    private void count(int other, boolean won) {
        if (won) {
            lead[other]++;
            disagreements[other]++;
        } else if (lead[other] > 1) {
            lead[other]--;
            disagreements[other]++;
        } else {
            lead[other] = 0;
            disagreements[other] = 0;
            recountAt[other] = 0;
        }
    }

    private boolean isWorthwhile(int other) {
        double deviation = Math.sqrt((double) disagreements[other]);
        double least = Math.max(LEAD_MIN, LEAD_SHARE_MIN * caution * caches[present].count());
        if (lead[other] < recountAt[other]
                || lead[other] <= least
                || lead[other] <= MODES[other].sigmas() * deviation) {
            return false;
        }
        recountAt[other] = lead[other] * RECOUNT_GROWTH;
        int anew = caches[other].provenMissingFrom(caches[present]);
        return lead[other] > ANEW_SHARE_MIN * caution * anew;
    }

    private void change(int better) {
        present = better;
        mode = MODES[better];
        Arrays.fill(lead, 0);
        Arrays.fill(disagreements, 0);
        Arrays.fill(recountAt, 0);
        windowAccesses = 0;
        caution = Math.min(CAUTION_MAX, caution * CAUTION_PER_CHANGE);
    }

    private void passWindow() {
        int items = Math.max(WINDOW_ITEMS_MIN, caches[present].count());
        if (++windowAccesses < (long) WINDOW_ACCESSES_PER_ITEM * items) {
            return;
        }
        windowAccesses = 0;
        Arrays.fill(recountAt, 0);
        caution = Math.max(1, caution * CAUTION_KEPT);
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
        return caches.length * (caches[0].memoryBytes() + (long) itemsMax * Short.BYTES);
    }
}

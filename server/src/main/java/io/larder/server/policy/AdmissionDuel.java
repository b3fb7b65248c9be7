package io.larder.server.policy;

/**
 * Chooses a store's admission mode by trying both: two miniature caches are shown the same sample
 * of the accesses, one under each mode, and the mode that hits clearly more often wins.
 *
 * <p>{@link #access} is for one thread at a time; {@link #mode} for any.
 */
public final class AdmissionDuel {
    /*
     * Sampling is by hash: a key is in the sample always or never, so a cache of 1/n of the bytes
     * that sees 1/n of the keys hits about as often as the whole. The sample starts with every
     * key; whenever a miniature holds as many items as there is room for, it is halved, and
     * doubled again when they have shrunk to an eighth. So nobody needs to guess an item's size,
     * and a small cache is tried out whole.
     *
     * Only accesses on which the miniatures disagree say anything. If neither mode were better,
     * n disagreements would differ by about sqrt(n) (McNemar's test); a challenger needs
     * SIGMAS times that. Both counts are halved every so often, so that the past fades.
     *
     * Reference: miniature simulations, https://www.usenix.org/conference/atc17/technical-sessions/presentation/waldspurger
     */
    private static final int SHIFT_MAX = 32;
    private static final int SIGMAS = 3;
    private static final long SPREAD = 0xD6E8FEB86659FD93L;

    private final long capacityBytes;
    private final int itemsMax;
    private final MiniCache fifo;
    private final MiniCache lfu;
    private final FrequencySketch lfuSketch;
    private int shift;
    private long seen;
    private long fifoOnly;
    private long lfuOnly;

    // Written by access; a mode read late is as good as one read early.
    private volatile AdmissionMode mode = AdmissionMode.S3_FIFO;

    /**
     * @param capacityBytes of the store's items
     * @param itemsMax how many items a miniature has room for
     */
    AdmissionDuel(long capacityBytes, int itemsMax) {
        this.capacityBytes = capacityBytes;
        this.itemsMax = itemsMax;
        FrequencySketch unused = new FrequencySketch(1, 1);
        this.lfuSketch = new FrequencySketch(4L * itemsMax, 10L * itemsMax);
        this.fifo =
                new MiniCache(
                        new S3FifoPolicy(
                                new GhostTable(itemsMax), unused, () -> AdmissionMode.S3_FIFO),
                        itemsMax,
                        capacityBytes);
        this.lfu =
                new MiniCache(
                        new S3FifoPolicy(
                                new GhostTable(itemsMax), lfuSketch, () -> AdmissionMode.TINY_LFU),
                        itemsMax,
                        capacityBytes);
    }

    /** Whether accesses to this key are of the sample. For any thread. */
    public boolean samples(long hash) {
        return ((hash * SPREAD) >>> 1) >>> (63 - shift) == 0;
    }

    /** Takes note of a hit or an insert, if it is of the sample. */
    public void access(long hash, int itemBytes) {
        if (!samples(hash)) {
            return;
        }
        lfuSketch.increment(hash);
        boolean fifoHit = fifo.access(hash, itemBytes);
        boolean lfuHit = lfu.access(hash, itemBytes);
        if (fifoHit != lfuHit) {
            if (fifoHit) {
                fifoOnly++;
            } else {
                lfuOnly++;
            }
            decide();
        }
        if (++seen >= 4L * Math.max(64, fifo.count())) {
            seen = 0;
            fifoOnly -= fifoOnly >> 1;
            lfuOnly -= lfuOnly >> 1;
            lfuSketch.period(10L * lfu.count());
        }
        resample();
    }

    private void decide() {
        long lead = lfuOnly - fifoOnly;
        if (lead * lead > SIGMAS * SIGMAS * (lfuOnly + fifoOnly)) {
            AdmissionMode better = lead > 0 ? AdmissionMode.TINY_LFU : AdmissionMode.S3_FIFO;
            if (better != mode) {
                mode = better;
            }
        }
    }

    private void resample() {
        int most = Math.max(fifo.count(), lfu.count());
        if (most >= itemsMax && shift < SHIFT_MAX) {
            shift++;
            fifo.capacity(capacityBytes >> shift, this::samples);
            lfu.capacity(capacityBytes >> shift, this::samples);
        }
    }

    /** The mode that does better. For any thread. */
    public AdmissionMode mode() {
        return mode;
    }

    /** How many items the whole store holds, by the sample. */
    long itemsEstimated() {
        return (long) lfu.count() << shift;
    }
}

package io.larder.server.policy;

import java.util.function.Supplier;

/**
 * Decides for one shard which queue a new item enters, which queue gives up its oldest item next,
 * and whether that item stays. The items themselves, their bytes and their two bits of frequency
 * are the caller's. For one thread at a time: the holder of the shard's lock.
 */
public final class S3FifoPolicy {
    /*
     *              not remembered                  freq >= 2, or won the duel
     *  new key ---------------------> SMALL  ----------------------------------> MAIN --+
     *      |                            |                                        |  ^   | freq > 0:
     *      |                            | else: out, remembered                  |  |   | freq - 1
     *      |                            v                                        |  +---+
     *      |                          ghost                                      v else: out
     *      +-- remembered: MAIN
     *
     * S3_FIFO is the published algorithm. TINY_LFU has a small queue of 1 %, whose leavers enter
     * MAIN only if the sketch has counted more accesses for them than for the next item MAIN would
     * give up; while MAIN has room, all of them do.
     *
     * References: FIFO queues are all you need for cache eviction,
     * https://dl.acm.org/doi/10.1145/3600006.3613147; TinyLFU,
     * https://dl.acm.org/doi/10.1145/3149371
     */

    /** The queue most new items enter. */
    public static final int SMALL = 0;

    /** The queue of the items that proved themselves. */
    public static final int MAIN = 1;

    /** A verdict: the item goes. */
    public static final int EVICT = 0;

    /** A verdict: the item is copied to the end of MAIN. */
    public static final int KEEP = 1;

    /** A verdict: the item is copied to the end of MAIN, and MAIN's victim goes in its stead. */
    public static final int KEEP_FOR_VICTIM = 2;

    private static final int PROMOTION_FREQ = 2;

    private final GhostTable ghost;
    private final FrequencySketch sketch;
    private final Supplier<AdmissionMode> mode;
    private boolean mainAtTarget;
    private long itemBytesMean;

    S3FifoPolicy(GhostTable ghost, FrequencySketch sketch, Supplier<AdmissionMode> mode) {
        this.ghost = ghost;
        this.sketch = sketch;
        this.mode = mode;
    }

    /**
     * The queue the item of a new key goes to. An overwrite is not asked about: it is a hit, and
     * goes to the queue of the item it replaces, with that one's frequency.
     */
    public int admit(long hash, int itemBytes) {
        itemBytesMean += (((long) itemBytes << 8) - itemBytesMean) >> 8;
        boolean remembered = ghost.remove(hash);
        return remembered && mode.get() == AdmissionMode.S3_FIFO ? MAIN : SMALL;
    }

    /**
     * The queue that gives up its oldest item next, never an empty one unless both are.
     *
     * @param smallBytes bytes of the small queue's items
     * @param mainBytes bytes of the main queue's items
     */
    public int source(long smallBytes, long mainBytes) {
        double share = mode.get().smallShare();
        long bytes = smallBytes + mainBytes;
        ghost.window((mainBytes << 8) / Math.max(1 << 8, itemBytesMean));
        mainAtTarget = mainBytes >= (long) (bytes * (1 - 2 * share));
        if (mainBytes == 0) {
            return SMALL;
        }
        return smallBytes > (long) (bytes * share) ? SMALL : MAIN;
    }

    /**
     * Whether {@link #judge} of an item of this queue, the one {@link #source} named last, wants to
     * know the victim: the next item of MAIN whose frequency is 0.
     */
    public boolean duels(int queue) {
        return queue == SMALL && mainAtTarget && mode.get() == AdmissionMode.TINY_LFU;
    }

    /**
     * The verdict on the oldest item of a queue.
     *
     * @param freq 0 to 3
     * @param victimHash the victim's hash if {@link #duels}, else anything
     * @return {@link #EVICT}, {@link #KEEP} or, if it duels, {@link #KEEP_FOR_VICTIM}
     */
    public int judge(int queue, long hash, int freq, int itemBytes, long victimHash) {
        if (queue == MAIN) {
            return freq > 0 ? KEEP : EVICT;
        }
        int verdict = judgeSmall(hash, freq, victimHash);
        if (verdict == EVICT) {
            ghost.add(hash);
        }
        return verdict;
    }

    private int judgeSmall(long hash, int freq, long victimHash) {
        if (mode.get() == AdmissionMode.S3_FIFO) {
            return freq >= PROMOTION_FREQ ? KEEP : EVICT;
        }
        if (!mainAtTarget) {
            return KEEP;
        }
        return sketch.frequency(hash) > sketch.frequency(victimHash) ? KEEP_FOR_VICTIM : EVICT;
    }

    /** The frequency a kept item starts its next round with. */
    public int freqAfter(int queue, int freq) {
        return queue == SMALL ? 0 : Math.max(0, freq - 1);
    }
}

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
     * MAIN only if the sketch has counted at least two accesses more for them than for the next
     * item MAIN would give up; while MAIN has room, all of them do. A lead of one is no lead: in a
     * loop, whatever was read last has it over whatever will be read next. In CLOCK new items enter
     * MAIN, and an item that was read goes round once, however often it was read.
     *
     * A small queue is no smaller than the segments it is made of, so MAIN may never reach the share
     * the mode leaves it. A small queue of a segment more than its share, and the one being filled,
     * is small enough. And if as many bytes as there are were kept without a duel, and MAIN still is
     * under its target, then what it has is its target: else nothing would ever go.
     *
     * The mode may change at any time. It is taken up by source, so that the questions about one
     * item are answered under one mode; the queues grow and shrink to the new mode's shares as
     * items come and go.
     *
     * A kept item is a copy in the log. Each round of MAIN was paid for by a read, but reads are
     * many and writes may be few: once MAIN has copied ROUNDS_PER_EVICTION bytes for each byte
     * evicted, what comes next goes, read or not.
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
    private static final int DUEL_LEAD = 2;
    private static final int ROUNDS_PER_EVICTION = 3;

    /** How many usual items' worth of copies may be saved up for a time of many reads. */
    private static final int COPY_CREDIT_ITEMS_MAX = 1024;

    private final GhostTable ghost;
    private final FrequencySketch sketch;
    private final Supplier<AdmissionMode> mode;
    private AdmissionMode current;
    private double mainTarget; // share of the bytes
    private boolean mainAtTarget;
    private boolean adopting;
    private long smallBytesBefore; // when source was last asked
    private long mainBytesBefore;
    private long grainBytes; // of what was last adopted at once
    private long unjudgedBytes; // kept without a duel since MAIN was last at its target
    private long itemBytesMean256; // in 1/256 bytes
    private long copyCreditBytes;

    S3FifoPolicy(GhostTable ghost, FrequencySketch sketch, Supplier<AdmissionMode> mode) {
        this.ghost = ghost;
        this.sketch = sketch;
        this.mode = mode;
        this.current = mode.get();
        this.mainTarget = 1 - 2 * current.smallShare();
    }

    /**
     * The queue the item of a new key goes to. An overwrite is not asked about: it is a hit, and
     * goes to the queue of the item it replaces, with that one's frequency.
     */
    public int admit(long hash, int itemBytes) {
        itemBytesMean256 =
                itemBytesMean256 == 0
                        ? (long) itemBytes << 8
                        : itemBytesMean256 + itemBytes - (itemBytesMean256 >> 8);
        boolean remembered = ghost.remove(hash);
        return switch (mode.get()) {
            case S3_FIFO -> remembered ? MAIN : SMALL;
            case TINY_LFU -> SMALL;
            case CLOCK -> MAIN;
        };
    }

    /**
     * The queue that gives up its oldest item next, never an empty one unless both are.
     *
     * @param smallBytes bytes of the small queue's items
     * @param mainBytes bytes of the main queue's items
     */
    public int source(long smallBytes, long mainBytes) {
        adopt(mode.get());
        double share = current.smallShare();
        long bytes = smallBytes + mainBytes;
        ghost.window((bytes << 8) / Math.max(1 << 8, itemBytesMean256));
        if (adopting) {
            grainBytes = Math.max(0, smallBytesBefore - smallBytes);
            unjudgedBytes += grainBytes;
            adopting = false;
        }
        if (unjudgedBytes > bytes) {
            mainTarget =
                    Math.min(mainTarget, (double) Math.min(mainBytes, mainBytesBefore) / bytes);
        }
        smallBytesBefore = smallBytes;
        mainBytesBefore = mainBytes;
        mainAtTarget =
                mainBytes > 0
                        && (mainBytes >= (long) (bytes * mainTarget)
                                || smallBytes <= (long) (bytes * share) + 2 * grainBytes);
        if (mainAtTarget) {
            unjudgedBytes = 0;
        }
        if (mainBytes == 0) {
            return SMALL;
        }
        return smallBytes > (long) (bytes * share) ? SMALL : MAIN;
    }

    private void adopt(AdmissionMode adopted) {
        if (adopted != current) {
            current = adopted;
            mainTarget = 1 - 2 * adopted.smallShare();
            unjudgedBytes = 0;
        }
    }

    /**
     * Whether every item of this queue, the one {@link #source} named last, would be kept: then
     * whole stretches of it may change to MAIN without being asked about.
     */
    public boolean adopts(int queue) {
        adopting = queue == SMALL && !mainAtTarget && current == AdmissionMode.TINY_LFU;
        return adopting;
    }

    /**
     * Whether {@link #judge} of an item of this queue, the one {@link #source} named last, wants to
     * know the victim: the next item of MAIN whose frequency is 0.
     */
    public boolean duels(int queue) {
        return queue == SMALL && mainAtTarget && current == AdmissionMode.TINY_LFU;
    }

    /**
     * The verdict on the oldest item of a queue.
     *
     * @param freq 0 to 3
     * @param victimHash the victim's hash if {@link #duels}, else anything
     * @return {@link #EVICT}, {@link #KEEP} or, if it duels, {@link #KEEP_FOR_VICTIM}
     */
    public int judge(int queue, long hash, int freq, int itemBytes, long victimHash) {
        int verdict =
                queue == MAIN ? judgeMain(freq) : judgeSmall(hash, freq, itemBytes, victimHash);
        if (queue == SMALL && verdict == EVICT) {
            ghost.add(hash);
        }
        if (queue == MAIN && verdict == KEEP) {
            copyCreditBytes -= itemBytes;
        } else if (verdict != KEEP) {
            long credit = copyCreditBytes + (long) ROUNDS_PER_EVICTION * itemBytes;
            copyCreditBytes = Math.min(credit, COPY_CREDIT_ITEMS_MAX * (itemBytesMean256 >> 8));
        }
        return verdict;
    }

    private int judgeMain(int freq) {
        return freq > 0 && copyCreditBytes > 0 ? KEEP : EVICT;
    }

    private int judgeSmall(long hash, int freq, int itemBytes, long victimHash) {
        return switch (current) {
            case S3_FIFO -> freq >= PROMOTION_FREQ ? KEEP : EVICT;
            case TINY_LFU -> mainAtTarget ? duel(hash, victimHash) : keepUnjudged(itemBytes);
            case CLOCK -> freq > 0 ? KEEP : EVICT;
        };
    }

    private int keepUnjudged(int itemBytes) {
        unjudgedBytes += itemBytes;
        return KEEP;
    }

    private int duel(long hash, long victimHash) {
        int lead = sketch.frequency(hash) - sketch.frequency(victimHash);
        return lead >= DUEL_LEAD ? KEEP_FOR_VICTIM : EVICT;
    }

    /** The frequency a kept item starts its next round with. */
    public int freqAfter(int queue, int freq) {
        return queue == SMALL || current == AdmissionMode.CLOCK ? 0 : Math.max(0, freq - 1);
    }

    /** Bytes on the heap of what is this policy's alone. */
    long memoryBytes() {
        return ghost.memoryBytes();
    }
}

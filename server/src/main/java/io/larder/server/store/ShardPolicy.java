package io.larder.server.store;

/**
 * What a shard asks when an item comes and when one might have to go. One per shard; called under
 * its lock: computes, never blocks, never throws.
 *
 * <p>A shard has two queues, {@link #SMALL} and {@link #MAIN}. New items are appended to one of
 * them, the oldest of one of them is asked about when room is needed, and what is kept is copied to
 * the end of MAIN.
 */
public interface ShardPolicy {
    /** The queue on probation. */
    int SMALL = Stream.SMALL;

    /** The queue of what has earned its place. */
    int MAIN = Stream.MAIN;

    /** A verdict: the item goes. */
    int EVICT = 0;

    /** A verdict: the item is copied to the end of MAIN. */
    int KEEP = 1;

    /** A verdict: the item is copied to the end of MAIN, and MAIN's next victim goes instead. */
    int KEEP_FOR_VICTIM = 2;

    /** The queue for the item of a new key. */
    int admit(long hash, int itemBytes);

    /** The queue that gives up its oldest item next, given the live bytes of both. */
    int source(long smallBytes, long mainBytes);

    /**
     * Whether the oldest segment of {@code queue}, which {@link #source} has just named, becomes
     * part of MAIN as it is: all of its items would be kept.
     */
    default boolean adopts(int queue) {
        return false;
    }

    /** Whether {@link #judge} of an item of {@code queue} wants to know MAIN's next victim. */
    boolean duels(int queue);

    /**
     * What becomes of the oldest item of {@code queue}.
     *
     * @param freq how often it was used since it was written or last copied, 0..3
     * @param victimHash the hash of MAIN's oldest item of freq 0, where a duel was wanted
     */
    int judge(int queue, long hash, int freq, int itemBytes, long victimHash);

    /**
     * Whether to free a segment by copying what lives in the most dead one, instead of evicting.
     *
     * @param liveBytes bytes that would be copied, of {@code segmentBytes}
     * @param deadBytes what is dead in the whole shard
     * @param copyCredit bytes that may be copied before more than two were copied per byte written
     */
    boolean compacts(long liveBytes, long segmentBytes, long deadBytes, long copyCredit);

    /** Whether, when memory is short, an overwrite may go where an item as long has died. */
    default boolean fillsHoles() {
        return true;
    }

    /** The freq that an item of {@code queue} goes on with after it was kept. */
    int freqAfter(int queue, int freq);
}

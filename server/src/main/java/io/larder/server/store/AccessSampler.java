package io.larder.server.store;

import io.larder.server.memory.Slice;

/**
 * Told of a sample of what is asked of a store, and of the ends of its items: of the accesses to
 * some keys, always the same, and of the accesses to whichever keys it is the turn of. What is not
 * of the sample costs its thread a load and two comparisons.
 *
 * <p>{@link #wants} is for any thread; the others are called by whoever did what they tell, some of
 * them under the shard's lock: they compute and write down, never block, never throw.
 */
/*
 * One hash, spread, against two masks:
 *
 *     spread, 20 bits of it      kept:    spread & keptMask == 0             the same keys each time
 *                                passing: (spread ^ turn) & passingMask == 0 others with every turn
 *
 * By keys (spatial sampling): the keys kept are a small store's keys, whose fate can be played out at
 * any size. By turns: over some thousand turns each key is listened to for the same share of the
 * time, so what is counted says how often each is used, which a fixed sample cannot: it has the
 * hottest key or has it not.
 *
 * Masks and turn change together, as one word.
 */
public abstract class AccessSampler {
    /** Bits of a mask: at the least one key in a million is kept. */
    public static final int BITS = 20;

    /** Samples nothing. */
    public static final AccessSampler NONE =
            new AccessSampler() {
                @Override
                public void read(Key key, boolean isHit, int itemBytes, long expiryMillis) {}

                @Override
                public void stored(Key key, boolean isNew, int itemBytes, long expiryMillis) {}

                @Override
                protected void removed(RemovalCause cause, int space, long hash, Slice key) {}
            };

    private static final long SPREAD = 0xC2B2AE3D27D4EB4FL;
    private static final int MASK = (1 << BITS) - 1;
    private static final long NOTHING = word(MASK, MASK, 0);

    private volatile long rates = NOTHING;

    /**
     * Has the keys of which {@code keptBits} bits are zero kept, and listens besides to one in
     * {@code 1 << passingBits} of all keys by turns.
     *
     * @param keptBits 0 to {@link #BITS}
     * @param passingBits 0 to {@link #BITS}
     * @param turn whose turn it is, any number
     */
    protected final void rates(int keptBits, int passingBits, int turn) {
        rates = word(mask(keptBits), mask(passingBits), turn & MASK);
    }

    private static int mask(int bits) {
        return (1 << bits) - 1;
    }

    private static long word(int keptMask, int passingMask, int turn) {
        return (long) keptMask | (long) passingMask << BITS | (long) turn << (2 * BITS);
    }

    private static int spread(long hash) {
        return (int) ((hash * SPREAD) >>> (Long.SIZE - BITS));
    }

    /** Whether the others are to be called for this key. Locking: none. */
    public final boolean wants(long hash) {
        long present = rates;
        return isKept(hash, present) || isPassing(hash, present);
    }

    private static boolean isKept(long hash, long present) {
        return (spread(hash) & (int) present & MASK) == 0;
    }

    private static boolean isPassing(long hash, long present) {
        int turn = (int) (present >>> (2 * BITS));
        return ((spread(hash) ^ turn) & (int) (present >>> BITS) & MASK) == 0;
    }

    /** Whether a key with this hash is kept where {@code keptBits} are zero. */
    public static boolean isKept(long hash, int keptBits) {
        return (spread(hash) & mask(keptBits)) == 0;
    }

    /** In how many bits a key must agree to be listened to now; -1 if this one does not. */
    protected final int passingBits(long hash) {
        long present = rates;
        return isPassing(hash, present) ? Integer.bitCount((int) (present >>> BITS) & MASK) : -1;
    }

    /**
     * A key was asked for, and perhaps given another expiry.
     *
     * @param itemBytes of what was found, 0 if that is not known
     * @param expiryMillis of what was found
     */
    public abstract void read(Key key, boolean isHit, int itemBytes, long expiryMillis);

    /**
     * A value was stored. Under the shard's lock.
     *
     * @param isNew whether the key was absent before
     */
    public abstract void stored(Key key, boolean isNew, int itemBytes, long expiryMillis);

    /**
     * An item is about to go, but not for a newer one. Under the shard's lock.
     *
     * @param key of the item, valid during the call
     */
    protected abstract void removed(RemovalCause cause, int space, long hash, Slice key);
}

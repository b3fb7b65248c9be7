package io.larder.server.store;

/**
 * One word of a bucket: where an item lies, and enough about it that most other keys are told apart
 * without looking there. Stateless; the only class that knows the bits.
 */
final class Slot {
    /*
     *   63          46 45  44 43          40 39  38 37                       0
     *  +--------------+------+--------------+------+--------------------------+
     *  |  tag 18      | freq | generation 4 | kind |  item offset 38 (words)  |
     *  +--------------+------+--------------+------+--------------------------+
     *
     * kind is never 0 in a slot that is in use, so an all-zero slot is an empty one. The hash's
     * bits are used once each: shard 63..56, tag 55..38, bucket 37..0.
     */
    static final long EMPTY = 0;
    static final int KIND_ITEM = 1;
    static final int KIND_TOMBSTONE = 2;

    static final int TAG_BITS = 18;
    static final int TAG_MAX = (1 << TAG_BITS) - 1;
    static final int FREQ_MAX = 3;
    static final long FREQ_ONE = 1L << 44;
    static final long FREQ_MASK = 3L << 44;

    private static final long OFFSET_MASK = (1L << 38) - 1;
    private static final int TAG_SHIFT = Long.SIZE - TAG_BITS;
    private static final long TAG_MASK = -1L << TAG_SHIFT;

    private Slot() {}

    static long of(long hash, int kind, long generation, long position) {
        return tagBits(hash) | (generation & 0xF) << 40 | (long) kind << 38 | position >>> 3;
    }

    /** Tag of a hash, in the place it has in a slot. */
    static long tagBits(long hash) {
        return hash << 8 & TAG_MASK;
    }

    /** The tag of a slot that is in use. */
    static int tag(long slot) {
        return (int) (slot >>> TAG_SHIFT);
    }

    static boolean mayHold(long slot, long tagBits) {
        return (slot & TAG_MASK) == tagBits && slot != EMPTY;
    }

    static long position(long slot) {
        return (slot & OFFSET_MASK) << 3;
    }

    static int kind(long slot) {
        return (int) (slot >>> 38) & 3;
    }

    static int freq(long slot) {
        return (int) (slot >>> 44) & FREQ_MAX;
    }

    static long withFreq(long slot, int freq) {
        return (slot & ~FREQ_MASK) | (long) freq << 44;
    }

    /** Whether two slots say the same but for the frequency. */
    static boolean sameItem(long slot, long other) {
        return ((slot ^ other) & ~FREQ_MASK) == 0;
    }
}

package io.larder.server.policy;

/**
 * Estimates how often a key was accessed lately, up to 15: a count-min sketch of 4-bit counters in
 * blocks of one cache line, with the halving of TinyLFU.
 *
 * <p>Any thread may call anything, unguarded: two threads that raise a counter of one word at once
 * may count one of the accesses, or halve a block once instead of twice. Either costs accuracy
 * only, which a sketch does not promise. Nothing is allocated after construction.
 */
final class FrequencySketch {
    /*
     * A block is 8 words, 64 bytes: 128 counters, of which a key has four, one in each pair of
     * words. Only the least of the four is raised (conservative update): the others are too high
     * already.
     *
     * After every period of accesses all counters are halved, without a pass over them: a period
     * has a number, counter 0 of a block holds (mod 16) the one in which the block was last
     * raised, and whoever meets an older number shifts by the difference. A block left alone for 16
     * periods halves too little; the next access but one makes up for it.
     *
     * Reference: TinyLFU, https://dl.acm.org/doi/10.1145/3149371
     */
    static final int COUNT_MAX = 15;
    private static final int BLOCK_WORDS = 8;
    private static final int COUNTERS_PER_BLOCK = 128;
    private static final int ROWS = 4;
    private static final int PERIOD_MASK = 15;
    private static final long HALVED_ONCE = 0x7777777777777777L;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final long[] table;
    private final int blocks;
    private long periodAccesses;
    private long accesses;
    private int period;

    /**
     * @param counterCount how many counters, at least; {@value #COUNTERS_PER_BLOCK} share a block
     * @param periodAccesses after how many accesses all counters are halved
     */
    FrequencySketch(long counterCount, long periodAccesses) {
        long wanted = (counterCount + COUNTERS_PER_BLOCK - 1) / COUNTERS_PER_BLOCK;
        this.blocks = (int) Math.max(1, Math.min(wanted, Integer.MAX_VALUE / BLOCK_WORDS - 1));
        this.table = new long[blocks * BLOCK_WORDS];
        period(periodAccesses);
    }

    /** Halves all counters after every so many accesses from now on. */
    void period(long accessCount) {
        periodAccesses = Math.max(1, accessCount);
    }

    /** Counts an access to a key. */
    void increment(long hash) {
        int base = baseOf(hash);
        long spread = hash * SPREAD;
        int behind = period - (int) table[base] & PERIOD_MASK;
        if (behind != 0) {
            age(base, behind);
        }
        int least = least(base, spread, 0);
        if (least < COUNT_MAX) {
            for (int row = 0; row < ROWS; row++) {
                int counter = counterOf(row, spread);
                int at = base + (counter >>> 4);
                if (count(at, counter) == least) {
                    table[at] += 1L << ((counter & 15) << 2);
                }
            }
        }
        if (++accesses >= periodAccesses) {
            accesses = 0;
            period = period + 1 & PERIOD_MASK;
        }
    }

    /** How often a key was accessed, 0 to {@value #COUNT_MAX}, seldom less than the truth. */
    int frequency(long hash) {
        int base = baseOf(hash);
        return least(base, hash * SPREAD, period - (int) table[base] & PERIOD_MASK);
    }

    private void age(int base, int behind) {
        for (int at = base; at < base + BLOCK_WORDS; at++) {
            long word = table[at];
            for (int halving = Math.min(behind, ROWS); halving > 0; halving--) {
                word = word >>> 1 & HALVED_ONCE;
            }
            table[at] = word;
        }
        table[base] = (table[base] & ~(long) PERIOD_MASK) | (period & PERIOD_MASK);
    }

    private int least(int base, long spread, int behind) {
        int least = COUNT_MAX;
        for (int row = 0; row < ROWS; row++) {
            int counter = counterOf(row, spread);
            least = Math.min(least, count(base + (counter >>> 4), counter));
        }
        return least >>> behind;
    }

    private int count(int at, int counter) {
        return (int) (table[at] >>> ((counter & 15) << 2)) & COUNT_MAX;
    }

    private int baseOf(long hash) {
        return (int) (((hash & 0xFFFFFFFFL) * blocks) >>> 32) * BLOCK_WORDS;
    }

    /** The key's counter in a row, 1 to 127: counter 0 of the block holds its period. */
    private static int counterOf(int row, long spread) {
        int counter = row << 5 | ((int) (spread >>> (64 - 5 * (row + 1))) & 31);
        return counter == 0 ? 31 : counter;
    }

    /** Bytes on the heap. */
    long memoryBytes() {
        return (long) table.length * Long.BYTES;
    }
}

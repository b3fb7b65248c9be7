package io.larder.bench.soak;

/**
 * How long values are: mixed, or alike and changing with the third of the run. Any thread may ask;
 * one sets the phase.
 */
final class SoakSizes {
    static final int PHASES = 3;

    private static final int MIXED_MIN = 24;
    private static final int MIXED_MAX = 16 << 10;
    private static final int[] SHIFTED = {100, 10 << 10, 100};

    /** Header, key and share of the index. */
    private static final int OVERHEAD_BYTES = 48;

    private final boolean shift;
    private volatile int phase;

    SoakSizes(boolean shift) {
        this.shift = shift;
    }

    void setPhase(int phase) {
        this.phase = phase;
    }

    static int max() {
        return MIXED_MAX;
    }

    /** As many keys as it takes to fill a budget four times. */
    int keysToFill(long memoryBytes) {
        double mean = (MIXED_MAX - MIXED_MIN) / Math.log((double) MIXED_MAX / MIXED_MIN);
        double item = OVERHEAD_BYTES + (shift ? SHIFTED[0] : mean);
        return (int) Math.min(Integer.MAX_VALUE >> 4, 4 * memoryBytes / item);
    }

    /** The next value's, from 31 random bits; mixed ones as many from each power of two. */
    int length(int random) {
        if (shift) {
            return SHIFTED[phase];
        }
        double share = random / (double) Integer.MAX_VALUE;
        return (int) (MIXED_MIN * Math.pow((double) MIXED_MAX / MIXED_MIN, share));
    }
}

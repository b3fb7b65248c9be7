package io.larder.bench.soak;

/**
 * How long values are that are mixed: 16 B to 1 MiB, as many from each power of two, but for one
 * half of the run mostly short ones and for the other mostly long ones. Any thread may ask; one
 * shifts.
 */
final class MixedSizes {
    static final int BYTES_MIN = SoakValue.BYTES_MIN;
    static final int BYTES_MAX = 1 << 20;

    /** Where most values end at first, and begin later. */
    private static final int MIDDLE_BYTES = 16 << 10;

    /** One value in so many is of any length. */
    private static final int ANY_ONE_IN = 8;

    private volatile boolean isShifted;

    void shift() {
        isShifted = true;
    }

    /** As many keys as it takes to fill a budget four times before the shift, and more after it. */
    static int keysToFill(long memoryBytes) {
        double most = mean(BYTES_MIN, MIDDLE_BYTES);
        double mean = most + (mean(BYTES_MIN, BYTES_MAX) - most) / ANY_ONE_IN;
        return (int) Math.min(Integer.MAX_VALUE >> 4, 4 * memoryBytes / mean);
    }

    /** Of lengths of which as many are from each power of two. */
    private static double mean(double min, double max) {
        return (max - min) / Math.log(max / min);
    }

    /** The next value's, from 31 random bits and 31 others. */
    int length(int choice, int random) {
        if (choice % ANY_ONE_IN == 0) {
            return between(BYTES_MIN, BYTES_MAX, random);
        }
        return isShifted
                ? between(MIDDLE_BYTES, BYTES_MAX, random)
                : between(BYTES_MIN, MIDDLE_BYTES, random);
    }

    private static int between(int min, int max, int random) {
        double share = random / (double) Integer.MAX_VALUE;
        return (int) (min * Math.pow((double) max / min, share));
    }
}

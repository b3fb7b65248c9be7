package io.larder.server.command;

/**
 * Picks one in {@link #MEAN} at distances that vary, so that a client whose requests repeat with
 * some period is not always looked at in the same place. One thread.
 */
final class Sampling {
    /** The average distance between two that are picked; the longest is nearly twice that. */
    static final int MEAN = 64;

    private static final int DISTANCE_MASK = 2 * MEAN - 1; // 127: distances are 1..127

    private int state; // of xorshift32, never 0
    private int left;

    Sampling(int seed) {
        state = seed == 0 ? 1 : seed;
        left = nextDistance();
    }

    /** Whether the present one is picked. */
    boolean next() {
        if (--left > 0) {
            return false;
        }
        left = nextDistance();
        return true;
    }

    private int nextDistance() {
        int distance;
        do {
            state ^= state << 13;
            state ^= state >>> 17;
            state ^= state << 5;
            distance = state & DISTANCE_MASK;
        } while (distance == 0);
        return distance;
    }
}

package io.larder.client.net;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: twice as long each time up to a most, and of that a random
 * part from half to all, so that clients do not come in step. One thread.
 */
final class BackOff {
    private final long millisMin;
    private final long millisMax;
    private final DoubleSupplier random;
    private long millis;

    /**
     * @param millisMin the first wait, from 1
     * @param millisMax the longest, at least that
     * @param random from 0 to below 1
     */
    BackOff(long millisMin, long millisMax, DoubleSupplier random) {
        this.millisMin = millisMin;
        this.millisMax = millisMax;
        this.random = random;
        this.millis = millisMin;
    }

    /** The next wait, in milliseconds, from 1. */
    long nextMillis() {
        long half = millis / 2;
        long wait = half + (long) Math.ceil((millis - half) * random.getAsDouble());
        millis = Math.min(millisMax, millis * 2);
        return Math.max(1, wait);
    }

    /** Begins again with the shortest. */
    void reset() {
        millis = millisMin;
    }
}

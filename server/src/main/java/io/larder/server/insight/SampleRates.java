package io.larder.server.insight;

import io.larder.server.store.AccessSampler;

/**
 * Keeps what a sample costs within bounds: so many records a second of kept keys, and so many of
 * those whose turn it is, however much goes on. Not for several threads at once.
 */
final class SampleRates {
    /** In a window, of keys that are kept: about 8,000 a second. */
    private static final int KEPT_MAX = 16_384;

    /** In a window, of those whose turn it is: about 4,000 a second. */
    private static final int PASSING_MAX = 8_192;

    private static final long WINDOW_MILLIS = 2_000;

    /** With fewer in a window than one in so many of the most, it is listened to more often. */
    private static final int FEW_PART = 4;

    private long windowEndMillis;
    private int kept;
    private int passing;
    private int passingBits;

    /** Counts a record; says whether fewer keys are to be kept. */
    boolean count(boolean isKept, boolean isPassing) {
        if (isPassing && ++passing == PASSING_MAX) {
            passing /= 2;
            listenLess(2);
        }
        if (isKept && ++kept == KEPT_MAX) {
            kept /= 2;
            return true;
        }
        return false;
    }

    /** In how many bits a key and the turn have to agree. */
    int passingBits() {
        return passingBits;
    }

    /** There was so many times more than could be taken. */
    void listenLess(double times) {
        int more = (int) Math.ceil(Math.log(times) / Math.log(2));
        passingBits = Math.min(AccessSampler.BITS, passingBits + more);
    }

    /** Begins another window if this one is over. */
    void pass(long nowMillis) {
        if (nowMillis < windowEndMillis) {
            return;
        }
        while (passing < PASSING_MAX / FEW_PART && passingBits > 0) {
            passingBits--;
            passing *= 2;
        }
        kept = 0;
        passing = 0;
        windowEndMillis = nowMillis + WINDOW_MILLIS;
    }
}

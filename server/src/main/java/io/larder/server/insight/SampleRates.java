package io.larder.server.insight;

import io.larder.server.store.AccessSampler;

/**
 * Keeps what a sample costs within bounds: as many records a second of kept keys, and as many of
 * those whose turn it is, however much goes on. Not for several threads at once.
 */
final class SampleRates {
    /** Of either sort, in a window: about 16,000 a second. */
    private static final int RECORDS_MAX = 32_768;

    private static final long WINDOW_MILLIS = 2_000;

    /** With fewer in a window than one in so many of the most, it is listened to more often. */
    private static final int FEW_PART = 4;

    private long windowEndMillis;
    private int kept;
    private int passing;
    private int passingBits;

    /** Counts a record; says whether fewer keys are to be kept. */
    boolean count(boolean isKept, boolean isPassing) {
        if (isPassing && ++passing == RECORDS_MAX) {
            passing /= 2;
            listenLess(2);
        }
        if (isKept && ++kept == RECORDS_MAX) {
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
        while (passing < RECORDS_MAX / FEW_PART && passingBits > 0) {
            passingBits--;
            passing *= 2;
        }
        kept = 0;
        passing = 0;
        windowEndMillis = nowMillis + WINDOW_MILLIS;
    }
}

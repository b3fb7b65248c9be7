package io.larder.bench.near;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When the writes of each key were acknowledged. A key's writes are numbered from 1 and made by one
 * thread, one after the other; any thread asks.
 */
final class WriteHistory {
    /** Writes of a key that are remembered. */
    static final int REMEMBERED = 64;

    /** Nothing has taken the place of the write yet. */
    static final long NOT_OVERWRITTEN = -1;

    private final AtomicLongArray last; // acknowledged, by key
    private final AtomicLongArray ackNanos; // of the last ones, by key and number

    WriteHistory(int keys) {
        last = new AtomicLongArray(keys);
        ackNanos = new AtomicLongArray(keys * REMEMBERED);
    }

    /**
     * A write was acknowledged. Those before it of which no answer came are overwritten by then,
     * too.
     */
    void acknowledged(int key, long number, long nowNanos) {
        long from = Math.max(last.get(key) + 1, number - REMEMBERED + 1);
        for (long each = from; each <= number; each++) {
            ackNanos.set(place(key, each), nowNanos);
        }
        last.set(key, number);
    }

    private static int place(int key, long number) {
        return key * REMEMBERED + (int) (number % REMEMBERED);
    }

    /**
     * How long ago, at {@code readNanos}, a later write had been acknowledged than the one whose
     * value was read; of one that is no longer remembered, how long ago at least. {@link
     * #NOT_OVERWRITTEN} if none had.
     */
    long overwrittenForNanos(int key, long number, long readNanos) {
        long lastNumber = last.get(key);
        if (number >= lastNumber) {
            return NOT_OVERWRITTEN;
        }
        // Two places are left out: the writer may be about to put later times there.
        long next = Math.max(number + 1, lastNumber - REMEMBERED + 3);
        return Math.max(NOT_OVERWRITTEN, readNanos - ackNanos.get(place(key, next)));
    }
}

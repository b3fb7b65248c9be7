package io.larder.bench.hostile;

import io.larder.bench.BenchException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting, for one thread. */
final class Waiting {
    private static final long LOOK_MILLIS = 100;

    private Waiting() {}

    static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    /** Waits until something holds; returns after how many milliseconds, or -1 if it did not. */
    static long until(BooleanSupplier holds, long millisMax) {
        long beganNanos = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (millisSince(beganNanos) > millisMax) {
                return -1;
            }
            sleep(LOOK_MILLIS);
        }
        return millisSince(beganNanos);
    }

    static long millisSince(long beganNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    }
}

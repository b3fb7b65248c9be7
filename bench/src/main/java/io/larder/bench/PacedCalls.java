package io.larder.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/**
 * Calls that are due at a fixed rate and made one after the other: an open loop of one caller. A
 * call's time begins when it was due, so one that is slow counts for all that it holds up.
 */
public final class PacedCalls {
    private static final long MICROS_MAX = TimeUnit.SECONDS.toMicros(60);

    private PacedCalls() {}

    /**
     * Makes calls for a while. Locking: blocks for that time, and as the calls do.
     *
     * @param call gets its number, from 0; what it throws ends this
     * @return what each took, in microseconds, a minute at most
     */
    public static Histogram micros(int perSecond, int seconds, LongConsumer call) {
        Histogram micros = new Histogram(MICROS_MAX, 3);
        long beganNanos = System.nanoTime();
        long calls = (long) seconds * perSecond;
        for (long number = 0; number < calls; number++) {
            long dueNanos = beganNanos + number * TimeUnit.SECONDS.toNanos(1) / perSecond;
            awaitTime(dueNanos);
            call.accept(number);
            long took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos);
            micros.recordValue(Math.min(MICROS_MAX, took));
        }
        return micros;
    }

    private static void awaitTime(long nanos) {
        long left = nanos - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = nanos - System.nanoTime();
        }
    }
}

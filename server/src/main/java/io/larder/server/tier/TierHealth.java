package io.larder.server.tier;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the tier is in use. For any thread. */
/*
 *            a fetch took too long                    the back-off is over, nothing is under way
 *       ON --------------------------> SLOW ------------------------------------------> ON
 *        \                               |
 *         \  disk full, I/O error        | the same           the same, and the files could be
 *          \                             v                    made anew, empty
 *           +------------------------> BROKEN ----------------------------------------> ON
 *
 * Not ON, nothing is found here and no victim is taken: readers miss, as if everything here had been
 * evicted. Changes of keys go on to be noted, so what the directory names stays right, and a tier
 * that was only slow goes on with it.
 *
 * The back-off doubles each time, and begins anew once the tier has been ON for as long as it can
 * become. Each time off is logged once when it begins and once when it ends.
 */
final class TierHealth {
    private static final Logger LOG = LoggerFactory.getLogger(TierHealth.class);

    enum State {
        ON,
        SLOW,
        BROKEN,
        CLOSED
    }

    private volatile State state = State.ON; // changed under this
    private final AtomicLong timesOff = new AtomicLong();
    private final LongSupplier nanoTime;
    private final long retryNanosMin;
    private final long retryNanosMax;

    private volatile long sinceNanos; // of the present state
    private volatile long retryNanos; // how long it stays off

    TierHealth(TierConfig config, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.retryNanosMin = TimeUnit.MILLISECONDS.toNanos(config.retryMillisMin());
        this.retryNanosMax = TimeUnit.MILLISECONDS.toNanos(config.retryMillisMax());
        this.sinceNanos = nanoTime.getAsLong();
    }

    boolean isOn() {
        return state == State.ON;
    }

    State state() {
        return state;
    }

    long timesOff() {
        return timesOff.get();
    }

    /** A fetch took too long. */
    void slow(long millis) {
        if (change(State.ON, State.SLOW)) {
            wentOff();
            LOG.warn(
                    "disk tier: off for {} ms, as a read took longer than {} ms",
                    TimeUnit.NANOSECONDS.toMillis(retryNanos),
                    millis);
        }
    }

    /** The files cannot be read or written. */
    void broken(Throwable cause) {
        if (change(State.ON, State.BROKEN)) {
            wentOff();
            LOG.warn(
                    "disk tier: off for {} ms, then begun anew, after {}",
                    TimeUnit.NANOSECONDS.toMillis(retryNanos),
                    cause.toString());
        } else {
            change(State.SLOW, State.BROKEN);
        }
    }

    private void wentOff() {
        long now = nanoTime.getAsLong();
        boolean wasOnForLong = now - sinceNanos >= retryNanosMax;
        retryNanos =
                wasOnForLong || retryNanos == 0
                        ? retryNanosMin
                        : Math.min(retryNanosMax, 2 * retryNanos);
        sinceNanos = now;
        timesOff.incrementAndGet();
    }

    /** Whether it is off, and it is time to try again. */
    boolean isRetryDue() {
        State present = state;
        return (present == State.SLOW || present == State.BROKEN)
                && nanoTime.getAsLong() - sinceNanos >= retryNanos;
    }

    /** A try has failed: the next one is later. */
    void retryFailed() {
        retryNanos = Math.min(retryNanosMax, 2 * retryNanos);
        sinceNanos = nanoTime.getAsLong();
    }

    /** What was wrong is over. */
    void recovered(State from) {
        sinceNanos = nanoTime.getAsLong();
        if (change(from, State.ON)) {
            LOG.info("disk tier: on again");
        }
    }

    synchronized void close() {
        state = State.CLOSED;
    }

    private synchronized boolean change(State from, State to) {
        boolean isFrom = state == from;
        if (isFrom) {
            state = to;
        }
        return isFrom;
    }
}

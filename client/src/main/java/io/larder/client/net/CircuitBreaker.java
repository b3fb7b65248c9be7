package io.larder.client.net;

import io.larder.client.api.ServerHealth.Circuit;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What keeps calls from a server that fails them: it lets none through while too many of the last
 * ones got no answer, and then a few, to see. {@link #admits} may be called by any thread; all else
 * belongs to the event loop of the link.
 */
/*
 *   CLOSED --too many failed--> OPEN --its time is over, or a connection is made--> HALF_OPEN
 *      ^                         ^                                                    |   |
 *      |                         +----one failed, and the next time is longer---------+   |
 *      +-----------------------------------TRIALS succeeded-------------------------------+
 *
 * Counted over the last BUCKETS seconds, in buckets of one. A failure is a call without answer:
 * timed out, its connection lost, or never made. An answer is a success whatever it says: BUSY is
 * how a server that lives sheds load.
 *
 * The counts belong to the event loop. `state` is volatile and read first by each call; what leaves
 * CLOSED and comes back to it happens under the lock, and so do the trials, which callers take.
 * In HALF_OPEN there are TRIALS calls for each `openNanos`: a trial of which nothing is ever
 * heard, as it was turned away elsewhere, blocks nobody for longer than that.
 */
final class CircuitBreaker {
    static final int FAILURES_MIN = 20;
    static final int TRIALS = 3;
    static final int BUCKETS = 10;
    static final long OPEN_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(500);
    static final long OPEN_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    private static final long BUCKET_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int failurePercent;
    private volatile Circuit state = Circuit.CLOSED; // written under the lock

    // Of the event loop only:
    private final int[] succeeded = new int[BUCKETS];
    private final int[] failed = new int[BUCKETS];
    private int bucket;
    private long bucketNanos;

    // Guarded by this:
    private long openNanos = OPEN_NANOS_MIN;
    private long trialsAtNanos;
    private int trialsLeft;
    private int trialsSucceeded;

    /**
     * @param failurePercent of the calls, from which it opens; 0: never
     * @param nowNanos of the clock that all methods are told
     */
    CircuitBreaker(int failurePercent, long nowNanos) {
        this.failurePercent = failurePercent;
        this.bucketNanos = nowNanos;
    }

    Circuit state() {
        return state;
    }

    /**
     * Whether a call may be sent, if not as a rule, then as a trial. Any thread.
     *
     * <p>Locking: this object's monitor, for an instant, unless the circuit is closed.
     *
     * @param nanoClock read only unless the circuit is closed
     */
    boolean admits(LongSupplier nanoClock) {
        return state == Circuit.CLOSED || admitsTrial(nanoClock.getAsLong());
    }

    private synchronized boolean admitsTrial(long nowNanos) {
        if (state == Circuit.CLOSED) {
            return true;
        }
        if (nowNanos - trialsAtNanos >= 0) {
            tryAgain(nowNanos);
        }
        if (trialsLeft == 0) {
            return false;
        }
        trialsLeft--;
        return true;
    }

    /** Whether {@link #admits} would be true now. Any thread; the same lock. */
    boolean mayAdmit(LongSupplier nanoClock) {
        return state == Circuit.CLOSED || mayAdmitTrial(nanoClock.getAsLong());
    }

    private synchronized boolean mayAdmitTrial(long nowNanos) {
        return trialsLeft > 0 || nowNanos - trialsAtNanos >= 0;
    }

    private void tryAgain(long nowNanos) {
        state = Circuit.HALF_OPEN;
        trialsLeft = TRIALS;
        trialsSucceeded = 0;
        trialsAtNanos = nowNanos + openNanos;
    }

    /** A connection was made: if calls are kept back, a few may try it now. */
    synchronized void onConnected(long nowNanos) {
        if (state == Circuit.OPEN) {
            tryAgain(nowNanos);
        }
    }

    /** Lets old counts fade; to be called now and then while there are calls. */
    void roll(long nowNanos) {
        for (int passed = 0; nowNanos - bucketNanos >= BUCKET_NANOS; passed++) {
            if (passed == BUCKETS) {
                bucketNanos = nowNanos;
                return;
            }
            bucketNanos += BUCKET_NANOS;
            bucket = (bucket + 1) % BUCKETS;
            succeeded[bucket] = 0;
            failed[bucket] = 0;
        }
    }

    /** A call was answered. */
    void onAnswer() {
        succeeded[bucket]++;
        if (state == Circuit.HALF_OPEN) {
            onTrialAnswered();
        }
    }

    private synchronized void onTrialAnswered() {
        if (state == Circuit.HALF_OPEN && ++trialsSucceeded >= TRIALS) {
            openNanos = OPEN_NANOS_MIN;
            Arrays.fill(succeeded, 0);
            Arrays.fill(failed, 0);
            state = Circuit.CLOSED;
        }
    }

    /** A call got no answer. */
    void onFailure(long nowNanos) {
        roll(nowNanos);
        failed[bucket]++;
        if (state == Circuit.HALF_OPEN) {
            openAgain(nowNanos);
        } else if (state == Circuit.CLOSED && failsTooOften()) {
            open(nowNanos);
        }
    }

    private boolean failsTooOften() {
        long failures = Arrays.stream(failed).asLongStream().sum();
        long calls = failures + Arrays.stream(succeeded).asLongStream().sum();
        return failurePercent > 0
                && failures >= FAILURES_MIN
                && failures * 100 >= calls * failurePercent;
    }

    private synchronized void openAgain(long nowNanos) {
        openNanos = Math.min(OPEN_NANOS_MAX, openNanos * 2);
        open(nowNanos);
    }

    private synchronized void open(long nowNanos) {
        trialsLeft = 0;
        trialsAtNanos = nowNanos + openNanos;
        state = Circuit.OPEN;
    }
}

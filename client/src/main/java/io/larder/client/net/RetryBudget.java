package io.larder.client.net;

import java.util.concurrent.TimeUnit;

/**
 * How many calls may be sent again of those whose connection was lost: a tenth as many as were
 * answered, and a few each second in any case, so that a failing server is not asked twice as much
 * as a healthy one. One thread: the event loop.
 */
final class RetryBudget {
    /** Answers that pay for one retry. */
    static final int ANSWERS_PER_RETRY = 10;

    /** Retries each second that nothing has to pay for. */
    static final int RETRIES_PER_SECOND_MIN = 10;

    /** Retries that can be saved up. */
    static final int RETRIES_MAX = 500;

    private static final int CREDIT_MAX = RETRIES_MAX * ANSWERS_PER_RETRY;
    private static final long NANOS_PER_RETRY =
            TimeUnit.SECONDS.toNanos(1) / RETRIES_PER_SECOND_MIN;

    private int credit = RETRIES_PER_SECOND_MIN * ANSWERS_PER_RETRY; // in answers
    private long paidUntilNanos; // what is free up to then is in the credit

    /**
     * @param nowNanos of the clock that {@link #tryTake} is told
     */
    RetryBudget(long nowNanos) {
        this.paidUntilNanos = nowNanos;
    }

    /** A call was answered. */
    void onAnswer() {
        if (credit < CREDIT_MAX) {
            credit++;
        }
    }

    /** Takes one retry, if there is one. */
    boolean tryTake(long nowNanos) {
        long free = (nowNanos - paidUntilNanos) / NANOS_PER_RETRY;
        if (free > 0) {
            paidUntilNanos += free * NANOS_PER_RETRY;
            int added = (int) Math.min(free, RETRIES_PER_SECOND_MIN) * ANSWERS_PER_RETRY;
            credit = Math.min(CREDIT_MAX, credit + added);
        }
        if (credit < ANSWERS_PER_RETRY) {
            return false;
        }
        credit -= ANSWERS_PER_RETRY;
        return true;
    }
}

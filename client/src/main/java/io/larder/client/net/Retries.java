package io.larder.client.net;

import io.larder.client.api.LarderOptions;
import io.larder.client.api.LarderOptions.RetryWhenLost;
import io.larder.protocol.Status;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The judgement which calls are sent again, and when; whoever asks keeps them until then. One
 * thread: the event loop.
 */
/*
 * BUSY and SHUTTING_DOWN say that nothing was done, so any operation may be sent again. BUSY: after
 * the time the server asks for, or a growing one of the client's own, with jitter. SHUTTING_DOWN:
 * at once, over the next connection.
 *
 * Of calls whose connection was lost nobody knows whether they were carried out: only those that
 * the policy allows are sent again, and only as many as the budget pays for, so that a server that
 * keeps failing is not asked ever more.
 *
 * A call of which the server has got damaged bytes, or a read of which the client has, is sent again
 * once: what damages two in a row is not left to chance.
 *
 * Each is sent again with a new id, a bounded number of times, and never past its deadline.
 */
final class Retries {
    private static final long MILLIS_MIN = 5;
    private static final int SHIFT_MAX = 8;

    private final int attemptsMax;
    private final RetryWhenLost whenLost;
    private final LongSupplier nanoClock;
    private final DoubleSupplier random;
    private final RetryBudget budget;

    /**
     * @param random for jitter, from 0 to below 1
     */
    Retries(LarderOptions options, LongSupplier nanoClock, DoubleSupplier random) {
        this.attemptsMax = options.busyRetriesMax();
        this.whenLost = options.retryWhenLost();
        this.nanoClock = nanoClock;
        this.random = random;
        this.budget = new RetryBudget(nanoClock.getAsLong());
    }

    /** A call was answered. */
    void onAnswer() {
        budget.onAnswer();
    }

    /** Whether a call that the server has refused is to be sent again, at its time. */
    boolean takesRefused(Call<?> call, Reply reply) {
        if (reply.is(Status.SHUTTING_DOWN)) {
            return takes(call, nanoClock.getAsLong());
        }
        if (reply.is(Status.CHECKSUM_MISMATCH)) {
            return takesDamaged(call);
        }
        return reply.is(Status.BUSY) && takes(call, afterWait(call, reply.retryAfterMillis()));
    }

    /** Whether a call of which bytes were damaged on the way, and that has changed nothing, is. */
    boolean takesDamaged(Call<?> call) {
        if (call.wasDamaged) {
            return false;
        }
        call.wasDamaged = true;
        return takes(call, nanoClock.getAsLong());
    }

    /** Whether a call whose connection was lost is to be sent again, at its time. */
    boolean takesLost(Call<?> call) {
        return !call.internal
                && !call.isDone()
                && call.request.isRepeatable(whenLost)
                && budget.tryTake(nanoClock.getAsLong())
                && takes(call, afterWait(call, -1));
    }

    private boolean takes(Call<?> call, long retryAtNanos) {
        if (call.attempts >= attemptsMax || call.deadlineNanos - retryAtNanos <= 0) {
            return false;
        }
        call.attempts++;
        call.retryAtNanos = retryAtNanos;
        return true;
    }

    private long afterWait(Call<?> call, int askedMillis) {
        long ownMillis = MILLIS_MIN << Math.min(call.attempts, SHIFT_MAX);
        double jitter = 1 + random.getAsDouble() / 2;
        double waitMillis = (askedMillis >= 0 ? askedMillis : ownMillis) * jitter;
        return nanoClock.getAsLong() + (long) (waitMillis * TimeUnit.MILLISECONDS.toNanos(1));
    }
}

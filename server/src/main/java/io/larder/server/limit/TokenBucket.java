package io.larder.server.limit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A token bucket that holds one second's worth. Any thread may take from it. */
/*
 * Kept as one number, the time at which the bucket will be full again: taking a token moves it one
 * interval ahead, never to before now. It holds a token while that time is less than one second
 * ahead; with a rate below one a second, less than one interval. (This is the generic cell rate
 * algorithm, ITU-T I.371.) A race between takers is decided by CAS: each token is taken once.
 */
final class TokenBucket {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong fullAtNanos;

    /** A full one. */
    TokenBucket(long nowNanos) {
        fullAtNanos = new AtomicLong(nowNanos);
    }

    /**
     * Takes a token.
     *
     * @param perSecond tokens that come in a second, from 1
     * @return 0 if there was one, else nanoseconds until there is
     */
    long take(int perSecond, long nowNanos) {
        long intervalNanos = SECOND_NANOS / perSecond;
        while (true) {
            long seen = fullAtNanos.get();
            long full = seen - nowNanos > 0 ? seen : nowNanos;
            long aheadNanos = full + intervalNanos - nowNanos;
            if (aheadNanos > SECOND_NANOS) {
                return Math.max(1, aheadNanos - SECOND_NANOS);
            }
            if (fullAtNanos.compareAndSet(seen, full + intervalNanos)) {
                return 0;
            }
        }
    }
}

package io.larder.client.api;

import java.time.Duration;

/**
 * How long an item lives from the moment the server writes or touches it, in milliseconds.
 *
 * @param millis from 1; or 0 for {@link #REGION_DEFAULT}, -1 for {@link #NEVER}
 */
public record Ttl(long millis) {
    /** What the server has configured for the region. */
    public static final Ttl REGION_DEFAULT = new Ttl(0);

    /** No expiry; the item can still be evicted. */
    public static final Ttl NEVER = new Ttl(-1);

    public Ttl {
        if (millis < -1) {
            throw new IllegalArgumentException(
                    "ttlMillis: " + millis + " (expected: 1.. or Ttl.NEVER, Ttl.REGION_DEFAULT)");
        }
    }

    /**
     * A time to live in milliseconds.
     *
     * @param millis from 1
     */
    public static Ttl ofMillis(long millis) {
        if (millis < 1) {
            throw new IllegalArgumentException("ttlMillis: " + millis + " (expected: 1..)");
        }
        return new Ttl(millis);
    }

    /** A time to live of at least a millisecond; what is below a millisecond is rounded up. */
    public static Ttl of(Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("ttl: " + duration + " (expected: above 0)");
        }
        return ofMillis(duration.plusNanos(999_999).toMillis());
    }
}

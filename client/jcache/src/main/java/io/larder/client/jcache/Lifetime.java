package io.larder.client.jcache;

import io.larder.client.api.Entry;
import io.larder.client.api.Ttl;
import java.util.concurrent.TimeUnit;
import javax.cache.expiry.Duration;
import org.jspecify.annotations.Nullable;

/** What an expiry policy says of an entry: as it was, over at once, or so long from now. */
sealed interface Lifetime {
    /** It keeps what it has left. */
    record Kept() implements Lifetime {}

    /** It has expired. */
    record Over() implements Lifetime {}

    /** It lives so long from now. */
    record Lasting(Ttl ttl) implements Lifetime {}

    Lifetime KEPT = new Kept();
    Lifetime OVER = new Over();
    Lifetime ETERNAL = new Lasting(Ttl.NEVER);

    /**
     * @param duration null: it stays as it was
     */
    static Lifetime of(@Nullable Duration duration) {
        if (duration == null) {
            return KEPT;
        }
        if (duration.isEternal()) {
            return ETERNAL;
        }
        TimeUnit unit = duration.getTimeUnit();
        return duration.isZero()
                ? OVER
                : new Lasting(Ttl.ofMillis(unit.toMillis(duration.getDurationAmount())));
    }

    /** The lifetime of an entry that keeps what it had left when it was seen. */
    static Ttl left(Found<?> found) {
        return found.expiresInMillis() == Entry.NEVER_EXPIRES
                ? Ttl.NEVER
                : Ttl.ofMillis(Math.max(1, found.expiresInMillis()));
    }
}

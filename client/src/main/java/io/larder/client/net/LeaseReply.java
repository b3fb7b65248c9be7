package io.larder.client.net;

import io.larder.client.api.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * What a server says to a read that asks for a lease.
 *
 * @param value with VALUE and REFRESH, else null
 * @param token of the lease, with REFRESH and YOURS, else {@link #NO_TOKEN}
 * @param retryAfterMillis with OTHERS
 */
record LeaseReply(Kind kind, @Nullable StoredValue value, long token, int retryAfterMillis) {
    enum Kind {
        /** There it is. */
        VALUE,
        /** There it is, and it is to be loaded anew. */
        REFRESH,
        /** The origin has none. */
        NEGATIVE,
        /** To be loaded. */
        YOURS,
        /** Another one loads it. */
        OTHERS,
        /** To be loaded without a lease. */
        MISS
    }

    static final long NO_TOKEN = 0;
    static final LeaseReply MISS = new LeaseReply(Kind.MISS, null, NO_TOKEN, 0);
    static final LeaseReply NEGATIVE = new LeaseReply(Kind.NEGATIVE, null, NO_TOKEN, 0);
}

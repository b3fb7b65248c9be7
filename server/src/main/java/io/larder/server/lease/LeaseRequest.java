package io.larder.server.lease;

import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import org.jspecify.annotations.Nullable;

/**
 * A reusable carrier of what {@link Leases#acquire} is asked and of what it answers. One thread.
 */
public final class LeaseRequest {
    /** Of a value without tags, or of which nobody knows them. */
    public static final long[] NO_TAGS = {};

    /** The key to be loaded. */
    public Key key = new Key();

    /** The version of it that was read; {@link Mutation#VERSION_ABSENT} for a miss. */
    public long version;

    /** By hash, the tags that the value is to have, as far as they are known; not copied. */
    public long[] tags = NO_TAGS;

    /** Who is to hold the lease. */
    public LeaseHolder holder = new LeaseHolder();

    /** How long, from 1 millisecond. */
    public long leaseMillis;

    /** The store's time. */
    public long nowMillis;

    /** Who waits where another one has the lease; null for nobody. */
    public @Nullable LeaseWaiter waiter;

    /** Outcome of YOURS: what a fill has to show. */
    public long token;

    /** Outcome of OTHERS and PARKED: when that lease ends at the latest, in the store's time. */
    public long endMillis;
}

package io.larder.server.embedded;

import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.Mutation;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.WriteStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One region of a store: its keys and lifetimes in the store's terms, and the store's answers. */
final class RegionAccess {
    private static final long EXPIRY_LAST_MILLIS = Mutation.NEVER - 1;

    final ShardedStore store;
    final Clock clock;
    private final RegionTable regions;
    private final int regionId;

    RegionAccess(ShardedStore store, Clock clock, RegionTable regions, int regionId) {
        this.store = store;
        this.clock = clock;
        this.regions = regions;
        this.regionId = regionId;
    }

    int space() {
        return regions.space(regionId);
    }

    void wrap(Mutation mutation, byte[] key) {
        mutation.key.wrap(store.hasher(), space(), key);
    }

    /** The expiry of what is written now and lives so long, the region's default for null. */
    long expiryMillis(@Nullable Duration timeToLive) {
        if (timeToLive == null) {
            return expiryMillis(regions.defaultTtlMillis(regionId));
        }
        if (timeToLive.isZero() || timeToLive.isNegative()) {
            throw new IllegalArgumentException("timeToLive: " + timeToLive + " (expected: > 0)");
        }
        boolean beyond = timeToLive.toSeconds() > EXPIRY_LAST_MILLIS / 1000;
        return beyond ? EXPIRY_LAST_MILLIS : expiryMillis(Math.max(1, timeToLive.toMillis()));
    }

    long expiryMillis(long timeToLiveMillis) {
        if (timeToLiveMillis < 0) {
            throw new IllegalArgumentException(
                    "timeToLiveMillis: " + timeToLiveMillis + " (expected: >= 0)");
        }
        if (timeToLiveMillis == 0) {
            return Mutation.NEVER;
        }
        long nowMillis = clock.nowMillis();
        return timeToLiveMillis > EXPIRY_LAST_MILLIS - nowMillis
                ? EXPIRY_LAST_MILLIS
                : nowMillis + timeToLiveMillis;
    }

    /** Whether it was done; throws what a program should hear of. */
    boolean isDone(WriteStatus status, Mutation mutation) {
        return switch (status) {
            case DONE -> true;
            case MISSING, EXISTS, VERSION_MISMATCH, NOT_NEWER, CHANGED -> false;
            case NOT_A_NUMBER ->
                    throw new NumberFormatException("value: no decimal number of 64 bits");
            case NUMBER_OVERFLOW ->
                    throw new ArithmeticException(
                            "number: "
                                    + mutation.number
                                    + " + "
                                    + mutation.delta
                                    + " (expected: within -2^63..2^63-1)");
            case TOO_LARGE ->
                    throw new IllegalArgumentException(
                            "value: too long (expected: at most "
                                    + store.valueBytesMax()
                                    + " bytes; of a function, what fits half a segment)");
            case OUT_OF_CAPACITY ->
                    throw new IllegalStateException(
                            "region: its quota is used up (expected: room, or eviction allowed)");
            // Nothing is kept elsewhere but by a server, whose commands wait for it.
            case OVERFLOWED -> throw new IllegalStateException("value: on disk");
            case TIMED_OUT, BUSY -> throw new StoreBusyException();
        };
    }

    Outcome outcome(WriteStatus status, Mutation mutation) {
        return switch (status) {
            case TIMED_OUT -> Outcome.TIMED_OUT;
            case BUSY -> Outcome.BUSY;
            default -> isDone(status, mutation) ? Outcome.DONE : Outcome.ABSENT;
        };
    }

    /** Below what means unlimited: a timeout of centuries is one all the same. */
    static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        boolean beyond = timeout.toSeconds() >= Mutation.UNLIMITED / 1_000_000_000;
        return beyond ? Mutation.UNLIMITED - 1 : timeout.toNanos();
    }
}

package io.larder.server.command;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.ProtocolLimits;
import io.larder.server.store.Clock;
import io.larder.server.store.Mutation;

/**
 * The wire's times and the store's: TTL and EXPIRE_AT become an expiry in store milliseconds, and
 * an expiry what EXPIRES_IN says. Stateless.
 */
final class Lifetime {
    /** The last expiry that is not "never"; times beyond it are cut off there, in 2060. */
    static final long EXPIRY_LAST_MILLIS = Mutation.NEVER - 1;

    private Lifetime() {}

    /**
     * When an item written now expires.
     *
     * @param defaultTtlMillis the region's, for a request that gives none; 0 for never
     */
    static long expiryMillis(Request request, long nowMillis, long defaultTtlMillis) {
        if (request.has(ExtensionType.EXPIRE_AT)) {
            return fromUnixMillis(request.expireAtUnixMillis);
        }
        long ttlMillis =
                request.has(ExtensionType.TTL)
                        ? request.ttlMillis
                        : ProtocolLimits.TTL_REGION_DEFAULT;
        if (ttlMillis == ProtocolLimits.TTL_REGION_DEFAULT) {
            ttlMillis = defaultTtlMillis == 0 ? ProtocolLimits.TTL_NEVER : defaultTtlMillis;
        }
        return fromTtlMillis(ttlMillis, nowMillis);
    }

    /** When an item written now should be loaded anew; never, if the request does not say. */
    static long softExpiryMillis(Request request, long nowMillis) {
        return request.has(ExtensionType.SOFT_TTL) && request.softTtlMillis != 0
                ? fromTtlMillis(request.softTtlMillis, nowMillis)
                : Mutation.NEVER;
    }

    private static long fromTtlMillis(long ttlMillis, long nowMillis) {
        if (ttlMillis == ProtocolLimits.TTL_NEVER) {
            return Mutation.NEVER;
        }
        boolean beyond = ttlMillis < 0 || ttlMillis > EXPIRY_LAST_MILLIS - nowMillis;
        return beyond ? EXPIRY_LAST_MILLIS : nowMillis + ttlMillis;
    }

    /** Unsigned Unix time; one before the store's epoch is its first millisecond, long past. */
    private static long fromUnixMillis(long unixMillis) {
        if (unixMillis < 0 || unixMillis - Clock.EPOCH_UNIX_MILLIS > EXPIRY_LAST_MILLIS) {
            return EXPIRY_LAST_MILLIS;
        }
        return Math.max(0, unixMillis - Clock.EPOCH_UNIX_MILLIS);
    }

    /** What EXPIRES_IN says of an item that has not expired. */
    static long expiresInMillis(long expiryMillis, long nowMillis) {
        return expiryMillis == Mutation.NEVER ? ProtocolLimits.TTL_NEVER : expiryMillis - nowMillis;
    }
}

package io.larder.server.insight;

import io.larder.server.accesslog.Sample;
import io.larder.server.store.Mutation;

/**
 * What one has to know of a store to play out what happens to some of its keys.
 *
 * @param atMillis the store's time
 * @param bits one key in {@code 1 << bits} is told of
 * @param limitBytes its memory limit
 * @param itemBytes of items, headers included, that fit
 */
public record TraceStart(long atMillis, int bits, long limitBytes, long itemBytes) {
    /** For how long an item is good from now on; 0 if for ever, or if that is not known. */
    public static long ttlMillis(Sample sample, long nowMillis) {
        long expiryMillis = sample.expiryMillis();
        boolean isLimited = expiryMillis > 0 && expiryMillis != Mutation.NEVER;
        return isLimited ? Math.max(1, expiryMillis - nowMillis) : 0;
    }
}

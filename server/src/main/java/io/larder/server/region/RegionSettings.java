package io.larder.server.region;

import io.larder.server.store.SpaceSettings;

/**
 * What an operator has settled for a region.
 *
 * @param ttlMillis the lifetime of items written without one; 0 if they never expire
 * @param maxIdleMillis how long after its last read or write an item expires; 0 for no such end
 * @param quotaBytes the most bytes of its items, headers included; 0 for no bound
 * @param neverEvicts whether its items are never evicted; writes beyond the quota are refused then
 */
public record RegionSettings(
        long ttlMillis, long maxIdleMillis, long quotaBytes, boolean neverEvicts) {
    /** What a region has of which nothing is said. */
    public static final RegionSettings DEFAULT = new RegionSettings(0, 0, 0, false);

    SpaceSettings items() {
        return new SpaceSettings(maxIdleMillis, quotaBytes, neverEvicts);
    }
}

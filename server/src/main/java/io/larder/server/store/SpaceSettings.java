package io.larder.server.store;

/**
 * What holds for the items of a space beyond what is said for each.
 *
 * @param maxIdleMillis how long after its last read or write an item expires; 0 for no such end
 * @param quotaBytes the most bytes of its items, headers included; 0 for no bound
 * @param pinned whether its items are never evicted; writes beyond the quota are refused then
 */
public record SpaceSettings(long maxIdleMillis, long quotaBytes, boolean pinned) {
    /** Nothing beyond. */
    public static final SpaceSettings DEFAULT = new SpaceSettings(0, 0, false);

    public SpaceSettings {
        if (maxIdleMillis < 0 || quotaBytes < 0) {
            throw new IllegalArgumentException(
                    "maxIdleMillis, quotaBytes: "
                            + maxIdleMillis
                            + ", "
                            + quotaBytes
                            + " (expected: not negative)");
        }
        if (pinned && quotaBytes == 0) {
            throw new IllegalArgumentException(
                    "quotaBytes: 0 (expected: > 0 where nothing is evicted)");
        }
    }
}

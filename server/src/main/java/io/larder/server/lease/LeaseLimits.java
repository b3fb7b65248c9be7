package io.larder.server.lease;

/**
 * The bounds of leases and of requests that wait for them.
 *
 * @param leasesMax leases held at a time; over it a miss is a miss
 * @param parkedMax requests that wait at a time, in all; over it they are told to come again
 * @param parkedPerHolderMax the same for one connection
 * @param retryAfterMillis when to come again
 */
public record LeaseLimits(
        int leasesMax, int parkedMax, int parkedPerHolderMax, int retryAfterMillis) {

    /** What a server does unless configured otherwise. */
    public static final LeaseLimits DEFAULT = new LeaseLimits(1 << 16, 1 << 16, 1 << 10, 20);

    public LeaseLimits {
        requireRange("leasesMax", leasesMax, 1, 1 << 24);
        requireRange("parkedMax", parkedMax, 0, 1 << 24);
        requireRange("parkedPerHolderMax", parkedPerHolderMax, 0, 1 << 24);
        requireRange("retryAfterMillis", retryAfterMillis, 1, 60_000);
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}

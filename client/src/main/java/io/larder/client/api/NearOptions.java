package io.larder.client.api;

import java.time.Duration;

/**
 * How much of a region a client keeps copies of in its own memory, and how old they may be.
 *
 * @param bytesMax of the heap, about; 1 KiB to 1 TiB, default 64 MiB
 * @param entriesMax copies at most, from 1; default 100,000
 * @param heartbeatMillis how often the server is asked whether all changes were heard; 10 to
 *     60,000, default 500. A copy is used only for so long after the last question that was
 *     answered as two heartbeats take: that is the {@link #bound} of what a reader can see
 */
public record NearOptions(long bytesMax, int entriesMax, long heartbeatMillis) {
    /** Heartbeats that may pass without an answer. */
    private static final int HEARTBEATS_MAX = 2;

    public static final NearOptions DEFAULT = new NearOptions(64L << 20, 100_000, 500);

    public NearOptions {
        requireRange("bytesMax", bytesMax, 1 << 10, 1L << 40);
        requireRange("entriesMax", entriesMax, 1, Integer.MAX_VALUE);
        requireRange("heartbeatMillis", heartbeatMillis, 10, 60_000);
    }

    private static void requireRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }

    /** The same with another bound in bytes. */
    public NearOptions withBytesMax(long newBytesMax) {
        return new NearOptions(newBytesMax, entriesMax, heartbeatMillis);
    }

    /** The same with another bound in copies. */
    public NearOptions withEntriesMax(int newEntriesMax) {
        return new NearOptions(bytesMax, newEntriesMax, heartbeatMillis);
    }

    /** The same with another heartbeat; below a millisecond it is rounded down. */
    public NearOptions withHeartbeat(Duration heartbeat) {
        return new NearOptions(bytesMax, entriesMax, heartbeat.toMillis());
    }

    /**
     * How long ago the server may have answered a write that a read does not see: 1 s by default.
     */
    public Duration bound() {
        return Duration.ofMillis(HEARTBEATS_MAX * heartbeatMillis);
    }
}

package io.larder.server.push;

/**
 * What pushes may cost.
 *
 * @param trackingBytesMax heap for what connections keep copies of, {@link #TRACKING_BYTES_MIN} to
 *     {@link #TRACKING_BYTES_MAX}
 */
public record PushConfig(long trackingBytesMax) {
    /** 1 MiB. */
    public static final long TRACKING_BYTES_MIN = 1 << 20;

    /** 16 GiB. */
    public static final long TRACKING_BYTES_MAX = 16L << 30;

    public static final PushConfig DEFAULT = new PushConfig(16 << 20);

    public PushConfig {
        if (trackingBytesMax < TRACKING_BYTES_MIN || trackingBytesMax > TRACKING_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "trackingBytesMax: "
                            + trackingBytesMax
                            + " (expected: "
                            + TRACKING_BYTES_MIN
                            + ".."
                            + TRACKING_BYTES_MAX
                            + ")");
        }
    }
}

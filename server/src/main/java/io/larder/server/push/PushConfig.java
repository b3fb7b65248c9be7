package io.larder.server.push;

/**
 * What pushes may cost.
 *
 * @param trackingBytesMax heap for what connections keep copies of, {@link #TRACKING_BYTES_MIN} to
 *     {@link #TRACKING_BYTES_MAX}
 * @param hotKeyKeepMillis how long clients may keep the value of a hot key, 0 to {@link
 *     #HOT_KEY_KEEP_MILLIS_MAX}; 0: no key is looked for and none is told of
 */
public record PushConfig(long trackingBytesMax, int hotKeyKeepMillis) {
    /** 1 MiB. */
    public static final long TRACKING_BYTES_MIN = 1 << 20;

    /** 16 GiB. */
    public static final long TRACKING_BYTES_MAX = 16L << 30;

    /** The longest that a hot key's value may be kept, in milliseconds. */
    public static final int HOT_KEY_KEEP_MILLIS_MAX = 1_000;

    public static final PushConfig DEFAULT = new PushConfig(16 << 20, 5);

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
        if (hotKeyKeepMillis < 0 || hotKeyKeepMillis > HOT_KEY_KEEP_MILLIS_MAX) {
            throw new IllegalArgumentException(
                    "hotKeyKeepMillis: "
                            + hotKeyKeepMillis
                            + " (expected: 0.."
                            + HOT_KEY_KEEP_MILLIS_MAX
                            + ")");
        }
    }
}

package io.larder.server.net;

import io.larder.protocol.ProtocolLimits;

/**
 * How connections of the binary protocol are accepted and bounded.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 for any free one
 * @param eventLoopThreads threads that serve connections
 * @param connectionsMax connections at a time; further ones are told so and closed
 * @param helloTimeoutMillis from connecting to a complete HELLO
 * @param frameTimeoutMillis from a frame's first byte to its last, and a second more for each 64
 *     KiB received
 * @param idleTimeoutMillis without a request until the connection is closed; 0 for never
 * @param stallTimeoutMillis for which a client with replies waiting takes none of them until the
 *     connection is closed; 0 for never
 * @param writeHighWatermarkBytes of replies waiting to be sent, above which no more is read
 * @param writeLowWatermarkBytes below which reading goes on
 */
public record NetConfig(
        String host,
        int port,
        int eventLoopThreads,
        int connectionsMax,
        long helloTimeoutMillis,
        long frameTimeoutMillis,
        long idleTimeoutMillis,
        long stallTimeoutMillis,
        int writeHighWatermarkBytes,
        int writeLowWatermarkBytes) {

    /** On 127.0.0.1:7170, with as many threads as there are processors. */
    public static final NetConfig DEFAULT =
            new NetConfig(
                    "127.0.0.1",
                    7170,
                    Runtime.getRuntime().availableProcessors(),
                    20_000,
                    ProtocolLimits.HELLO_TIMEOUT_MILLIS_DEFAULT,
                    ProtocolLimits.FRAME_TIMEOUT_MILLIS_DEFAULT,
                    0,
                    60_000,
                    512 << 10,
                    128 << 10);

    private static final long TIMEOUT_MILLIS_MAX = 24 * 3_600_000L;
    private static final int WATERMARK_BYTES_MAX = 1 << 30;

    public NetConfig {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: '" + host + "' (expected: an address)");
        }
        requireRange("port", port, 0, 65_535);
        requireRange("eventLoopThreads", eventLoopThreads, 1, 1024);
        requireRange("connectionsMax", connectionsMax, 1, 1_000_000);
        requireRange("helloTimeoutMillis", helloTimeoutMillis, 1, TIMEOUT_MILLIS_MAX);
        requireRange("frameTimeoutMillis", frameTimeoutMillis, 1, TIMEOUT_MILLIS_MAX);
        requireRange("idleTimeoutMillis", idleTimeoutMillis, 0, TIMEOUT_MILLIS_MAX);
        requireRange("stallTimeoutMillis", stallTimeoutMillis, 0, TIMEOUT_MILLIS_MAX);
        requireRange("writeHighWatermarkBytes", writeHighWatermarkBytes, 4096, WATERMARK_BYTES_MAX);
        requireRange("writeLowWatermarkBytes", writeLowWatermarkBytes, 1, writeHighWatermarkBytes);
    }

    private static void requireRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}

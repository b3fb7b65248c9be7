package io.larder.client.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a client behaves; {@code Larder.builder} sets each of them. All times in milliseconds.
 *
 * @param requestTimeoutMillis from a call to its completion, waits and retries included; 1 to
 *     86,400,000, default 1,000
 * @param connectTimeoutMillis for one attempt to connect and greet; default 5,000
 * @param silenceTimeoutMillis a connection on which something is asked and no byte comes for so
 *     long is given up; default 5,000
 * @param windowRequests unanswered calls at most, 1 to 65,536; default 4,096. The server may allow
 *     fewer: the rest wait here, and count
 * @param windowBytes bytes of unanswered requests at most, from 64 KiB; default 128 MiB
 * @param busyRetriesMax how often a call is sent again that the server was too busy for; default 8
 * @param reconnectMillisMin the first wait before connecting again; default 20
 * @param reconnectMillisMax the longest; each wait is up to twice the one before, with jitter;
 *     default 2,000
 * @param whenDisconnected what a call does while there is no connection; default WAIT
 * @param eventLoopThreads threads that carry all connections of this client; default 1
 * @param callbackExecutor completes the futures; null, the default: the event loop does
 * @param clientName what the server's operator sees, up to 255 bytes of UTF-8
 */
public record LarderOptions(
        long requestTimeoutMillis,
        long connectTimeoutMillis,
        long silenceTimeoutMillis,
        int windowRequests,
        long windowBytes,
        int busyRetriesMax,
        long reconnectMillisMin,
        long reconnectMillisMax,
        WhenDisconnected whenDisconnected,
        int eventLoopThreads,
        @Nullable Executor callbackExecutor,
        String clientName) {

    /** What a call does while there is no connection. */
    public enum WhenDisconnected {
        /** It waits for one, up to its timeout, and fails with {@link NotConnectedException}. */
        WAIT,
        /** It fails at once with {@link NotConnectedException}. */
        FAIL_FAST
    }

    /** The longest timeout, in milliseconds: one day. */
    public static final long TIMEOUT_MILLIS_MAX = 86_400_000;

    public static final LarderOptions DEFAULT =
            new LarderOptions(
                    1_000,
                    5_000,
                    5_000,
                    4_096,
                    128L << 20,
                    8,
                    20,
                    2_000,
                    WhenDisconnected.WAIT,
                    1,
                    null,
                    "larder-java");

    public LarderOptions {
        requireRange("requestTimeoutMillis", requestTimeoutMillis, 1, TIMEOUT_MILLIS_MAX);
        requireRange("connectTimeoutMillis", connectTimeoutMillis, 1, TIMEOUT_MILLIS_MAX);
        requireRange("silenceTimeoutMillis", silenceTimeoutMillis, 1, TIMEOUT_MILLIS_MAX);
        requireRange("windowRequests", windowRequests, 1, 1 << 16);
        requireRange("windowBytes", windowBytes, 64 << 10, 1L << 36);
        requireRange("busyRetriesMax", busyRetriesMax, 0, 1_000);
        requireRange("reconnectMillisMin", reconnectMillisMin, 1, TIMEOUT_MILLIS_MAX);
        requireRange(
                "reconnectMillisMax", reconnectMillisMax, reconnectMillisMin, TIMEOUT_MILLIS_MAX);
        requireRange("eventLoopThreads", eventLoopThreads, 1, 1_024);
        requireRange("clientNameBytes", clientName.getBytes(UTF_8).length, 0, 255);
    }

    private static void requireRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}

package io.larder.client.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a client behaves; {@code Larder.builder} sets each of them. All times in milliseconds.
 *
 * @param requestTimeoutMillis from a call to its completion, waits and retries included; 1 to
 *     86,400,000, default 1,000
 * @param connectTimeoutMillis for one attempt to connect and greet; default 5,000
 * @param silenceTimeoutMillis a connection on which something is asked and no byte comes for so
 *     long is given up; default 5,000
 * @param windowRequests unanswered calls of a connection at most, 1 to 65,536; default 4,096. The
 *     server may allow fewer: the rest wait here, and count
 * @param windowBytes bytes of a connection's unanswered requests at most, from 64 KiB; default 128
 *     MiB
 * @param busyRetriesMax how often a call is sent again that the server was too busy for; default 8
 * @param reconnectMillisMin the first wait before connecting again; default 20
 * @param reconnectMillisMax the longest; each wait is up to twice the one before, with jitter;
 *     default 2,000
 * @param whenDisconnected what a call does while there is no connection; default WAIT
 * @param retryWhenLost what is sent again after its connection was lost; default READS
 * @param circuitFailurePercent calls without answer, of those of the last 10 s to a server and at
 *     least 20, from which for a moment none is sent to it; 0 for never, default 50
 * @param connectionsPerServer each with a window of its own, 1 to 64; default 1. A key always uses
 *     the same one
 * @param eventLoopThreads threads that carry all connections of this client; default 1
 * @param hotKeyAgeMillisMax how old the value of a hot key may be that is served without asking the
 *     server, 0 to 1,000; 0, the default: each read asks. The server may say less
 * @param checksums whether requests and the values they are answered have checksums, which both
 *     sides compare; a server that does not is not connected to. Default false
 * @param tls how it speaks TLS; null, the default: it does not
 * @param credentials who it says it is, asked for each connection on its event loop, so without
 *     blocking; null, the default: it says nothing
 * @param callbackExecutor completes the futures; null, the default: the event loop does
 * @param callListener told of each request's begin and end; null, the default: nobody is
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
        RetryWhenLost retryWhenLost,
        int circuitFailurePercent,
        int connectionsPerServer,
        int eventLoopThreads,
        long hotKeyAgeMillisMax,
        boolean checksums,
        @Nullable TlsOptions tls,
        @Nullable Supplier<Credentials> credentials,
        @Nullable Executor callbackExecutor,
        @Nullable CallListener callListener,
        String clientName) {

    /** What a call does while there is no connection. */
    public enum WhenDisconnected {
        /** It waits for one, up to its timeout, and fails with {@link NotConnectedException}. */
        WAIT,
        /** It fails at once with {@link NotConnectedException}. */
        FAIL_FAST,
        /**
         * It goes to the next server in the order of its key, as soon as its own is not connected
         * or its circuit is open. <b>Two servers may then have the key</b>: what was written to the
         * next one is not seen when its own is back, which may still have the value of before. For
         * caches that bear a value as old as its TTL. With one server the same as {@link #WAIT}.
         */
        NEXT_SERVER
    }

    /**
     * Which calls are sent again, in their time, after the connection was lost on which they were
     * unanswered: a tenth as many as are answered, and 10 a second. A call that the server refused
     * because it is busy or stopping was not carried out, and is always sent again.
     */
    public enum RetryWhenLost {
        NOTHING,
        /** Those that change nothing. */
        READS,
        /**
         * Also SET, DELETE, TOUCH and CLEAR without condition. What was written twice may undo what
         * another client has written in between.
         */
        READS_AND_REPEATABLE_WRITES
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
                    RetryWhenLost.READS,
                    50,
                    1,
                    1,
                    0,
                    false,
                    null,
                    null,
                    null,
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
        requireRange("circuitFailurePercent", circuitFailurePercent, 0, 100);
        requireRange("connectionsPerServer", connectionsPerServer, 1, 64);
        requireRange("eventLoopThreads", eventLoopThreads, 1, 1_024);
        requireRange("hotKeyAgeMillisMax", hotKeyAgeMillisMax, 0, 1_000);
        requireRange("clientNameBytes", clientName.getBytes(UTF_8).length, 0, 255);
    }

    private static void requireRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}

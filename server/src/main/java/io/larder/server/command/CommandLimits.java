package io.larder.server.command;

import io.larder.protocol.HelloLimits;
import io.larder.protocol.ProtocolLimits;

/**
 * The bounds that requests are held to, and that HELLO announces.
 *
 * @param keyBytesMax bytes of the longest key
 * @param valueBytesMax bytes of the longest value; the longest body has one of up to 1 MiB, with a
 *     key and extensions beside it
 * @param batchOperationsMax operations in one BATCH
 * @param windowRequests requests a client may have unanswered on one connection
 * @param windowBytes bytes of request frames it may have unanswered on one connection
 * @param retryAfterMillis what BUSY advises to wait
 */
public record CommandLimits(
        int keyBytesMax,
        int valueBytesMax,
        int batchOperationsMax,
        int windowRequests,
        int windowBytes,
        int retryAfterMillis) {

    /** What a server does unless configured otherwise. */
    public static final CommandLimits DEFAULT =
            new CommandLimits(
                    ProtocolLimits.KEY_BYTES_MAX,
                    ProtocolLimits.VALUE_BYTES_MAX_DEFAULT,
                    ProtocolLimits.BATCH_OPERATIONS_MAX,
                    ProtocolLimits.WINDOW_REQUESTS_DEFAULT,
                    ProtocolLimits.WINDOW_BYTES_DEFAULT,
                    5);

    private static final int BESIDE_VALUE_BYTES =
            ProtocolLimits.KEY_BYTES_MAX + ProtocolLimits.EXTENSION_BYTES_MAX;

    public CommandLimits {
        requireRange("keyBytesMax", keyBytesMax, 1, ProtocolLimits.KEY_BYTES_MAX);
        requireRange(
                "valueBytesMax",
                valueBytesMax,
                ProtocolLimits.BODY_BYTES_MAX_FLOOR - BESIDE_VALUE_BYTES,
                ProtocolLimits.BODY_BYTES_MAX_CEILING);
        requireRange("batchOperationsMax", batchOperationsMax, 1, 1 << 16);
        requireRange("windowRequests", windowRequests, 1, 1 << 20);
        requireRange("windowBytes", windowBytes, 1 << 16, Integer.MAX_VALUE);
        requireRange("retryAfterMillis", retryAfterMillis, 0, 60_000);
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }

    /** The same with another longest value, in bytes. */
    public CommandLimits withValueBytesMax(int newValueBytesMax) {
        return new CommandLimits(
                keyBytesMax,
                newValueBytesMax,
                batchOperationsMax,
                windowRequests,
                windowBytes,
                retryAfterMillis);
    }

    /** Bytes of the longest body, of requests and of replies: longer values come in pieces. */
    public int bodyBytesMax() {
        return Math.min(valueBytesMax, ProtocolLimits.VALUE_BYTES_MAX_DEFAULT) + BESIDE_VALUE_BYTES;
    }

    /** What HELLO announces. */
    public HelloLimits helloLimits() {
        return new HelloLimits(
                keyBytesMax, bodyBytesMax(), batchOperationsMax, windowRequests, windowBytes);
    }
}

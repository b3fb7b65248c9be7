package io.larder.protocol;

/**
 * The bounds that a server tells a client in its {@link HelloResponse}. On the wire they are
 * unsigned; what no int holds counts as the largest int.
 *
 * @param keyBytesMax bytes of the longest key
 * @param bodyBytesMax bytes of the longest body, of requests and of replies
 * @param batchOperationsMax operations in one BATCH
 * @param windowRequests requests the client may have unanswered on this connection
 * @param windowBytes bytes of request frames it may have unanswered on this connection
 */
public record HelloLimits(
        int keyBytesMax,
        int bodyBytesMax,
        int batchOperationsMax,
        int windowRequests,
        int windowBytes) {

    /** What a server announces unless configured otherwise. */
    public static final HelloLimits DEFAULT =
            new HelloLimits(
                    ProtocolLimits.KEY_BYTES_MAX,
                    ProtocolLimits.BODY_BYTES_MAX_DEFAULT,
                    ProtocolLimits.BATCH_OPERATIONS_MAX,
                    ProtocolLimits.WINDOW_REQUESTS_DEFAULT,
                    ProtocolLimits.WINDOW_BYTES_DEFAULT);

    public HelloLimits {
        requireRange("keyBytesMax", keyBytesMax, 0xFFFF);
        requireRange("bodyBytesMax", bodyBytesMax, Integer.MAX_VALUE);
        requireRange("batchOperationsMax", batchOperationsMax, Integer.MAX_VALUE);
        requireRange("windowRequests", windowRequests, Integer.MAX_VALUE);
        requireRange("windowBytes", windowBytes, Integer.MAX_VALUE);
    }

    private static void requireRange(String name, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0.." + max + ")");
        }
    }
}

package io.larder.server.command;

import io.larder.protocol.ErrorBody;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.FrameChecksum;
import io.larder.protocol.Status;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.StripedCounter;

/**
 * Whether requests have come as they were sent, where they say what that was: in {@link
 * ExtensionType#CHECKSUM}. Any event loop.
 *
 * <p>A connection that has agreed on checksums has one in each request of an item. One that lacks
 * it has been damaged in the extension itself, and is refused as any other.
 */
final class ChecksumCheck {
    private final StripedCounter mismatches = new StripedCounter();

    /** Adds what it counts to a registry. */
    void registerMetrics(MetricsRegistry metrics) {
        metrics.registerCounter(
                "checksum_mismatches",
                "Requests that came otherwise than they were sent, and were refused",
                mismatches::sum);
    }

    /**
     * Whether the request on the bench is sound; if not, it has been answered.
     *
     * @param isOfItem whether it is a request of an item
     */
    boolean admits(Session session, Workbench bench, boolean isOfItem) {
        Request request = bench.request;
        boolean isExpected = isOfItem && session.sumsValues();
        boolean isPresent =
                request.extensionBytes != 0
                        && FrameChecksum.isPresent(request.frame, request.offset);
        if (isPresent ? FrameChecksum.isSound(request.frame, request.offset) : !isExpected) {
            return true;
        }
        mismatches.increment();
        bench.reply.error(
                Status.CHECKSUM_MISMATCH,
                ErrorBody.of(
                        "body",
                        isPresent ? "damaged" : "without CHECKSUM",
                        "as its CHECKSUM says, in the first extension"));
        return false;
    }
}

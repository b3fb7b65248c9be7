package io.larder.server.policy;

/** How items come to stay beyond their first round through the small queue. */
public enum AdmissionMode {
    /**
     * Read twice while small, or written again soon after leaving: for most workloads, and for
     * those whose popular keys change.
     */
    S3_FIFO(0.10),

    /**
     * Estimated to be read more often than the item it would replace: for loops and scans larger
     * than the cache, and for popularity that stays.
     */
    TINY_LFU(0.01);

    private final double smallShare;

    AdmissionMode(double smallShare) {
        this.smallShare = smallShare;
    }

    /** The share of the bytes above which the small queue gives up its oldest. */
    double smallShare() {
        return smallShare;
    }
}

package io.larder.server.policy;

/** How items come to stay beyond their first round. */
public enum AdmissionMode {
    /**
     * Estimated to be read clearly more often than the item it would replace: for loops and scans
     * larger than the cache, and for popularity that stays. What a store starts with, since it
     * cannot lose much: until a cache is full, all modes hold the same.
     */
    TINY_LFU(0.01, 3),

    /** Read twice while small, or written again soon after leaving: for most workloads. */
    S3_FIFO(0.10, 3),

    /**
     * Read at all since the last round, with nothing on probation: for popularity that moves on.
     * One scan empties the cache, so it has to be better beyond doubt.
     */
    CLOCK(0, 6);

    private final double smallShare;
    private final int sigmas;

    AdmissionMode(double smallShare, int sigmas) {
        this.smallShare = smallShare;
        this.sigmas = sigmas;
    }

    /** The share of the bytes above which the small queue gives up its oldest. */
    double smallShare() {
        return smallShare;
    }

    /** How many standard deviations of chance this mode must lead by to be chosen. */
    int sigmas() {
        return sigmas;
    }
}

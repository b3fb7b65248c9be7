package io.larder.server.insight;

import io.larder.server.store.StoreStats;

/**
 * Which share of its memory a store can fill with items: what the index, open and spare segments
 * and dead bytes leave. Measured while the store is full, guessed before. Not for several threads
 * at once.
 */
final class UsableShare {
    private static final double GUESS = 0.85;

    /** The share of a store's memory that it must have filled for its fill to say something. */
    private static final double FILL_MIN = 0.25;

    /** Of what the fill of a part says: segments that stay spare when the store is full. */
    private static final double SPARE = 0.97;

    private static final double NEW_PART = 0.2;

    private double share = GUESS;
    private boolean isMeasured;

    /** Takes note of the store's present fill; returns the share. */
    double update(StoreStats stats) {
        double limit = stats.memoryLimitBytes();
        double used = limit - stats.bytesFree();
        if (stats.evictions() > 0 && stats.bytesLive() > 0) {
            double seen = stats.bytesLive() / limit;
            share = isMeasured ? share + NEW_PART * (seen - share) : seen;
            isMeasured = true;
        } else if (!isMeasured && used > FILL_MIN * limit) {
            share = SPARE * stats.bytesLive() / used;
        }
        return share;
    }

    /** The memory limit has changed: what was seen is not valid any more. */
    void forget() {
        isMeasured = false;
    }
}

package io.larder.server.policy;

/**
 * The mean size of the items that came last, as a running average. Racing threads may both change
 * it: one or the other moves it.
 */
final class ItemMean {
    private static final int MEAN_OF = 256;
    private static final float BYTES_FIRST = 64;

    private float mean = BYTES_FIRST;

    void add(int itemBytes) {
        mean += (itemBytes - mean) / MEAN_OF;
    }

    int bytes() {
        return (int) mean;
    }
}

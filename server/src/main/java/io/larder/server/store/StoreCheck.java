package io.larder.server.store;

import java.util.List;

/**
 * What a look at a running store's own structure has found.
 *
 * @param slots of the index that were held against their items
 * @param items that were held against the index
 * @param segments that were walked from item to item
 * @param faults what is not as it should be, the first {@link #FAULTS_MAX}
 * @param faultsFound how many there are
 * @param longestHoldNanos for which a shard's writers had to wait at most
 */
public record StoreCheck(
        long slots,
        long items,
        long segments,
        List<String> faults,
        long faultsFound,
        long longestHoldNanos) {
    /** Faults that are told; the others are counted. */
    public static final int FAULTS_MAX = 50;

    public StoreCheck {
        faults = List.copyOf(faults);
    }
}

package io.larder.server.admin;

import org.jspecify.annotations.Nullable;

/** Reads an item as a client would, statistics included. Any thread may call it. */
@FunctionalInterface
public interface ItemLookup {
    /** What is known of a key of the default region; null if it is a miss. */
    @Nullable Found find(byte[] key);

    /**
     * An item.
     *
     * @param value the caller's to keep; empty if the item is negative
     * @param isNegative whether it says that the origin does not have the key
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Found(byte[] value, boolean isNegative) {}
}

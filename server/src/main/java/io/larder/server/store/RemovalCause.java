package io.larder.server.store;

/** Why an item is gone. */
public enum RemovalCause {
    /** Dropped for room. */
    EVICTED,
    /** Dropped because its bucket's chain was at its cap. */
    CHAIN,
    /** Past its expiry. */
    EXPIRED,
    /** Deleted by a caller. */
    DELETED,
    /** Replaced by a newer value. */
    OVERWRITTEN,
    /** Its region was cleared. */
    CLEARED
}

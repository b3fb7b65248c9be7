package io.larder.server.accesslog;

import io.larder.server.store.RemovalCause;

/** What a {@link Sample} tells. */
public enum SampleKind {
    /** A read did not find its key. */
    MISS,
    /** A read found its key. */
    HIT,
    /** A value was stored of a key that was absent. */
    NEW,
    /** A value was stored in place of another. */
    OVERWRITE,
    /** An item went for want of room. */
    EVICTED,
    /** An item went past its expiry. */
    EXPIRED,
    /** A caller deleted an item. */
    DELETED,
    /** An item went that was invalidated with others. */
    CLEARED;

    private static final SampleKind[] KINDS = values();

    static SampleKind ofCode(int code) {
        return KINDS[code];
    }

    static SampleKind of(RemovalCause cause) {
        return switch (cause) {
            case EVICTED, CHAIN -> EVICTED;
            case EXPIRED -> EXPIRED;
            case DELETED -> DELETED;
            case CLEARED -> CLEARED;
            case OVERWRITTEN -> throw new IllegalArgumentException("cause: " + cause);
        };
    }

    /** Whether somebody asked for the key. */
    public boolean isRead() {
        return this == MISS || this == HIT;
    }

    /** Whether a value was stored. */
    public boolean isWrite() {
        return this == NEW || this == OVERWRITE;
    }
}

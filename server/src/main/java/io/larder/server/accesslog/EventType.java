package io.larder.server.accesslog;

import io.larder.server.store.RemovalCause;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What an {@link Event} tells. */
public enum EventType {
    /** A key has a new value. */
    STORED(1),
    /** An item went: {@link RemovalCause#EVICTED}. */
    EVICTED(2),
    /** An item went: {@link RemovalCause#CHAIN}. */
    CHAIN(3),
    /** An item went: {@link RemovalCause#EXPIRED}. */
    EXPIRED(4),
    /** An item went: {@link RemovalCause#DELETED}. */
    DELETED(5),
    /** An item went: {@link RemovalCause#OVERWRITTEN}. */
    OVERWRITTEN(6),
    /** An item went: {@link RemovalCause#CLEARED}. */
    CLEARED(7),
    /**
     * A caller may load the key for all others; the version is the lease's token. Of a key longer
     * than {@link Event#KEY_BYTES_MAX} only that much is told, its length included.
     */
    LEASE_GRANTED(8),
    /** A lease was used, given back or voided, or has timed out; otherwise as its beginning. */
    LEASE_ENDED(9),
    /** A connection was accepted; the key is its remote address, the version its number. */
    CONNECTION_OPENED(10),
    /** A connection ended; the key is its remote address, the version its number. */
    CONNECTION_CLOSED(11),
    /** A read found its key; only while somebody watches reads. */
    HIT(12),
    /** A read did not; only while somebody watches reads. */
    MISS(13),
    /** A request took long; the key is what it says of itself, the version its microseconds. */
    SLOW(14),
    /** A user was let in; the key says where, who and how, of all the following as the log does. */
    LOGIN(15),
    /** A secret was nobody's. */
    LOGIN_FAILED(16),
    /** Somebody has not the right to what he asked for. */
    FORBIDDEN(17),
    /** An operator has something done. */
    OPERATED(18),
    /** The users file was read anew. */
    USERS_READ(19),
    /** It could not be used, and the users stayed. */
    USERS_REFUSED(20);

    /** What is about users, which operators alone are shown. */
    public static final Set<EventType> AUDIT =
            Collections.unmodifiableSet(EnumSet.range(LOGIN, USERS_REFUSED));

    private static final EventType[] BY_CODE = new EventType[values().length + 1];

    static {
        for (EventType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;

    EventType(int code) {
        this.code = code;
    }

    /** What says that an item went for this cause. */
    public static EventType of(RemovalCause cause) {
        return switch (cause) {
            case EVICTED -> EVICTED;
            case CHAIN -> CHAIN;
            case EXPIRED -> EXPIRED;
            case DELETED -> DELETED;
            case OVERWRITTEN -> OVERWRITTEN;
            case CLEARED -> CLEARED;
        };
    }

    /** Its number in a record; the ring wants positive ones. */
    int code() {
        return code;
    }

    static EventType ofCode(int code) {
        return BY_CODE[code];
    }
}

package io.larder.protocol;

import static io.larder.protocol.Availability.NOW;
import static io.larder.protocol.Availability.RESERVED;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of extension. A receiver skips a kind it does not know, unless the number's high bit
 * says that ignoring it would do something else than was asked: those are critical.
 */
public enum ExtensionType {
    VERSION(0x01, 8, NOW),
    EXPIRES_IN(0x02, 8, NOW),
    RETRY_AFTER(0x03, 4, NOW),
    LIMIT(0x04, 8, NOW),
    VALUE_LENGTH(0x05, 8, NOW),
    LEASE(0x06, 8, NOW),
    CHECKSUM(0x07, 4, NOW),
    SOFT_EXPIRES_IN(0x08, 8, NOW),

    TTL(0x81, 8, NOW),
    EXPIRE_AT(0x82, 8, NOW),
    SOFT_TTL(0x83, 8, NOW),
    CALLER_VERSION(0x84, 8, NOW),
    CLIENT_FLAGS(0x85, 4, NOW),
    FORMAT(0x86, 1, NOW),
    DELTA(0x87, 8, NOW),
    INITIAL(0x88, 8, NOW),
    TAGS(0x89, -1, NOW),
    LEASE_TOKEN(0x8A, 8, NOW),
    LEASE_MILLIS(0x8B, 4, NOW),
    WAIT_MILLIS(0x8C, 4, NOW);

    /** The bit that makes a number critical. */
    public static final int CRITICAL_BIT = 0x80;

    /** Bytes before an extension's value: type u8, length u16. */
    public static final int PREFIX_BYTES = 3;

    private static final @Nullable ExtensionType[] BY_CODE = new @Nullable ExtensionType[256];

    static {
        for (ExtensionType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final int valueBytes; // -1 if it varies
    private final Availability availability;

    ExtensionType(int code, int valueBytes, Availability availability) {
        this.code = code;
        this.valueBytes = valueBytes;
        this.availability = availability;
    }

    /** The type of this number; null if it is unassigned. Only the low 8 bits count. */
    public static @Nullable ExtensionType of(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** True if an extension of this number must not be ignored. */
    public static boolean isCritical(int code) {
        return (code & CRITICAL_BIT) != 0;
    }

    /** The number on the wire, 0 to 255. */
    public int code() {
        return code;
    }

    /** True if it must not be ignored. */
    public boolean isCritical() {
        return isCritical(code);
    }

    /** True if the number is only set aside: servers answer {@link Status#UNKNOWN_EXTENSION}. */
    public boolean isReserved() {
        return availability == RESERVED;
    }

    /** Bytes of the value, or -1 if they vary. */
    public int valueBytes() {
        return valueBytes;
    }

    /** Bytes of the whole extension on the wire, prefix included; only for fixed ones. */
    public int encodedBytes() {
        assert valueBytes >= 0 : this;
        return PREFIX_BYTES + valueBytes;
    }
}

package io.larder.protocol;

import org.jspecify.annotations.Nullable;

/**
 * How a request ended. A client that meets a number it does not know judges it by its range: 0x00
 * ok, 0x10 ordinary negative, 0x40 caller's error, 0x80 server's, 0xC0 authentication, 0xE0 fatal.
 */
public enum Status {
    OK(0x00),
    OK_STALE(0x01),
    REFRESH_YOURS(0x02),

    MISS(0x10),
    NOT_MODIFIED(0x11),
    LEASE_YOURS(0x12),
    LEASE_OTHER(0x13),
    EXISTS(0x14),
    VERSION_MISMATCH(0x15),
    NOT_NEWER(0x16),
    NOT_STORED(0x17),
    NEGATIVE(0x18),

    BAD_REQUEST(0x40),
    UNKNOWN_OPCODE(0x41),
    UNKNOWN_FLAG(0x42),
    UNKNOWN_EXTENSION(0x43),
    UNSUPPORTED(0x44),
    TOO_LARGE(0x45),
    KEY_LENGTH(0x46),
    NOT_A_NUMBER(0x47),
    NUMBER_OVERFLOW(0x48),
    UNKNOWN_REGION(0x49),
    BATCH_TOO_LARGE(0x4A),
    NOT_BATCHABLE(0x4B),
    REPLY_TOO_LARGE(0x4C),
    CHECKSUM_MISMATCH(0x4D),

    BUSY(0x80),
    DEADLINE(0x81),
    OUT_OF_CAPACITY(0x82),
    INTERNAL(0x83),
    SHUTTING_DOWN(0x84),
    CANCELLED(0x85),
    MOVED(0x86),

    AUTH_REQUIRED(0xC0),
    AUTH_FAILED(0xC1),
    FORBIDDEN(0xC2),

    BAD_MAGIC(0xE0),
    BAD_VERSION(0xE1),
    BAD_FRAME(0xE2),
    HELLO_REQUIRED(0xE3),
    FRAME_TIMEOUT(0xE4),
    CONNECTION_LIMIT(0xE5);

    private static final int NO_CODE_MIN = 0x10;
    private static final int ERROR_CODE_MIN = 0x40;
    private static final int FATAL_CODE_MIN = 0xE0;

    private static final @Nullable Status[] BY_CODE = new @Nullable Status[256];

    static {
        for (Status status : values()) {
            BY_CODE[status.code] = status;
        }
    }

    private final int code;

    Status(int code) {
        this.code = code;
    }

    /** The status of this number; null if it is unassigned. Only the low 8 bits count. */
    public static @Nullable Status of(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** True if a status of this number, known or not, means success. */
    public static boolean isOk(int code) {
        return (code & 0xFF) < NO_CODE_MIN;
    }

    /** True if a status of this number, known or not, is an ordinary negative. */
    public static boolean isNegative(int code) {
        return (code & 0xFF) >= NO_CODE_MIN && (code & 0xFF) < ERROR_CODE_MIN;
    }

    /** True if a status of this number, known or not, is an error, fatal ones included. */
    public static boolean isError(int code) {
        return (code & 0xFF) >= ERROR_CODE_MIN;
    }

    /** True if the server closes the connection after a status of this number, known or not. */
    public static boolean isFatal(int code) {
        return (code & 0xFF) >= FATAL_CODE_MIN;
    }

    /** The number on the wire, 0 to 255. */
    public int code() {
        return code;
    }

    /** True if the request was carried out. */
    public boolean isOk() {
        return isOk(code);
    }

    /** True if the request was understood and the answer is an ordinary no. */
    public boolean isNegative() {
        return isNegative(code);
    }

    /** True if something is wrong; the reply's value is an {@link ErrorBody}. */
    public boolean isError() {
        return isError(code);
    }

    /** True if the server closes the connection after this reply. */
    public boolean isFatal() {
        return isFatal(code);
    }

    /**
     * True if nothing was carried out and the same request may well succeed a little later (after
     * RETRY_AFTER, if given; after {@link #isFatal} ones on a new connection).
     */
    public boolean isRetryable() {
        return this == BUSY || this == SHUTTING_DOWN || this == CONNECTION_LIMIT;
    }
}

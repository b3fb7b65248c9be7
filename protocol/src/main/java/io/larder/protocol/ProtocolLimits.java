package io.larder.protocol;

/**
 * The bounds of protocol version 1, each with its unit. A bound named {@code _DEFAULT} may be
 * configured by a server and is announced in its {@link HelloResponse}; the others are fixed.
 */
public final class ProtocolLimits {
    /** The version of the protocol that this module speaks. */
    public static final int VERSION = 1;

    /** Bytes of every frame's header. */
    public static final int HEADER_BYTES = 24;

    /** Bytes of the longest key; item operations take keys of 1 to this many bytes. */
    public static final int KEY_BYTES_MAX = 4095;

    /** Bytes of the longest extension section of one frame. */
    public static final int EXTENSION_BYTES_MAX = 1024;

    /** Bytes of the longest value in one frame, unless configured otherwise: 1 MiB. */
    public static final int VALUE_BYTES_MAX_DEFAULT = 1 << 20;

    /** The feature by which values longer than a body travel in pieces, both ways. */
    public static final String FEATURE_PIECES = "pieces";

    /** The feature by which a server pushes: TRACK, SYNC and the frames of magic 0xD3. */
    public static final String FEATURE_PUSH = "push";

    /** The feature of leases, soft lifetimes and negative entries. */
    public static final String FEATURE_LEASES = "leases";

    /** How long a lease is held that does not say. */
    public static final int LEASE_MILLIS_DEFAULT = 10_000;

    /** The longest that a lease is held, and that a request waits for one. */
    public static final int LEASE_MILLIS_MAX = 300_000;

    /** The feature by which a client takes back requests: CANCEL. */
    public static final String FEATURE_CANCEL = "cancel";

    /** The feature by which what is asked and the values that are answered have checksums. */
    public static final String FEATURE_CHECKSUMS = "checksums";

    /** The feature by which a server says that it wants to know its users: AUTH. */
    public static final String FEATURE_AUTH = "auth";

    /** Bytes of a piece of a value, as this module's sides cut them: 128 KiB. */
    public static final int PIECE_BYTES = 128 << 10;

    /** Values in pieces that a client may have begun and not ended on one connection. */
    public static final int PIECED_VALUES_MAX = 64;

    /** Bytes of the longest body: a value of the default maximum, with any key and extensions. */
    public static final int BODY_BYTES_MAX_DEFAULT =
            VALUE_BYTES_MAX_DEFAULT + KEY_BYTES_MAX + EXTENSION_BYTES_MAX;

    /** Bytes below which no server may configure its body limit. */
    public static final int BODY_BYTES_MAX_FLOOR = 64 << 10;

    /** Bytes above which no server may configure its body limit: 1 GiB. */
    public static final int BODY_BYTES_MAX_CEILING = 1 << 30;

    /** Bytes of the longest body before the HELLO has been answered. */
    public static final int HELLO_BODY_BYTES_MAX = 4096;

    /** Operations in one BATCH. */
    public static final int BATCH_OPERATIONS_MAX = 1024;

    /**
     * Bytes of a BATCH reply kept free for each operation not yet answered. Any write's reply fits:
     * header 24, number 8, VERSION 11, EXPIRES_IN 11.
     */
    public static final int BATCH_REPLY_RESERVE_BYTES = 64;

    /** Requests a client may have unanswered on one connection. */
    public static final int WINDOW_REQUESTS_DEFAULT = 4096;

    /** Bytes of request frames a client may have unanswered on one connection: 8 MiB. */
    public static final int WINDOW_BYTES_DEFAULT = 8 << 20;

    /** Bytes of the longest region name. */
    public static final int REGION_NAME_BYTES_MAX = 64;

    /** The region that needs no OPEN_REGION. */
    public static final int REGION_ID_DEFAULT = 0;

    /** Keys in one SCAN reply. */
    public static final int SCAN_KEYS_MAX = 1024;

    /** Tags of one item. */
    public static final int TAGS_MAX = 8;

    /** Bytes of one tag. */
    public static final int TAG_BYTES_MAX = 64;

    /** Features named in one HELLO, or in its reply. */
    public static final int FEATURES_MAX = 32;

    /** Bytes of one short text in a HELLO: a feature, a client's name, a server's version. */
    public static final int SHORT_TEXT_BYTES_MAX = 255;

    /** Bytes of an error's text. */
    public static final int ERROR_TEXT_BYTES_MAX = 512;

    /** Milliseconds from connecting to a complete HELLO. */
    public static final int HELLO_TIMEOUT_MILLIS_DEFAULT = 10_000;

    /** Milliseconds from a frame's first byte to its last, before the allowance for its length. */
    public static final int FRAME_TIMEOUT_MILLIS_DEFAULT = 30_000;

    /** Bytes of a frame that buy its sender one more second to finish it. */
    public static final int FRAME_BYTES_PER_SECOND_MIN = 64 << 10;

    /** A TTL that stands for the region's default. */
    public static final long TTL_REGION_DEFAULT = 0L;

    /** A TTL, or a remaining time, that never ends: all bits set. */
    public static final long TTL_NEVER = -1L;

    /** The version that no item has; as an expected version it means "absent". */
    public static final long VERSION_ABSENT = 0L;

    private ProtocolLimits() {}
}

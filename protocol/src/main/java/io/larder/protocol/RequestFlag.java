package io.larder.protocol;

/** How a request is to be carried out: the bits of the header's u16 flags. */
public final class RequestFlag {
    /** Reads: no reply on a MISS. Writes: no reply on an OK. Anything else is always answered. */
    public static final int QUIET = 1;

    /** The read does not count as a use of the item. */
    public static final int NO_TOUCH = 1 << 1;

    /** Writes: only if the item has this VERSION. GET: the value only if it has another one. */
    public static final int IF_VERSION = 1 << 2;

    /** Only if CALLER_VERSION is above the one stored, unsigned. */
    public static final int IF_NEWER = 1 << 3;

    /** Only if the key is absent. */
    public static final int ONLY_ABSENT = 1 << 4;

    /** Only if the key is present. */
    public static final int ONLY_PRESENT = 1 << 5;

    /** The reply says whether the value is past its soft TTL. */
    public static final int ALLOW_STALE = 1 << 6;

    /** On a miss, ask for the right to load the value. */
    public static final int LEASE_ON_MISS = 1 << 7;

    /** Past the soft TTL, ask for the right to reload the value. */
    public static final int SOFT_REFRESH = 1 << 8;

    /** Tell this connection, once, when the key changes after this read. */
    public static final int TRACK = 1 << 9;

    /** The reply carries the item's VERSION and EXPIRES_IN. */
    public static final int RETURN_META = 1 << 10;

    /** Further pieces of this value follow, in frames of the same id; also in replies. */
    public static final int MORE = 1 << 11;

    /** The key is known not to exist at the origin: stored without a value. */
    public static final int NEGATIVE = 1 << 12;

    /** The flags that servers of version 1 carry out. */
    public static final int IMPLEMENTED =
            QUIET
                    | NO_TOUCH
                    | IF_VERSION
                    | IF_NEWER
                    | ONLY_ABSENT
                    | ONLY_PRESENT
                    | ALLOW_STALE
                    | LEASE_ON_MISS
                    | SOFT_REFRESH
                    | TRACK
                    | RETURN_META
                    | MORE
                    | NEGATIVE;

    private static final String[] NAMES = {
        "QUIET",
        "NO_TOUCH",
        "IF_VERSION",
        "IF_NEWER",
        "ONLY_ABSENT",
        "ONLY_PRESENT",
        "ALLOW_STALE",
        "LEASE_ON_MISS",
        "SOFT_REFRESH",
        "TRACK",
        "RETURN_META",
        "MORE",
        "NEGATIVE"
    };

    private RequestFlag() {}

    /**
     * The bits of {@code flags} that a server of version 1 must refuse for this opcode, with {@link
     * Status#UNKNOWN_FLAG}; 0 if there are none.
     */
    public static int refused(Opcode opcode, int flags) {
        return flags & ~(opcode.allowedFlags() & IMPLEMENTED);
    }

    /** The flags by name, as {@code QUIET|NO_TOUCH}; a bit without a name as {@code 0x8000}. */
    public static String describe(int flags) {
        StringBuilder text = new StringBuilder();
        for (int rest = flags & 0xFFFF; rest != 0; rest &= rest - 1) {
            int index = Integer.numberOfTrailingZeros(rest);
            text.append(text.isEmpty() ? "" : "|");
            text.append(index < NAMES.length ? NAMES[index] : String.format("0x%04X", 1 << index));
        }
        return text.isEmpty() ? "none" : text.toString();
    }
}

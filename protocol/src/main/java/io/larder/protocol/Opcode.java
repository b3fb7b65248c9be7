package io.larder.protocol;

import static io.larder.protocol.Availability.NOW;
import static io.larder.protocol.Availability.RESERVED;
import static io.larder.protocol.RequestFlag.ALLOW_STALE;
import static io.larder.protocol.RequestFlag.IF_NEWER;
import static io.larder.protocol.RequestFlag.IF_VERSION;
import static io.larder.protocol.RequestFlag.LEASE_ON_MISS;
import static io.larder.protocol.RequestFlag.MORE;
import static io.larder.protocol.RequestFlag.NEGATIVE;
import static io.larder.protocol.RequestFlag.NO_TOUCH;
import static io.larder.protocol.RequestFlag.ONLY_ABSENT;
import static io.larder.protocol.RequestFlag.ONLY_PRESENT;
import static io.larder.protocol.RequestFlag.QUIET;
import static io.larder.protocol.RequestFlag.RETURN_META;
import static io.larder.protocol.RequestFlag.SOFT_REFRESH;
import static io.larder.protocol.RequestFlag.TRACK;

import org.jspecify.annotations.Nullable;

/**
 * What a frame asks for, or, from {@link #PUSH_CODE_MIN} up, what a server tells unasked. The first
 * hex digit is the group: 0 session, 1 reads, 2 writes, 3 many keys, 4 regions and server, 8
 * pushes.
 */
public enum Opcode {
    HELLO(0x01, NOW, 0),
    AUTH(0x02, NOW, 0),
    PING(0x03, NOW, 0),
    NOOP(0x04, NOW, 0),
    CANCEL(0x05, NOW, 0),
    SYNC(0x06, NOW, 0),

    GET(
            0x10,
            NOW,
            QUIET
                    | NO_TOUCH
                    | IF_VERSION
                    | ALLOW_STALE
                    | LEASE_ON_MISS
                    | SOFT_REFRESH
                    | TRACK
                    | RETURN_META),
    GET_AND_TOUCH(0x11, NOW, QUIET | RETURN_META),
    RELEASE(0x12, NOW, QUIET),

    SET(
            0x20,
            NOW,
            QUIET
                    | IF_VERSION
                    | IF_NEWER
                    | ONLY_ABSENT
                    | ONLY_PRESENT
                    | RETURN_META
                    | MORE
                    | NEGATIVE),
    DELETE(0x21, NOW, QUIET | IF_VERSION),
    TOUCH(0x22, NOW, QUIET | IF_VERSION | RETURN_META),
    INCREMENT(0x23, NOW, QUIET | IF_VERSION | RETURN_META),
    APPEND(0x24, NOW, QUIET | IF_VERSION | RETURN_META),
    PREPEND(0x25, NOW, QUIET | IF_VERSION | RETURN_META),

    BATCH(0x30, NOW, 0),
    SCAN(0x31, NOW, 0),
    EXPORT(0x32, NOW, 0),

    OPEN_REGION(0x40, NOW, 0),
    CLEAR(0x41, NOW, 0),
    STATS(0x42, NOW, 0),

    INVALIDATE(0x80, NOW, 0),
    INVALIDATE_ALL(0x81, NOW, 0),
    HOT_KEY(0x82, NOW, 0),
    TOPOLOGY(0x83, RESERVED, 0),
    GOAWAY(0x84, NOW, 0);

    /** The lowest code of a push; requests and responses stay below. */
    public static final int PUSH_CODE_MIN = 0x80;

    private static final @Nullable Opcode[] BY_CODE = new @Nullable Opcode[256];

    static {
        for (Opcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;
    private final Availability availability;
    private final int allowedFlags;

    Opcode(int code, Availability availability, int allowedFlags) {
        this.code = code;
        this.availability = availability;
        this.allowedFlags = allowedFlags;
    }

    /** The opcode of this number; null if it is unassigned. Only the low 8 bits count. */
    public static @Nullable Opcode of(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The number on the wire, 0 to 255. */
    public int code() {
        return code;
    }

    /** True if the number is only set aside: a server answers {@link Status#UNKNOWN_OPCODE}. */
    public boolean isReserved() {
        return availability == RESERVED;
    }

    /** True if servers send it unasked, in frames of magic {@link FrameHeader#MAGIC_PUSH}. */
    public boolean isPush() {
        return code >= PUSH_CODE_MIN;
    }

    /** True if it reads items or asks about them: QUIET suppresses its {@link Status#MISS}. */
    public boolean isRead() {
        return code >> 4 == 1;
    }

    /** True if it changes one item: QUIET suppresses its {@link Status#OK}. */
    public boolean isWrite() {
        return code >> 4 == 2;
    }

    /** True if it may stand inside a BATCH: reads and writes of one item. */
    public boolean isBatchable() {
        return isRead() || isWrite();
    }

    /** The bits of {@link RequestFlag} that mean something here; any other is refused. */
    public int allowedFlags() {
        return allowedFlags;
    }

    /**
     * True if repeating the request cannot change the outcome for an item that nobody else writes:
     * the only ones a client may retry by itself.
     */
    public boolean isIdempotent() {
        return switch (this) {
            case HELLO, AUTH, CANCEL, INCREMENT, APPEND, PREPEND, BATCH -> false;
            default -> !isPush();
        };
    }
}

package io.larder.server.auth;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What one may be allowed to do: a group of commands, the same in every protocol. */
public enum Right {
    /** To read values, and to learn whether they are there. */
    READ(1 << 0),
    /** To store, change, touch and delete items. */
    WRITE(1 << 1),
    /** To list keys. */
    SCAN(1 << 2),
    /** To remove many items at a stroke: a region, those of a tag, those of a prefix. */
    CLEAR(1 << 3),
    /** To see the server's figures. */
    STATS(1 << 4),
    /** To see and change how the server runs: the telnet admin. */
    OPERATE(1 << 5);

    /** All of them, as bits. */
    static final int ALL = (1 << 6) - 1;

    private final int bit;

    Right(int bit) {
        this.bit = bit;
    }

    /** Its bit. */
    public int bit() {
        return bit;
    }

    /** Whether it is about a server and not about a region's items. */
    boolean isOfServer() {
        return this == STATS || this == OPERATE;
    }

    /** As a users file has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The right of a word; null if it is none. */
    static @Nullable Right of(String word) {
        for (Right right : values()) {
            if (right.word().equals(word)) {
                return right;
            }
        }
        return null;
    }
}

package io.larder.server.compat.memcached;

import io.larder.server.auth.Need;
import org.jspecify.annotations.Nullable;

/** What memcached's binary protocol can ask. */
enum BinaryOpcode {
    GET(0x00, 0x09, 0, 0, Shape.KEY, Need.READ),
    SET(0x01, 0x11, 8, 8, Shape.KEY_AND_VALUE, Need.WRITE),
    ADD(0x02, 0x12, 8, 8, Shape.KEY_AND_VALUE, Need.WRITE),
    REPLACE(0x03, 0x13, 8, 8, Shape.KEY_AND_VALUE, Need.WRITE),
    DELETE(0x04, 0x14, 0, 0, Shape.KEY, Need.WRITE),
    INCREMENT(0x05, 0x15, 20, 20, Shape.KEY, Need.READ_AND_WRITE),
    DECREMENT(0x06, 0x16, 20, 20, Shape.KEY, Need.READ_AND_WRITE),
    QUIT(0x07, 0x17, 0, 0, Shape.NOTHING, Need.NOBODY),
    FLUSH(0x08, 0x18, 0, 4, Shape.NOTHING, Need.CLEAR),
    NOOP(0x0a, -1, 0, 0, Shape.NOTHING, Need.ANYBODY),
    VERSION(0x0b, -1, 0, 0, Shape.NOTHING, Need.ANYBODY),
    GETK(0x0c, 0x0d, 0, 0, Shape.KEY, Need.READ),
    APPEND(0x0e, 0x19, 0, 0, Shape.KEY_AND_VALUE, Need.WRITE),
    PREPEND(0x0f, 0x1a, 0, 0, Shape.KEY_AND_VALUE, Need.WRITE),
    STAT(0x10, -1, 0, 0, Shape.MAYBE_KEY, Need.STATS),
    SASL_LIST(0x20, -1, 0, 0, Shape.NOTHING, Need.NOBODY),
    SASL_AUTH(0x21, -1, 0, 0, Shape.KEY_AND_TEXT, Need.NOBODY),
    SASL_STEP(0x22, -1, 0, 0, Shape.KEY_AND_TEXT, Need.NOBODY),
    VERBOSITY(0x1b, -1, 4, 4, Shape.NOTHING, Need.OPERATE),
    TOUCH(0x1c, -1, 4, 4, Shape.KEY, Need.WRITE),
    GAT(0x1d, 0x1e, 4, 4, Shape.KEY, Need.READ_AND_WRITE),
    GATK(0x23, 0x24, 4, 4, Shape.KEY, Need.READ_AND_WRITE);

    /** What is in a body behind the extras. */
    enum Shape {
        NOTHING,
        KEY,
        MAYBE_KEY,
        KEY_AND_VALUE,
        /** Neither of which is an item's. */
        KEY_AND_TEXT
    }

    private static final int CODES = 0x25;
    private static final @Nullable BinaryOpcode[] BY_CODE = new BinaryOpcode[CODES];

    static {
        for (BinaryOpcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
            if (opcode.quietCode >= 0) {
                BY_CODE[opcode.quietCode] = opcode;
            }
        }
    }

    private final int code;
    private final int quietCode;
    private final int extrasBytesMin;
    private final int extrasBytesMax;
    private final Shape shape;
    private final Need need;

    BinaryOpcode(
            int code,
            int quietCode,
            int extrasBytesMin,
            int extrasBytesMax,
            Shape shape,
            Need need) {
        this.need = need;
        this.code = code;
        this.quietCode = quietCode;
        this.extrasBytesMin = extrasBytesMin;
        this.extrasBytesMax = extrasBytesMax;
        this.shape = shape;
    }

    /** What a code asks, quietly or not; null if nothing. */
    static @Nullable BinaryOpcode of(int code) {
        return code < CODES ? BY_CODE[code] : null;
    }

    /**
     * Whether it is not answered where nothing is to be said: a get's miss, or that all went well.
     */
    boolean isQuiet(int asked) {
        return asked == quietCode;
    }

    /** Whether it is a step by which a user shows who he is. */
    boolean isAuth() {
        return shape == Shape.KEY_AND_TEXT;
    }

    /** What its user has to be allowed. */
    Need need() {
        return need;
    }

    boolean hasValue() {
        return shape == Shape.KEY_AND_VALUE;
    }

    boolean hasKey() {
        return shape == Shape.KEY || shape == Shape.KEY_AND_VALUE;
    }

    /** Whether the parts of a body are as they have to be. */
    boolean suits(BinaryRequest request) {
        boolean areExtras =
                request.extrasBytes == extrasBytesMin || request.extrasBytes == extrasBytesMax;
        boolean isKey =
                switch (shape) {
                    case NOTHING -> request.keyBytes == 0;
                    case MAYBE_KEY -> true;
                    case KEY, KEY_AND_VALUE, KEY_AND_TEXT -> request.keyBytes > 0;
                };
        boolean mayHaveMore = hasValue() || shape == Shape.KEY_AND_TEXT;
        return areExtras && isKey && (mayHaveMore || request.valueBytes() == 0);
    }
}

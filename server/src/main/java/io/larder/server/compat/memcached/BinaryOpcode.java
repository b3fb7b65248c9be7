package io.larder.server.compat.memcached;

import org.jspecify.annotations.Nullable;

/** What memcached's binary protocol can ask. */
enum BinaryOpcode {
    GET(0x00, 0x09, 0, 0, Shape.KEY),
    SET(0x01, 0x11, 8, 8, Shape.KEY_AND_VALUE),
    ADD(0x02, 0x12, 8, 8, Shape.KEY_AND_VALUE),
    REPLACE(0x03, 0x13, 8, 8, Shape.KEY_AND_VALUE),
    DELETE(0x04, 0x14, 0, 0, Shape.KEY),
    INCREMENT(0x05, 0x15, 20, 20, Shape.KEY),
    DECREMENT(0x06, 0x16, 20, 20, Shape.KEY),
    QUIT(0x07, 0x17, 0, 0, Shape.NOTHING),
    FLUSH(0x08, 0x18, 0, 4, Shape.NOTHING),
    NOOP(0x0a, -1, 0, 0, Shape.NOTHING),
    VERSION(0x0b, -1, 0, 0, Shape.NOTHING),
    GETK(0x0c, 0x0d, 0, 0, Shape.KEY),
    APPEND(0x0e, 0x19, 0, 0, Shape.KEY_AND_VALUE),
    PREPEND(0x0f, 0x1a, 0, 0, Shape.KEY_AND_VALUE),
    STAT(0x10, -1, 0, 0, Shape.MAYBE_KEY),
    VERBOSITY(0x1b, -1, 4, 4, Shape.NOTHING),
    TOUCH(0x1c, -1, 4, 4, Shape.KEY),
    GAT(0x1d, 0x1e, 4, 4, Shape.KEY),
    GATK(0x23, 0x24, 4, 4, Shape.KEY);

    /** What is in a body behind the extras. */
    enum Shape {
        NOTHING,
        KEY,
        MAYBE_KEY,
        KEY_AND_VALUE
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

    BinaryOpcode(int code, int quietCode, int extrasBytesMin, int extrasBytesMax, Shape shape) {
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
                    case KEY, KEY_AND_VALUE -> request.keyBytes > 0;
                };
        return areExtras && isKey && (hasValue() || request.valueBytes() == 0);
    }
}

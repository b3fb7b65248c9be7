package io.larder.client.api;

import java.util.Objects;

/**
 * The bytes of a value and how they are encoded, as one thing: what a {@link Codec} makes and
 * reads. Immutable, as long as nobody changes the bytes: they are not copied here, and may be
 * shared.
 */
/*
 *   format:  7      4 3      0
 *           +--------+--------+
 *           |  type  | codec  |      type: what was encoded   codec: how its bytes were packed
 *           +--------+--------+
 */
public final class StoredValue {
    /** The {@link #format()} of bytes whose writer did not say what they are. */
    public static final int RAW = 0;

    private static final int FORMAT_MAX = 0xFF;
    private static final int CODEC_BITS = 4;

    private final byte[] bytes;
    private final int format;

    /**
     * @param bytes not copied
     * @param format 0 to 255
     */
    public StoredValue(byte[] bytes, int format) {
        if (format < 0 || format > FORMAT_MAX) {
            throw new IllegalArgumentException(
                    "format: " + format + " (expected: 0.." + FORMAT_MAX + ")");
        }
        this.bytes = Objects.requireNonNull(bytes, "bytes");
        this.format = format;
    }

    /** Bytes of which nothing is said. */
    public static StoredValue raw(byte[] bytes) {
        return new StoredValue(bytes, RAW);
    }

    /** Bytes with a type of 0 to 15 and a codec of 0 to 15. */
    static StoredValue of(byte[] bytes, int type, int codec) {
        return new StoredValue(bytes, type << CODEC_BITS | codec);
    }

    /** The value as it lies in the server; not a copy, and not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * Type in the high 4 bits, codec in the low ones, as the protocol numbers them; the server
     * keeps it with the value and does not look at it. 0 to 255.
     */
    public int format() {
        return format;
    }

    /** The type of the value, 0 to 15; 0: not said. */
    int type() {
        return format >> CODEC_BITS;
    }

    /** How the bytes are packed, 0 to 15; 0: not at all. */
    int codec() {
        return format & (1 << CODEC_BITS) - 1;
    }
}

package io.larder.bench.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What a run stores, whatever the protocol: the key of index {@code i} is twenty characters that
 * end in {@code i} as twelve decimal digits, its value begins with {@code i} as eight bytes, so an
 * answer can be held against what was asked. Immutable; any thread.
 */
public final class WireItems {
    /** Bytes of every key. */
    public static final int KEY_BYTES = 20;

    /** Bytes of the shortest value: the index that is checked. */
    public static final int VALUE_BYTES_MIN = Long.BYTES;

    /** The most keys there can be: what the digits written one by one can tell apart. */
    public static final int KEYS_MAX = 100_000_000;

    /** What every key begins with; twelve digits follow. */
    public static final String KEY_PREFIX = "larder:b";

    private static final byte[] PREFIX_AND_ZEROS =
            (KEY_PREFIX + "0000").getBytes(StandardCharsets.US_ASCII);

    private static final int TEN_THOUSAND = 10_000;

    private final byte[] filler;

    /**
     * @param valueBytes bytes of every value, from {@link #VALUE_BYTES_MIN}
     */
    public WireItems(int valueBytes) {
        if (valueBytes < VALUE_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "valueBytes: " + valueBytes + " (expected: " + VALUE_BYTES_MIN + "..)");
        }
        filler = "x".repeat(valueBytes - VALUE_BYTES_MIN).getBytes(StandardCharsets.US_ASCII);
    }

    int valueBytes() {
        return VALUE_BYTES_MIN + filler.length;
    }

    /** Appends a key. */
    void writeKey(ByteBuf out, int keyIndex) {
        out.writeBytes(PREFIX_AND_ZEROS);
        out.writeLong(decimalDigits(keyIndex));
    }

    /** Appends a value. */
    void writeValue(ByteBuf out, int keyIndex) {
        out.writeLong(keyIndex);
        out.writeBytes(filler);
    }

    /** True if the key of this index is there. */
    boolean isKeyOf(ByteBuf in, int offset, int keyIndex) {
        return in.getLong(offset + PREFIX_AND_ZEROS.length) == decimalDigits(keyIndex);
    }

    /** True if the value of this key is there. */
    boolean isValueOf(ByteBuf in, int offset, int keyIndex) {
        return in.getLong(offset) == keyIndex;
    }

    /**
     * The eight decimal digits of a number below {@link #KEYS_MAX}, in ASCII, the first in the
     * highest byte: halves of four digits, then of two, then of one, all halves of a width at once.
     */
    static long decimalDigits(int number) {
        long fours = (long) (number / TEN_THOUSAND) << 32 | number % TEN_THOUSAND;
        long hundreds = ((fours * 5243) >>> 19) & 0x0000_007F_0000_007FL; // by 100, below 10,000
        long twos = hundreds << 16 | fours - hundreds * 100;
        long tens = ((twos * 103) >>> 10) & 0x000F_000F_000F_000FL; // by 10, below 100
        long ones = tens << 8 | twos - tens * 10;
        return ones + 0x3030_3030_3030_3030L;
    }
}

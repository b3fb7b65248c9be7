package io.larder.bench.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The items that every engine holds: key and value of each index. Stateless. */
final class Items {
    static final int KEY_BYTES = 20;
    static final int VALUE_BYTES = 100;

    private static final byte[] PREFIX = "key:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private Items() {}

    /** Writes the key of item {@code index}: no two have the same. */
    static void writeKey(int index, byte[] target, int offset) {
        System.arraycopy(PREFIX, 0, target, offset, PREFIX.length);
        long word = scatter(index);
        for (int i = KEY_BYTES - 1; i >= PREFIX.length; i--) {
            target[offset + i] = HEX[(int) word & 0xF];
            word >>>= 4;
        }
    }

    /** Writes the value that is loaded under the key of item {@code index}. */
    static void writeValue(int index, byte[] target) {
        ByteBuffer buffer = ByteBuffer.wrap(target);
        long word = index;
        while (buffer.remaining() >= Long.BYTES) {
            word = scatter(word + 1);
            buffer.putLong(word);
        }
        while (buffer.hasRemaining()) {
            buffer.put((byte) word);
        }
    }

    /** A bijection of 64 bits that leaves no order: Stafford's 13th variant of Murmur's mix. */
    static long scatter(long word) {
        word = (word ^ word >>> 30) * 0xBF58476D1CE4E5B9L;
        word = (word ^ word >>> 27) * 0x94D049BB133111EBL;
        return word ^ word >>> 31;
    }
}

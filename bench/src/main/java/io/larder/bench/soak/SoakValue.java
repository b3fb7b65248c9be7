package io.larder.bench.soak;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * A value that says what it is, and shows whether a byte of it is another's. A buffer for one
 * thread.
 *
 * <pre>
 *   0         4          8        12                  length - 4   length
 *   | key     | sequence | length | filling             | CRC32C   |
 * </pre>
 */
final class SoakValue {
    static final int BYTES_MIN = 16;

    private static final int SEQUENCE_AT = 4;
    private static final int LENGTH_AT = 8;
    private static final int FILLING_AT = 12;
    private static final int FILLINGS = 1 << 12;
    private static final long FILLING_SEED = 0xF111L;

    private final byte[] bytes;
    private final byte[] fillings;
    private final ByteBuffer view;
    private final CRC32C checksum = new CRC32C();

    SoakValue(int bytesMax) {
        bytes = new byte[bytesMax];
        view = ByteBuffer.wrap(bytes);
        fillings = new byte[bytesMax + FILLINGS];
        new SplittableRandom(FILLING_SEED).nextBytes(fillings);
    }

    byte[] bytes() {
        return bytes;
    }

    /** Makes the value of the key's write of this number. */
    void write(int key, int sequence, int length) {
        int end = length - Integer.BYTES;
        view.putInt(0, key).putInt(SEQUENCE_AT, sequence).putInt(LENGTH_AT, length);
        int from = (31 * key + sequence) & (FILLINGS - 1);
        System.arraycopy(fillings, from, bytes, FILLING_AT, end - FILLING_AT);
        view.putInt(end, checksum(end));
    }

    /** Whether the bytes are a value of this key, whole. */
    boolean isOf(int key, int length) {
        return length >= BYTES_MIN
                && length <= bytes.length
                && view.getInt(0) == key
                && view.getInt(LENGTH_AT) == length
                && view.getInt(length - Integer.BYTES) == checksum(length - Integer.BYTES);
    }

    /** The number of the write that made it. */
    int sequence() {
        return view.getInt(SEQUENCE_AT);
    }

    private int checksum(int length) {
        checksum.reset();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}

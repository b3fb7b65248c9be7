package io.larder.bench.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Values that tell which write of which key they are of, and whether they are whole. Stateless. */
final class CrashValue {
    /** What every key begins with. */
    static final String KEY_PREFIX = "key-";

    private static final int HEADER_BYTES = 24;
    private static final int SMALL_BYTES_MAX = 2_000;
    private static final int LARGE_BYTES_MAX = 300_000;
    private static final int LARGE_ONE_IN = 500;

    /** What is read of a value that no write wrote. */
    static final long CORRUPT = -1;

    private CrashValue() {}

    static byte[] keyOf(int key) {
        return (KEY_PREFIX + key).getBytes(US_ASCII);
    }

    /** The value of a writer's write number {@code number} of a key. */
    static byte[] of(int writer, int key, long number) {
        SplittableRandom random = new SplittableRandom(mix(writer, key, number));
        int bound = random.nextInt(LARGE_ONE_IN) == 0 ? LARGE_BYTES_MAX : SMALL_BYTES_MAX;
        ByteBuffer value = ByteBuffer.allocate(HEADER_BYTES + random.nextInt(bound));
        value.putLong(writer).putLong(key).putLong(number);
        while (value.remaining() >= Long.BYTES) {
            value.putLong(random.nextLong());
        }
        while (value.hasRemaining()) {
            value.put((byte) random.nextInt());
        }
        return value.array();
    }

    private static long mix(int writer, int key, long number) {
        return ((long) writer << 48 ^ (long) key << 24 ^ number) * 0x9E3779B97F4A7C15L;
    }

    /** The number of the write that a key's value is of; {@link #CORRUPT} if it is of none. */
    static long numberOf(int writer, int key, byte[] value) {
        if (value.length < HEADER_BYTES) {
            return CORRUPT;
        }
        long number = ByteBuffer.wrap(value).getLong(2 * Long.BYTES);
        return number > 0 && Arrays.equals(value, of(writer, key, number)) ? number : CORRUPT;
    }
}

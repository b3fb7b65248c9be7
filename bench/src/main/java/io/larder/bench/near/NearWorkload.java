package io.larder.bench.near;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** The keys, of which few are asked for often, and the values, which say what they are. */
final class NearWorkload {
    static final int KEYS = 10_000;
    private static final int KEYS_HOT = 200;
    private static final int VALUE_BYTES = 64;

    private NearWorkload() {}

    /** A key's number: one of the hot ones, or of all, which are more than a server tracks. */
    static int nextKey(SplittableRandom random, boolean onlyHot) {
        return random.nextInt(onlyHot || random.nextInt(5) < 4 ? KEYS_HOT : KEYS);
    }

    static byte[] key(int number) {
        return ("key-" + number).getBytes(StandardCharsets.US_ASCII);
    }

    /** The value of a key's write. */
    static byte[] value(int key, long write) {
        return ByteBuffer.allocate(VALUE_BYTES).putInt(key).putLong(write).array();
    }

    /** The number of the write that a value is of; -1 if it is no value of the key. */
    static long writeOf(int key, byte[] value) {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        return value.length == VALUE_BYTES && bytes.getInt() == key ? bytes.getLong() : -1;
    }
}

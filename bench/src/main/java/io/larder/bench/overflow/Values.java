package io.larder.bench.overflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Keys by number, and the one value each has. Immutable. */
record Values(String prefix, int valueBytes) {
    byte[] key(int index) {
        return (prefix + index).getBytes(UTF_8);
    }

    byte[] value(int index) {
        byte[] value = new byte[valueBytes];
        new SplittableRandom(prefix.hashCode() * 31L + index).nextBytes(value);
        return value;
    }

    boolean isRight(int index, byte[] value) {
        return Arrays.equals(value, value(index));
    }
}

package io.larder.bench.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Spoils inputs, the same way for the same seed. Numbers at the edges of what a length can be are
 * put where a length may stand. For one thread.
 */
final class Mutator {
    /**
     * 0, 1, the limits of the protocols and one above, and what overflows an int or is its sign.
     */
    static final long[] EDGES = {
        0,
        1,
        2,
        23,
        24,
        25,
        127,
        128,
        250,
        251,
        255,
        256,
        1_024,
        1_025,
        4_095,
        4_096,
        4_097,
        32_767,
        32_768,
        65_535,
        65_536,
        1 << 20,
        (1 << 20) + 1,
        (1 << 20) + 4_095 + 1_024,
        (1 << 20) + 4_095 + 1_025,
        (1L << 31) - 1,
        1L << 31,
        (1L << 32) - 1,
        -1L
    };

    private static final byte[] SIGNS = {
        '\r', '\n', ' ', '$', '*', '-', ':', '"', '\\', '=', 0, -1
    };
    private static final int CHANGES_MAX = 4;
    private static final int INPUT_BYTES_MAX = 64 << 10;

    private final SplittableRandom random;

    Mutator(long seed) {
        random = new SplittableRandom(seed);
    }

    /** One of the seeds, spoiled in up to four places. */
    byte[] next(List<byte[]> seeds) {
        byte[] bytes = pick(seeds).clone();
        for (int changes = random.nextInt(CHANGES_MAX) + 1; changes > 0; changes--) {
            bytes = spoil(bytes, seeds);
        }
        return bytes.length > INPUT_BYTES_MAX ? Arrays.copyOf(bytes, INPUT_BYTES_MAX) : bytes;
    }

    private byte[] pick(List<byte[]> seeds) {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] spoil(byte[] bytes, List<byte[]> seeds) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(9)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> bytes[at] = SIGNS[random.nextInt(SIGNS.length)];
            case 3 -> putEdge(bytes, at);
            case 4 -> {
                return withDecimalEdge(bytes, at);
            }
            case 5 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 6 -> {
                return without(bytes, at, 1 + random.nextInt(8));
            }
            case 7 -> {
                return doubled(bytes, at, 1 + random.nextInt(32));
            }
            default -> {
                byte[] other = pick(seeds);
                return joined(bytes, at, other, random.nextInt(other.length + 1));
            }
        }
        return bytes;
    }

    private void putEdge(byte[] bytes, int at) {
        long edge = EDGES[random.nextInt(EDGES.length)];
        int width = 1 << random.nextInt(4);
        for (int i = 0; i < width && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (edge >>> (8 * (width - 1 - i)));
        }
    }

    /** An edge in digits, in place of the digits that are there. */
    private byte[] withDecimalEdge(byte[] bytes, int at) {
        int begin = at;
        int end = at;
        while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
            end++;
        }
        String edge = Long.toString(EDGES[random.nextInt(EDGES.length)]);
        byte[] digits = edge.getBytes(US_ASCII);
        byte[] spoiled = new byte[bytes.length - (end - begin) + digits.length];
        System.arraycopy(bytes, 0, spoiled, 0, begin);
        System.arraycopy(digits, 0, spoiled, begin, digits.length);
        System.arraycopy(bytes, end, spoiled, begin + digits.length, bytes.length - end);
        return spoiled;
    }

    private static byte[] without(byte[] bytes, int at, int count) {
        return joined(bytes, at, bytes, Math.min(bytes.length, at + count));
    }

    private static byte[] doubled(byte[] bytes, int at, int count) {
        return joined(bytes, Math.min(bytes.length, at + count), bytes, at);
    }

    /** The beginning of the one and the end of the other. */
    private static byte[] joined(byte[] first, int end, byte[] second, int from) {
        byte[] all = Arrays.copyOf(first, end + second.length - from);
        System.arraycopy(second, from, all, end, second.length - from);
        return all;
    }
}

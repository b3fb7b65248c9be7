package io.larder.server.store;

import io.larder.server.memory.Slice;

/**
 * SipHash-1-3 of a space and a key under a random 128-bit seed, so that nobody who does not know
 * the seed can choose keys that meet in one bucket. Immutable and safe for any thread.
 *
 * <p>The message is one word of space and key length, then the key's bytes in native order, eight
 * at a time, the last ones zero-padded (the length being hashed already, no other end mark is
 * needed).
 *
 * @see <a href="https://www.aumasson.jp/siphash/siphash.pdf">Aumasson and Bernstein, SipHash: a
 *     fast short-input PRF</a>
 */
public final class KeyHasher {
    private final long seed0;
    private final long seed1;

    /** A hasher under the given seed. */
    public KeyHasher(long seed0, long seed1) {
        this.seed0 = seed0;
        this.seed1 = seed1;
    }

    /** The hash of {@code key} in {@code space}. */
    public long hash(int space, Slice key) {
        long v0 = seed0 ^ 0x736f6d6570736575L;
        long v1 = seed1 ^ 0x646f72616e646f6dL;
        long v2 = seed0 ^ 0x6c7967656e657261L;
        long v3 = seed1 ^ 0x7465646279746573L;
        int length = key.length();
        long word = (long) length << 32 | space;
        int index = 0;
        while (true) {
            v3 ^= word;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
            if (index >= length) {
                break;
            }
            word = length - index >= 8 ? key.getLong(index) : key.getTail(index);
            index += 8;
        }
        v2 ^= 0xFF;
        for (int round = 0; round < 3; round++) {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** What stands for a tag of items in {@code space}: its hash, never 0. */
    public long tag(int space, Slice tag) {
        long hash = hash(space, tag);
        return hash == 0 ? 1 : hash;
    }
}

package io.larder.bench.flood;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.larder.server.memory.Slice;
import io.larder.server.store.KeyHasher;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Hashes without a secret, each with a way to find keys that meet. Stateless. */
/*
 * The first three go over a key piece by piece, and what came before a piece is 32 bits. So it
 * takes 2^16 tries to find two pieces that lead from one such state to the same next one, and
 * after k pairs any choice of one piece of each pair is a key, 2^k of them with one hash [Joux,
 * "Multicollisions in Iterated Hash Functions", CRYPTO 2004]. A piece is one block where blocks
 * do not map the state one to one, else two.
 *
 * SipHash has no such state. With a seed that everybody knows, zero, keys are tried until enough
 * have the shard and bucket bits wanted.
 */
public enum UnkeyedHash {
    /** {@link String#hashCode} and {@link Arrays#hashCode(byte[])}. */
    java {
        @Override
        int step(int state, byte[] piece) {
            int hash = state;
            for (byte each : piece) {
                hash = 31 * hash + each;
            }
            return hash;
        }
    },
    /** FNV-1a of 32 bits. */
    fnv1a {
        @Override
        int step(int state, byte[] piece) {
            int hash = state;
            for (byte each : piece) {
                hash = (hash ^ (each & 0xFF)) * 0x01000193;
            }
            return hash;
        }
    },
    /** MurmurHash3's body of 32 bits, its seed zero. */
    murmur3 {
        @Override
        int step(int state, byte[] piece) {
            int hash = state;
            for (int i = 0; i < piece.length; i += Integer.BYTES) {
                int block = ByteBuffer.wrap(piece).order(LITTLE_ENDIAN).getInt(i);
                block = Integer.rotateLeft(block * 0xCC9E2D51, 15) * 0x1B873593;
                hash = Integer.rotateLeft(hash ^ block, 13) * 5 + 0xE6546B64;
            }
            return hash;
        }
    },
    /** SipHash-1-3, its seed zero: the bits that choose shard and bucket. */
    siphash {
        @Override
        int step(int state, byte[] piece) {
            long hash = new KeyHasher(0, 0).hash(SPACE, Slice.of(piece));
            int high = (int) (hash >>> (Long.SIZE - SIP_BITS_HIGH));
            int low = (int) hash & ((1 << SIP_BITS_LOW) - 1);
            return (high << SIP_BITS_LOW) | low;
        }

        @Override
        List<byte[]> colliding(int count, SplittableRandom random) {
            List<byte[]> keys = new ArrayList<>(count);
            byte[] key = random(random);
            int wanted = hash(key);
            while (keys.size() < count) {
                key = random(random);
                if (hash(key) == wanted) {
                    keys.add(key);
                }
            }
            return keys;
        }

        private byte[] random(SplittableRandom random) {
            byte[] key = new byte[PIECE_BYTES];
            random.nextBytes(key);
            return key;
        }
    };

    static final int SPACE = 1;

    private static final int PIECE_BYTES = 8;
    private static final int SIP_BITS_HIGH = 4;
    private static final int SIP_BITS_LOW = 3;

    /** The state after one more piece. */
    abstract int step(int state, byte[] piece);

    /** The hash of a key of whole pieces. */
    int hash(byte[] key) {
        return step(0, key);
    }

    /** So many different keys of one length and one hash. */
    List<byte[]> colliding(int count, SplittableRandom random) {
        List<byte[][]> pairs = new ArrayList<>();
        int state = 0;
        while (1L << pairs.size() < count) {
            byte[][] pair = pair(state, random);
            pairs.add(pair);
            state = step(state, pair[0]);
        }
        List<byte[]> keys = new ArrayList<>(count);
        for (int choice = 0; choice < count; choice++) {
            ByteBuffer key = ByteBuffer.allocate(pairs.size() * PIECE_BYTES);
            for (int i = 0; i < pairs.size(); i++) {
                key.put(pairs.get(i)[(choice >>> i) & 1]);
            }
            keys.add(key.array());
        }
        return keys;
    }

    /** Two pieces that lead from a state to the same one. */
    private byte[][] pair(int state, SplittableRandom random) {
        Map<Integer, byte[]> tried = new HashMap<>();
        while (true) {
            byte[] piece = new byte[PIECE_BYTES];
            random.nextBytes(piece);
            byte[] other = tried.put(step(state, piece), piece);
            if (other != null && !Arrays.equals(other, piece)) {
                return new byte[][] {other, piece};
            }
        }
    }
}

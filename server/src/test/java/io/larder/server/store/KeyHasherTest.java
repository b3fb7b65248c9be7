package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.OffHeapMemory;
import io.larder.server.memory.Slice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyHasherTest {
    /** SipHash-1-3 as the paper has it, but for the last word, over words read one by one. */
    private static long plainly(long seed0, long seed1, int space, byte[] key) {
        long[] v = {
            seed0 ^ 0x736f6d6570736575L,
            seed1 ^ 0x646f72616e646f6dL,
            seed0 ^ 0x6c7967656e657261L,
            seed1 ^ 0x7465646279746573L
        };
        ByteBuffer padded =
                ByteBuffer.wrap(Arrays.copyOf(key, (key.length + 7) / 8 * 8))
                        .order(ByteOrder.nativeOrder());
        compress(v, (long) key.length << 32 | space);
        while (padded.hasRemaining()) {
            compress(v, padded.getLong());
        }
        v[2] ^= 0xff;
        round(v);
        round(v);
        round(v);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void compress(long[] v, long word) {
        v[3] ^= word;
        round(v);
        v[0] ^= word;
    }

    private static void round(long[] v) {
        v[0] += v[1];
        v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
        v[0] = Long.rotateLeft(v[0], 32);
        v[2] += v[3];
        v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
        v[2] = Long.rotateLeft(v[2], 32);
    }

    @Test
    void hash_ofAnyKey_isSipHash13_onAndOffHeap() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        OffHeapMemory memory = OffHeapMemory.allocate(4096);
        for (int length = 1; length <= 300; length++) {
            byte[] key = new byte[length];
            random.nextBytes(key);
            long seed0 = random.nextLong();
            long seed1 = random.nextLong();
            int space = random.nextInt(1 << 24);
            KeyHasher hasher = new KeyHasher(seed0, seed1);
            memory.copyIn(3, Slice.of(key));

            long expected = plainly(seed0, seed1, space, key);

            assertThat(hasher.hash(space, Slice.of(key))).as("seed %d", seed).isEqualTo(expected);
            assertThat(hasher.hash(space, memory.wrap(3, length, new Slice())))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    /** The paper's only vector is of SipHash-2-4; it is made of the same rounds. */
    @Test
    void rounds_ofTheComparison_giveThePapersVector() {
        byte[] key = count(16);
        byte[] message = count(15);
        long seed0 = word(key, 0);
        long seed1 = word(key, 8);
        long[] v = {
            seed0 ^ 0x736f6d6570736575L,
            seed1 ^ 0x646f72616e646f6dL,
            seed0 ^ 0x6c7967656e657261L,
            seed1 ^ 0x7465646279746573L
        };
        byte[] padded = Arrays.copyOf(message, 16);
        padded[15] = 15;
        for (int at = 0; at < 16; at += 8) {
            v[3] ^= word(padded, at);
            round(v);
            round(v);
            v[0] ^= word(padded, at);
        }
        v[2] ^= 0xff;
        for (int i = 0; i < 4; i++) {
            round(v);
        }

        assertThat(v[0] ^ v[1] ^ v[2] ^ v[3]).isEqualTo(0xa129ca6149be45e5L);
    }

    private static byte[] count(int bytes) {
        byte[] count = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            count[i] = (byte) i;
        }
        return count;
    }

    private static long word(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
    }
}

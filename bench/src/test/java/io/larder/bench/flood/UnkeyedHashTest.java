package io.larder.bench.flood;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.Slice;
import io.larder.server.store.KeyHasher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class UnkeyedHashTest {
    private static final int KEYS = 4_000;
    private static final int BUCKETS = 1 << 10;

    private static List<byte[]> colliding(UnkeyedHash hash) {
        return hash.colliding(KEYS, new SplittableRandom(5));
    }

    @ParameterizedTest
    @EnumSource(UnkeyedHash.class)
    void colliding_areDifferentKeysOfOneHash(UnkeyedHash hash) {
        List<byte[]> keys = colliding(hash);
        int expected = hash.hash(keys.get(0));
        Set<ByteBuffer> different = new HashSet<>();
        for (byte[] key : keys) {
            assertThat(hash.hash(key)).isEqualTo(expected);
            different.add(ByteBuffer.wrap(key));
        }
        assertThat(different).hasSize(KEYS);
    }

    /** Four in a bucket on average: thirty in one would not happen by chance in a lifetime. */
    @ParameterizedTest
    @EnumSource(UnkeyedHash.class)
    void collidingKeys_underASeed_spreadOverShardsAndBuckets(UnkeyedHash hash) {
        KeyHasher keyed = new KeyHasher(0x0123456789ABCDEFL, 0xFEDCBA9876543210L);
        int[] shards = new int[16];
        int[] buckets = new int[BUCKETS];
        for (byte[] key : colliding(hash)) {
            long hashed = keyed.hash(UnkeyedHash.SPACE, Slice.of(key));
            shards[(int) (hashed >>> 60)]++;
            buckets[(int) hashed & BUCKETS - 1]++;
        }
        assertThat(Arrays.stream(buckets).max().orElseThrow()).isLessThan(30);
        assertThat(Arrays.stream(shards).max().orElseThrow()).isLessThan(KEYS / 16 * 14 / 10);
        assertThat(Arrays.stream(shards).min().orElseThrow()).isGreaterThan(KEYS / 16 * 6 / 10);
    }

    /** That the bound above can fail: under the hash they were made for they all meet. */
    @Test
    void collidingKeys_underTheSeedTheyWereMadeFor_meet() {
        KeyHasher known = new KeyHasher(0, 0);
        Set<Long> shards = new HashSet<>();
        for (byte[] key : colliding(UnkeyedHash.siphash)) {
            shards.add(known.hash(UnkeyedHash.SPACE, Slice.of(key)) >>> 60);
        }
        assertThat(shards).hasSize(1);
    }

    @Test
    void java_isWhatTheJdkComputes() {
        byte[] key = "collides!".getBytes(StandardCharsets.US_ASCII);

        assertThat(UnkeyedHash.java.hash(key)).isEqualTo("collides!".hashCode());
    }
}

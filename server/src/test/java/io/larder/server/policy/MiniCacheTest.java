package io.larder.server.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MiniCacheTest {
    private static MiniCache cache(AdmissionMode mode, int itemsMax, long capacityBytes) {
        FrequencySketch sketch = new FrequencySketch(4096, 10_000);
        return new MiniCache(
                new S3FifoPolicy(new GhostTable(itemsMax), sketch, () -> mode),
                itemsMax,
                capacityBytes);
    }

    @ParameterizedTest
    @EnumSource
    void access_ofAsManyKeysAsFit_hitsFromTheSecondRoundOn(AdmissionMode mode) {
        MiniCache cache = cache(mode, 100, 1000);
        int hits = 0;
        for (int access = 0; access < 300; access++) {
            hits += cache.access(Hashes.of(access % 100), 10) ? 1 : 0;
        }

        assertThat(hits).isEqualTo(200);
        assertThat(cache.count()).isEqualTo(100);
        assertThat(cache.isFull()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void access_hitsOnlyWhatWasAccessed_withinItsBounds(AdmissionMode mode) {
        MiniCache cache = cache(mode, 200, 10_000);
        Random random = new Random(2);
        Set<Integer> accessed = new HashSet<>();
        int hits = 0;
        for (int access = 0; access < 50_000; access++) {
            int key = (int) (Math.abs(random.nextGaussian()) * 400);
            boolean hit = cache.access(Hashes.of(key), 1 + (key & 127));
            assertThat(hit && accessed.add(key)).isFalse();
            accessed.add(key);
            hits += hit ? 1 : 0;
            assertThat(cache.count()).isLessThanOrEqualTo(200);
        }
        assertThat(hits).isBetween(5_000, 45_000);
    }

    @Test
    void access_ofAnItemLargerThanTheCache_changesNothing() {
        MiniCache cache = cache(AdmissionMode.S3_FIFO, 10, 100);
        cache.access(Hashes.of(1), 60);

        assertThat(cache.access(Hashes.of(2), 101)).isFalse();
        assertThat(cache.access(Hashes.of(2), 101)).isFalse();
        assertThat(cache.access(Hashes.of(1), 60)).isTrue();
    }

    @Test
    void capacity_dropsWhatIsNotRetained() {
        MiniCache cache = cache(AdmissionMode.TINY_LFU, 100, 100);
        for (int key = 0; key < 100; key++) {
            cache.access(Hashes.of(key), 1);
        }
        cache.capacity(50, hash -> (hash & 1) == 0);
        int evenKeys = cache.count();

        assertThat(evenKeys).isBetween(30, 70);
        for (int key = 0; key < 100; key++) {
            if ((Hashes.of(key) & 1) == 0 && evenKeys <= 50) {
                assertThat(cache.access(Hashes.of(key), 1)).isTrue();
            }
        }
    }

    @Test
    void new_withMoreItemsThanLinksReach_isRefused() {
        assertThatThrownBy(() -> cache(AdmissionMode.CLOCK, 32_768, 1))
                .hasMessage("itemsMax: 32768 (expected: 1..32767)");
    }
}

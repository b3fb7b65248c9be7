package io.larder.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class ReplayCachesTest {
    private long now;

    private boolean access(ReplayCache cache, long key) {
        return access(cache, key, 0, 0);
    }

    private boolean access(ReplayCache cache, long key, int bytes, long ttlMillis) {
        return cache.access(new Request(key * 0x9E3779B97F4A7C15L, bytes, ttlMillis), now);
    }

    private static ReplayCache cache(String policy, int items, boolean sized) {
        return switch (policy) {
            case "lru" -> new LruCache(sized ? 1000L * items : items, sized);
            case "caffeine" -> new CaffeineCache(sized ? 1000L * items : items, sized);
            case "s3fifo" -> new S3FifoCache(sized ? 1000L * items : items, sized);
            default ->
                    StoreCache.open(
                            sized
                                    ? StoreLayout.ofSizes(items, 1000, 2000)
                                    : StoreLayout.ofItems(items),
                            sized);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"lru", "caffeine", "s3fifo", "larder"})
    void workingSetThatFits_hitsFromTheSecondRoundOn(String policy) {
        ReplayCache cache = cache(policy, 200, false);
        int hits = 0;
        for (int request = 0; request < 600; request++) {
            hits += access(cache, request % 190) ? 1 : 0;
        }

        assertThat(hits).isEqualTo(410);
        assertThat(cache.itemsPeak()).isEqualTo(190);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lru", "caffeine", "s3fifo", "larder"})
    void moreItemsThanFit_areHeldUpToTheCapacity(String policy) {
        ReplayCache cache = cache(policy, 1000, false);
        for (int key = 0; key < 5000; key++) {
            access(cache, key);
        }

        assertThat(cache.itemsPeak()).isBetween(990L, 1010L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lru", "caffeine", "s3fifo", "larder"})
    void expiredItem_isAMiss_andStoredAnew(String policy) {
        ReplayCache cache = cache(policy, 100, true);
        access(cache, 1, 10, 50);
        now = 49;
        assertThat(access(cache, 1, 10, 50)).isTrue();
        now = 50;
        assertThat(access(cache, 1, 10, 50)).isFalse();
        assertThat(access(cache, 1, 10, 50)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lru", "caffeine", "s3fifo", "larder"})
    void sizes_count(String policy) {
        ReplayCache small = cache(policy, 500, true);
        ReplayCache large = cache(policy, 500, true);
        for (int key = 0; key < 4000; key++) {
            access(small, key, 500, 0);
            access(large, key, 2000, 0);
        }

        assertThat(small.itemsPeak()).isBetween(850L, 1060L);
        assertThat(large.itemsPeak()).isBetween(200L, 265L);
    }

    @Test
    void lru_evictsWhatWasNotReadForLongest() {
        ReplayCache cache = cache("lru", 3, false);
        access(cache, 1);
        access(cache, 2);
        access(cache, 3);
        access(cache, 1);
        access(cache, 4);

        assertThat(access(cache, 1)).isTrue();
        assertThat(access(cache, 2)).isFalse();
    }

    @Test
    void s3fifo_keepsWhatWasReadTwice_andKnowsWhatCameBack() {
        ReplayCache cache = cache("s3fifo", 10, false);
        access(cache, 100);
        access(cache, 100);
        access(cache, 100);
        for (int key = 0; key < 50; key++) {
            access(cache, key);
        }
        assertThat(access(cache, 100)).isTrue();
        assertThat(access(cache, 36)).as("gone, but remembered").isFalse();
        for (int key = 200; key < 208; key++) {
            access(cache, key);
        }
        assertThat(access(cache, 36)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {16, 50, 512, 3000, 65_535, 100_000})
    void store_holdsTheItemsAskedFor_within1Percent(long items) {
        StoreCache cache = StoreCache.open(StoreLayout.ofItems(items), false);
        for (long key = 0; key < 3 * items; key++) {
            access(cache, key);
        }

        assertThat(cache.itemsPeak()).isBetween(items - items / 100, items + items / 100);
    }

    @Test
    void store_replaysAlike() {
        assertThat(hits(new Random(5))).isEqualTo(hits(new Random(5))).isBetween(5_000, 45_000);
    }

    private int hits(Random random) {
        ReplayCache cache = cache("larder", 500, false);
        int hits = 0;
        for (int request = 0; request < 50_000; request++) {
            hits += access(cache, (long) Math.pow(10_000, random.nextDouble())) ? 1 : 0;
        }
        return hits;
    }

    /** A loop larger than the cache, where recency and plain S3-FIFO never hit. */
    @Test
    void store_inALoop_hitsForItsShare() {
        ReplayCache cache = cache("larder", 512, false);
        int hits = 0;
        for (int request = 0; request < 100_000; request++) {
            hits += access(cache, request % 1011) ? 1 : 0;
        }

        assertThat(hits).isGreaterThan(45_000);
    }
}

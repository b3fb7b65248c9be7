package io.larder.server.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SampledKeysTest {
    private static final long NEVER = Long.MAX_VALUE;

    private final SampledKeys keys = new SampledKeys();

    @Test
    void addedAndRemovedAtRandom_itHasWhatAMapHas() {
        long seed = 11;
        Random random = new Random(seed);
        Map<Long, Integer> model = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            long hash = random.nextInt(40_000) * 0x9E3779B97F4A7C15L;
            int slot = keys.find(hash);
            assertThat(slot != SampledKeys.NONE)
                    .as("seed %d", seed)
                    .isEqualTo(model.containsKey(hash));
            if (slot == SampledKeys.NONE) {
                keys.isThere(keys.add(hash, 1, hash + 1), step + 1, NEVER);
                model.put(hash, step + 1);
            } else {
                assertThat(keys.itemBytes(slot)).isEqualTo(model.get(hash));
                assertThat(keys.prefixHash(slot)).isEqualTo(hash + 1);
                if (random.nextBoolean()) {
                    keys.remove(slot);
                    model.remove(hash);
                }
            }
        }
        assertThat(model).isNotEmpty();
    }

    @Test
    void retain_leavesWhatIsWanted_andNothingElse() {
        for (int number = 1; number <= SampledKeys.KEYS_MAX; number++) {
            keys.add(number * 0x9E3779B97F4A7C15L, number, 0);
        }
        assertThat(keys.isFull()).isTrue();

        keys.retain(slot -> (keys.space(slot) & 1) == 0);

        assertThat(keys.isFull()).isFalse();
        for (int number = 1; number <= SampledKeys.KEYS_MAX; number++) {
            boolean isThere = keys.find(number * 0x9E3779B97F4A7C15L) != SampledKeys.NONE;
            assertThat(isThere).isEqualTo((number & 1) == 0);
        }
    }

    @Test
    void itemThatWasThere_hasExpired_oneThatWasNot_isOver() {
        int there = keys.add(1, 1, 0);
        keys.isThere(there, 100, 50);
        assertThat(keys.isDue(there, 49)).isFalse();
        assertThat(keys.isDue(there, 50)).isTrue();
        keys.hasExpired(there);
        assertThat(keys.isExpired(there)).isTrue();
        assertThat(keys.isDue(there, 99)).isFalse();

        int gone = keys.add(2, 1, 0);
        keys.isThere(gone, 100, 50);
        keys.isGone(gone);
        keys.hasExpired(gone);
        assertThat(keys.isExpired(gone)).isFalse();
        assertThat(keys.isDue(gone, 99)).isFalse();
    }
}

package io.larder.server.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HotKeysTest {
    private static final long SEED = 7;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private long nowMillis = 1_000;
    private final HotKeys keys = new HotKeys(() -> nowMillis);

    private void endWindow() {
        nowMillis += 200;
        keys.endBatch();
    }

    private boolean isHot(long hash) {
        HotKeys.Hot hot = keys.current();
        return hot != null && hot.has(HotKeys.identity(hash), nowMillis);
    }

    /** Hits of other keys, none of them often. */
    private void others(int hits) {
        for (int i = 0; i < hits; i++) {
            keys.hit(HotKeys.identity(random.nextLong()));
        }
    }

    @Test
    void keyWithAFewHundredthsOfAllHits_isHot_andNoOther() {
        long hash = random.nextLong();
        for (int i = 0; i < 1_000; i++) {
            keys.hit(HotKeys.identity(hash));
            others(30);
        }
        endWindow();

        assertThat(isHot(hash)).isTrue();
        assertThat(isHot(random.nextLong())).isFalse();
    }

    @Test
    void rareKey_isNotHot_howeverLittleElseIsRead() {
        keys.hit(HotKeys.identity(5));
        others(3);
        endWindow();

        assertThat(keys.current()).isNull();
    }

    @Test
    void hotness_endsWithTheReads_andWithTime() {
        for (int i = 0; i < 1_000; i++) {
            keys.hit(HotKeys.identity(5));
        }
        keys.endBatch();
        assertThat(keys.current()).as("before the window is over").isNull();
        endWindow();
        assertThat(isHot(5)).isTrue();
        nowMillis += 400;
        assertThat(isHot(5)).isFalse();

        endWindow();
        assertThat(keys.current()).isNull();
    }

    @Test
    void told_againAfterHalfOfWhatItHolds() {
        HotTold told = new HotTold();
        assertThat(told.isDue(6, 1_000)).isTrue();
        assertThat(told.isDue(6, 1_499)).isFalse();
        assertThat(told.isDue(6, 1_500)).isTrue();
        assertThat(told.isDue(8 << 10, 1_500)).isTrue();
    }
}

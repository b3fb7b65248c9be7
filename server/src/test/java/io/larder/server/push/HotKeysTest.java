package io.larder.server.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HotKeysTest {
    private static final long SEED = 7;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private long nowMillis = 1_000;
    private final HotKeys keys = new HotKeys(() -> nowMillis, 5);

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
        hit(5, 1_000);
        keys.endBatch();
        assertThat(keys.current()).as("before the window is over").isNull();
        endWindow();
        assertThat(isHot(5)).isTrue();
        nowMillis += 410;
        assertThat(isHot(5)).isFalse();

        endWindow();
        assertThat(keys.current()).isNull();
    }

    @Test
    void hotKey_staysHot_asLongAsAClientThatKeepsItReadsIt() {
        hit(5, 1_000);
        endWindow();
        for (int window = 0; window < 20; window++) {
            hit(5, 40); // one each 5 ms
            others(100_000);
            endWindow();
            assertThat(isHot(5)).as("window %s", window).isTrue();
        }
        hit(5, 9);
        endWindow();

        assertThat(isHot(5)).isFalse();
    }

    @Test
    void hotKey_keptForLongerThanAWindow_staysHotWithoutHitsInEach() {
        HotKeys seldom = new HotKeys(() -> nowMillis, 1_000);
        for (int i = 0; i < 1_000; i++) {
            seldom.hit(HotKeys.identity(5));
        }
        for (int window = 0; window < 10; window++) {
            nowMillis += 200;
            seldom.endBatch();
            assertThat(seldom.current()).as("window %s", window).isNotNull();
        }
        nowMillis += 400;
        seldom.endBatch();

        assertThat(seldom.current()).isNull();
    }

    private void hit(long hash, int times) {
        for (int i = 0; i < times; i++) {
            keys.hit(HotKeys.identity(hash));
        }
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

package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.Slice;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccessSamplerTest {
    private static final int HASHES = 100_000;

    private static final class Sampler extends AccessSampler {
        @Override
        public void read(Key key, boolean isHit, int itemBytes, long expiryMillis) {}

        @Override
        public void stored(Key key, boolean isNew, int itemBytes, long expiryMillis) {}

        @Override
        protected void removed(RemovalCause cause, int space, long hash, Slice key) {}
    }

    private final Sampler sampler = new Sampler();

    private int wanted(long seed) {
        Random random = new Random(seed);
        int wanted = 0;
        for (int i = 0; i < HASHES; i++) {
            wanted += sampler.wants(random.nextLong()) ? 1 : 0;
        }
        return wanted;
    }

    @Test
    void keptKeys_areTheirShare_andOfAThinnerSampleSomeOfThem() {
        Random random = new Random(1);
        int kept = 0;
        for (int i = 0; i < HASHES; i++) {
            long hash = random.nextLong();
            kept += AccessSampler.isKept(hash, 4) ? 1 : 0;
            assertThat(AccessSampler.isKept(hash, 5) && !AccessSampler.isKept(hash, 4)).isFalse();
        }

        assertThat(kept).isBetween(HASHES / 16 - 400, HASHES / 16 + 400);
    }

    @Test
    void passingKeys_areTheirShare_whoseverTurnItIs_andEachKeyGetsItsTurns() {
        long key = 0x123456789ABCDEFL;
        int turns = 0;
        for (int turn = 0; turn < 4096; turn++) {
            sampler.rates(AccessSampler.BITS, 3, turn);
            turns += sampler.passingBits(key) == 3 ? 1 : 0;
        }
        assertThat(turns).isEqualTo(4096 / 8);
        assertThat(wanted(2)).isBetween(HASHES / 8 - 500, HASHES / 8 + 500);
    }

    @Test
    void withoutBits_everythingIsWanted_beforeRatesAreSet_almostNothing() {
        assertThat(wanted(3)).isLessThan(5);
        sampler.rates(0, AccessSampler.BITS, 0);
        assertThat(wanted(3)).isEqualTo(HASHES);
        sampler.rates(AccessSampler.BITS, 0, 77);
        assertThat(wanted(3)).isEqualTo(HASHES);
    }
}

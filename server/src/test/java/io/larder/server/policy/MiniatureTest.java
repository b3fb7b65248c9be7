package io.larder.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MiniatureTest {
    private static final int ITEM_BYTES = 10;

    private static Miniature of(int items) {
        Miniature miniature = new Miniature(2 * items);
        miniature.capacity((long) items * ITEM_BYTES, (long) items * ITEM_BYTES, hash -> true);
        return miniature;
    }

    @Test
    void readOfAnAbsentKey_storesNothing_aWriteDoes() {
        Miniature miniature = of(100);

        assertThat(miniature.read(Hashes.of(1))).isFalse();
        assertThat(miniature.holds(Hashes.of(1))).isFalse();
        miniature.write(Hashes.of(1), ITEM_BYTES, false);
        assertThat(miniature.read(Hashes.of(1))).isTrue();
    }

    @Test
    void removedKeys_makeRoom_andNeverComeBack() {
        Miniature miniature = of(100);
        for (int key = 0; key < 100; key++) {
            miniature.write(Hashes.of(key), ITEM_BYTES, false);
        }
        for (int key = 0; key < 50; key++) {
            miniature.remove(Hashes.of(key));
        }
        for (int key = 100; key < 150; key++) {
            miniature.write(Hashes.of(key), ITEM_BYTES, false);
        }

        assertThat(miniature.count()).isEqualTo(100);
        for (int key = 0; key < 150; key++) {
            assertThat(miniature.holds(Hashes.of(key))).isEqualTo(key >= 50);
        }
    }

    @Test
    void keysOverwrittenAgainAndAgain_stay_andPushNoOtherOut() {
        Miniature miniature = of(100);
        for (int key = 0; key < 90; key++) {
            miniature.write(Hashes.of(key), ITEM_BYTES, false);
        }
        for (int write = 0; write < 10_000; write++) {
            miniature.write(Hashes.of(write % 7), ITEM_BYTES, true);
        }

        assertThat(miniature.count()).isEqualTo(90);
    }

    @Test
    void anythingAtRandom_staysWithinTheBytes_andHasNoKeyThatWasRemoved() {
        Miniature miniature = of(200);
        Random random = new Random(5);
        for (int step = 0; step < 100_000; step++) {
            long hash = Hashes.of(random.nextInt(600));
            switch (random.nextInt(4)) {
                case 0 -> miniature.read(hash);
                case 1 -> miniature.write(hash, ITEM_BYTES, true);
                case 2 -> miniature.write(hash, ITEM_BYTES, false);
                default -> {
                    miniature.remove(hash);
                    assertThat(miniature.holds(hash)).isFalse();
                }
            }
            assertThat(miniature.count()).isLessThanOrEqualTo(200);
        }
        assertThat(miniature.count()).isGreaterThan(150);
    }

    @Test
    void capacityOfHalf_afterHalfTheKeysWereDropped_holdsTheRest() {
        Miniature miniature = of(1_000);
        for (int key = 0; key < 1_000; key++) {
            miniature.write(Hashes.of(key), ITEM_BYTES, false);
        }
        miniature.capacity(500 * ITEM_BYTES, 500 * ITEM_BYTES, hash -> (hash & 1) == 0);

        for (int key = 0; key < 1_000; key++) {
            assertThat(miniature.holds(Hashes.of(key))).isEqualTo((Hashes.of(key) & 1) == 0);
        }
    }
}

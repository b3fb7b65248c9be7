package io.larder.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccessRingTest {
    private static final int CAPACITY = 8;

    private final AccessRing ring = new AccessRing(CAPACITY);
    private final long[] target = new long[CAPACITY];

    @Test
    void drain_givesEntriesInOrder_roundAndRound() {
        long next = 1;
        long expected = 1;
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 5; i++) {
                ring.offer(next++);
            }
            int count = ring.drainTo(target, CAPACITY);
            assertThat(count).isEqualTo(5);
            for (int i = 0; i < count; i++) {
                assertThat(target[i]).isEqualTo(expected++);
            }
        }
        assertThat(ring.drops()).isZero();
    }

    @Test
    void offer_toAFullRing_dropsAndCounts_andKeepsTheOldEntries() {
        for (long entry = 1; entry <= CAPACITY + 3; entry++) {
            ring.offer(entry);
        }

        assertThat(ring.drops()).isEqualTo(3);
        assertThat(ring.drainTo(target, CAPACITY)).isEqualTo(CAPACITY);
        assertThat(target).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(ring.drainTo(target, CAPACITY)).isZero();
    }

    @Test
    void offer_asksForADrain_onceInHalfARing_alsoWhileItDrops() {
        int asked = 0;
        for (long entry = 0; entry < 3 * CAPACITY; entry++) {
            asked += ring.offer(entry) ? 1 : 0;
        }

        assertThat(asked).isEqualTo(2 * 3);
    }

    @Test
    void claim_isOneThreadsAtATime() {
        assertThat(ring.tryClaim()).isTrue();
        assertThat(ring.tryClaim()).isFalse();
        ring.unclaim();
        assertThat(ring.tryClaim()).isTrue();
    }
}

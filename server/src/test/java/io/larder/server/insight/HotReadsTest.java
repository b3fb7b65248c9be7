package io.larder.server.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HotReadsTest {
    private static final long HOT = 0x1234_5678_9ABC_DEF0L;

    private final HotReads reads = new HotReads();
    private final Random random = new Random(1);

    private void read(long hash) {
        reads.accept(new long[] {hash & ~1L}, 1);
    }

    @Test
    void keyWithOneReadInAHundred_isFirst_andNeverCountedTooOften() {
        int hits = 0;
        for (int i = 0; i < 500_000; i++) {
            boolean isHot = random.nextInt(100) == 0;
            hits += isHot ? 1 : 0;
            read(isHot ? HOT : random.nextLong());
        }

        HotTable.Hot first = reads.top(1).get(0);

        assertThat(first.hash()).isEqualTo(HOT);
        assertThat(first.amount()).isBetween(hits / 2L, (long) hits);
    }

    @Test
    void inserts_areNoReads() {
        reads.accept(new long[] {HOT | 1}, 1);

        assertThat(reads.top(10)).isEmpty();
    }

    @Test
    void keyThatWasHot_givesWayToTheOneThatIs() {
        for (int i = 0; i < 2_000_000; i++) {
            read(HOT);
        }
        for (int i = 0; i < 2_500_000; i++) {
            read(~HOT);
        }

        assertThat(reads.top(1).get(0).hash()).isEqualTo(~HOT & ~1L);
    }
}

package io.larder.bench.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ZipfianTest {
    private static final int DRAWN = 1_000_000;

    @Test
    void zeta_beyondTheSummedTerms_isTheSum() {
        double sum = 0;
        for (int k = 1; k <= 50_000; k++) {
            sum += Math.pow(k, -0.99);
        }
        assertThat(Zipfian.zeta(50_000)).isCloseTo(sum, within(1e-9));
    }

    @Test
    void next_drawsRanksByZipfsLaw() {
        int ranks = 1_000;
        Zipfian zipfian = new Zipfian(ranks, new SplittableRandom(7));
        int[] counts = new int[ranks];
        for (int i = 0; i < DRAWN; i++) {
            counts[zipfian.next()]++;
        }
        double zeta = Zipfian.zeta(ranks);
        assertThat(counts[0] / (double) DRAWN).isCloseTo(1 / zeta, within(0.005));
        assertThat(counts[1] / (double) DRAWN).isCloseTo(Math.pow(2, -0.99) / zeta, within(0.005));
        assertThat(counts[ranks - 1]).isPositive();
    }

    @Test
    void next_ofOneRank_isThatRank() {
        assertThat(new Zipfian(1, new SplittableRandom(7)).next()).isZero();
    }
}

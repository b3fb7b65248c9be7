package io.larder.bench.store;

import java.util.SplittableRandom;

/**
 * Ranks from 0 by Zipf's law: rank r comes up in proportion to 1 / (r + 1)^θ. The same random
 * source gives the same ranks. Immutable but for that source; for one thread.
 *
 * @see <a href="https://dl.acm.org/doi/10.1145/191839.191886">Gray et al., Quickly Generating
 *     Billion-Record Synthetic Databases, SIGMOD '94</a>, whose approximation this is
 */
public final class Zipfian {
    private static final double THETA = 0.99;
    private static final double ALPHA = 1 / (1 - THETA);

    /** Terms of the harmonic sum that are added one by one. */
    private static final int SUMMED = 10_000;

    private final SplittableRandom random;
    private final int ranks;
    private final double zeta;
    private final double eta;
    private final double second = 1 + Math.pow(0.5, THETA);

    /** Draws ranks from 0 to {@code ranks} - 1. */
    public Zipfian(int ranks, SplittableRandom random) {
        this.random = random;
        this.ranks = ranks;
        this.zeta = zeta(ranks);
        this.eta = (1 - Math.pow(2.0 / ranks, 1 - THETA)) / (1 - zeta(2) / zeta);
    }

    /** The sum of 1 / k^θ for k from 1 to n; beyond the first terms by Euler and Maclaurin. */
    static double zeta(int n) {
        double sum = 0;
        int summed = Math.min(n, SUMMED);
        for (int k = 1; k <= summed; k++) {
            sum += Math.pow(k, -THETA);
        }
        if (n > summed) {
            sum += (Math.pow(n, 1 - THETA) - Math.pow(summed, 1 - THETA)) / (1 - THETA);
            sum += (Math.pow(n, -THETA) - Math.pow(summed, -THETA)) / 2;
        }
        return sum;
    }

    /** The next rank. */
    public int next() {
        double drawn = random.nextDouble();
        double scaled = drawn * zeta;
        if (scaled < 1) {
            return 0;
        }
        if (scaled < second) {
            return Math.min(1, ranks - 1);
        }
        int rank = (int) (ranks * Math.pow(eta * drawn - eta + 1, ALPHA));
        return Math.min(rank, ranks - 1);
    }
}

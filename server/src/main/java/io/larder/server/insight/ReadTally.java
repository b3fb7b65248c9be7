package io.larder.server.insight;

import java.util.Arrays;

/**
 * How many reads there were, how many missed, and how many of the sample would have missed at each
 * size. Not for several threads at once.
 */
/*
 * The estimate. A sample of keys has its share of the hottest keys only on average, and those decide
 * how many reads there are; but they are hits at every size. What differs between sizes are misses,
 * of keys that are many and of which the sample has its share. So misses of the sample are set
 * against the reads that a fair sample would have had (SHARDS-adj), and only the difference between
 * a size and the present one is taken from the sample, what was missed at the present one being
 * known:
 *
 *     missRatio(size) = misses / reads + (sampleMisses(size) - sampleMisses(present)) / expected
 *
 * The errors that both terms of the difference share go out: of the sample, and of the miniatures
 * where they are not quite the store.
 *
 * Efficient MRC Construction with SHARDS,
 * https://www.usenix.org/conference/fast15/technical-sessions/presentation/waldspurger
 */
final class ReadTally {
    private final double[] sampleMisses = new double[Miniatures.COUNT];
    private double reads;
    private double misses;
    private double expected;

    /** Counts reads of all keys, {@code sampleShare} of which a fair sample would have had. */
    void addReads(long newReads, long newMisses, double sampleShare) {
        reads += newReads;
        misses += newMisses;
        expected += newReads * sampleShare;
    }

    /** Counts a read of a key of the sample; {@code missed} as {@link Miniatures#read} says. */
    void addSample(int missed) {
        for (int number = 0; number < Miniatures.COUNT; number++) {
            sampleMisses[number] += missed >>> number & 1;
        }
    }

    /** Lets what came before count half as much. */
    void halve() {
        reads /= 2;
        misses /= 2;
        expected /= 2;
        for (int number = 0; number < Miniatures.COUNT; number++) {
            sampleMisses[number] /= 2;
        }
    }

    void clear() {
        reads = 0;
        misses = 0;
        expected = 0;
        Arrays.fill(sampleMisses, 0);
    }

    double reads() {
        return reads;
    }

    /** How many of them a fair sample would have had. */
    double expected() {
        return expected;
    }

    /** The hit ratio at a size; 0 while there were no reads. */
    double hitRatio(int number) {
        if (reads <= 0) {
            return 0;
        }
        double difference = sampleMisses[number] - sampleMisses[Miniatures.PRESENT];
        double more = expected > 0 ? difference / expected : 0;
        return Math.max(0, Math.min(1, 1 - misses / reads - more));
    }
}

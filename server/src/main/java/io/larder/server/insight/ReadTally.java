package io.larder.server.insight;

import java.util.Arrays;

/**
 * How many reads there were, how many missed, and how many would have missed at each size, as a
 * sample tells. Not for several threads at once.
 */
/*
 * The estimate. A sample of keys has its share of the hottest keys only on average, and those decide
 * how many reads there are; but they are hits at every size. What differs between sizes are misses,
 * of keys that are many and of which the sample has its share. So misses of the sample, each counted
 * for as many as the sample was small when it came, are set against all reads (SHARDS-adj), and only
 * the difference between a size and the present one is taken from the sample, what was missed at the
 * present one being known:
 *
 *     missRatio(size) = (misses + sampleMisses(size) - sampleMisses(present)) / reads
 *
 * The errors that both terms of the difference share go out: of the sample, and of the miniatures
 * where they are not quite the store.
 *
 * What comes is pending until it is known for how many it stands.
 *
 * Efficient MRC Construction with SHARDS,
 * https://www.usenix.org/conference/fast15/technical-sessions/presentation/waldspurger
 */
final class ReadTally {
    private final double[] sampleMisses = new double[Miniatures.COUNT];
    private final long[] pendingMisses = new long[Miniatures.COUNT];
    private double reads;
    private double misses;
    private double late;
    private long pendingLate;

    /** Counts reads of whatever keys. */
    void addReads(double newReads, double newMisses) {
        reads += newReads;
        misses += newMisses;
    }

    /** Counts a read of a key of the sample; {@code missed} as {@link Miniatures#read} says. */
    void addSample(int missed) {
        for (int number = 0; number < Miniatures.COUNT; number++) {
            pendingMisses[number] += missed >>> number & 1;
        }
    }

    /** Counts a read of a key of the sample whose item has expired shortly before. */
    void addLate() {
        pendingLate++;
    }

    /** What has come of the sample since the last time stands for so many each. */
    void fold(double weight) {
        for (int number = 0; number < Miniatures.COUNT; number++) {
            sampleMisses[number] += pendingMisses[number] * weight;
        }
        late += pendingLate * weight;
        Arrays.fill(pendingMisses, 0);
        pendingLate = 0;
    }

    /** Lets what came before count half as much. */
    void halve() {
        reads /= 2;
        misses /= 2;
        late /= 2;
        for (int number = 0; number < Miniatures.COUNT; number++) {
            sampleMisses[number] /= 2;
        }
    }

    void clear() {
        reads = 0;
        misses = 0;
        late = 0;
        pendingLate = 0;
        Arrays.fill(sampleMisses, 0);
        Arrays.fill(pendingMisses, 0);
    }

    double reads() {
        return reads;
    }

    /** How many of them came shortly after their item had expired. */
    double late() {
        return late;
    }

    /** The hit ratio at a size; 0 while there were no reads. */
    double hitRatio(int number) {
        if (reads <= 0) {
            return 0;
        }
        double more = sampleMisses[number] - sampleMisses[Miniatures.PRESENT];
        return Math.max(0, Math.min(1, 1 - (misses + more) / reads));
    }
}

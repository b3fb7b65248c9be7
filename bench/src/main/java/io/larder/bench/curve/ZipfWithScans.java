package io.larder.bench.curve;

import io.larder.bench.replay.Request;
import io.larder.bench.replay.Requests;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Requests of which key n comes up in proportion to 1 / n^0.9, and between them scans of keys that
 * come once. The same ones each time.
 *
 * @param requests how many
 * @param keys how many are not of scans
 */
record ZipfWithScans(long requests, int keys) implements Requests {
    private static final double THETA = 0.9;
    private static final long SEED = 0x5DEECE66DL;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Requests from one scan to the next, and of the scan. */
    private static final int BETWEEN = 40_000;

    private static final int SCAN = 10_000;

    @Override
    public void forEach(Consumer<Request> consumer) {
        double[] upTo = new double[keys];
        double sum = 0;
        for (int key = 0; key < keys; key++) {
            sum += Math.pow(key + 1, -THETA);
            upTo[key] = sum;
        }
        SplittableRandom random = new SplittableRandom(SEED);
        long scanned = keys;
        for (long request = 0; request < requests; request++) {
            boolean isScan = request % (BETWEEN + SCAN) >= BETWEEN;
            long key = isScan ? ++scanned : rank(upTo, random.nextDouble() * sum);
            consumer.accept(new Request((key + 1) * SPREAD, 0, 0));
        }
    }

    private static int rank(double[] upTo, double drawn) {
        int found = Arrays.binarySearch(upTo, drawn);
        return Math.min(upTo.length - 1, found < 0 ? -found - 1 : found);
    }
}

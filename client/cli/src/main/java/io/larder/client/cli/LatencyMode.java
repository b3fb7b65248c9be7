package io.larder.client.cli;

import io.larder.client.Larder;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * {@code cli --latency}: how long a PING takes there and back, one at a time, a line of figures for
 * each interval.
 */
final class LatencyMode {
    private static final long GAP_MILLIS = 10;
    private static final int SAMPLES_MAX = 1 << 16;

    private LatencyMode() {}

    /** Runs until the repetition ends. Locking: blocks. */
    static void run(Larder larder, Repetition repetition, PrintWriter out)
            throws InterruptedException {
        while (repetition.next()) {
            long[] nanos =
                    sample(larder, TimeUnit.MILLISECONDS.toNanos(repetition.intervalMillis()));
            out.println(line(nanos));
            out.flush();
        }
    }

    /** Sorted; one at least. */
    private static long[] sample(Larder larder, long durationNanos) throws InterruptedException {
        long[] nanos = new long[64];
        int count = 0;
        long start = System.nanoTime();
        do {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = larder.ping().toNanos();
            TimeUnit.MILLISECONDS.sleep(GAP_MILLIS);
        } while (System.nanoTime() - start < durationNanos && count < SAMPLES_MAX);
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private static String line(long[] sorted) {
        double average = Arrays.stream(sorted).average().orElse(0);
        return String.format(
                Locale.ROOT,
                "min %s  average %s  p50 %s  p99 %s  max %s  (%d samples)",
                time(sorted, 0),
                Quantities.time(average),
                time(sorted, 0.5),
                time(sorted, 0.99),
                time(sorted, 1),
                sorted.length);
    }

    private static String time(long[] sorted, double share) {
        int index = Math.min(sorted.length - 1, (int) (sorted.length * share));
        return Quantities.time((double) sorted[index]);
    }
}

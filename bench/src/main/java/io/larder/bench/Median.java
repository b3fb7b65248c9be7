package io.larder.bench;

import java.util.Arrays;
import java.util.Collection;

/** The middle of some measurements, and how far they lie apart. Immutable. */
public record Median(double value, double spreadPercent) {
    /**
     * Of at least one number; of an even count the mean of the middle two.
     *
     * @throws BenchException if there is none
     */
    public static Median of(Collection<Double> numbers) {
        double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new BenchException("measurements: 0 (expected: 1..)");
        }
        int middle = sorted.length / 2;
        double value =
                Arrays.stream(sorted, (sorted.length - 1) / 2, middle + 1).average().orElseThrow();
        double range = sorted[sorted.length - 1] - sorted[0];
        return new Median(value, value == 0 ? 0 : 100 * range / value);
    }
}

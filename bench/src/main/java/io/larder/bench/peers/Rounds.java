package io.larder.bench.peers;

import io.larder.bench.Median;
import io.larder.bench.wire.WireSample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What one side measured, round by round. For one thread. */
final class Rounds {
    private final List<WireSample> samples = new ArrayList<>();

    void add(WireSample sample) {
        samples.add(sample);
    }

    boolean isEmpty() {
        return samples.isEmpty();
    }

    double median(ToDoubleFunction<WireSample> figure) {
        return Median.of(samples.stream().mapToDouble(figure).boxed().toList()).value();
    }

    /**
     * The median of the ratios of the same rounds, which were measured one after the other, and how
     * far these lie apart.
     */
    Median ratioTo(Rounds other, ToDoubleFunction<WireSample> figure) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            ratios.add(
                    figure.applyAsDouble(samples.get(i))
                            / figure.applyAsDouble(other.samples.get(i)));
        }
        return Median.of(ratios);
    }
}

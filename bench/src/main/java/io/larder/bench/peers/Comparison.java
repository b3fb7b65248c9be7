package io.larder.bench.peers;

import io.larder.bench.Median;
import io.larder.bench.wire.WireSample;
import java.util.function.ToDoubleFunction;

/**
 * One workload on both sides of a pair.
 *
 * @param workload what was asked
 * @param pair of whom
 * @param generator who asked
 * @param larder its rounds in a closed loop
 * @param other the other's
 * @param open the open loops; empty rounds where there were none
 */
record Comparison(
        Workload workload, Pair pair, String generator, Rounds larder, Rounds other, Open open) {

    /**
     * The rounds in an open loop.
     *
     * @param operationsPerSecond that both were asked for
     * @param larder its rounds
     * @param other the other's
     */
    record Open(double operationsPerSecond, Rounds larder, Rounds other) {
        /** None was measured. */
        static final Open NONE = new Open(0, new Rounds(), new Rounds());

        boolean isMeasured() {
            return !larder.isEmpty();
        }

        /** Larder's over the other's. */
        Median ratio(ToDoubleFunction<WireSample> figure) {
            return larder.ratioTo(other, figure);
        }
    }

    /** Larder's over the other's. */
    Median ratio(ToDoubleFunction<WireSample> figure) {
        return larder.ratioTo(other, figure);
    }
}

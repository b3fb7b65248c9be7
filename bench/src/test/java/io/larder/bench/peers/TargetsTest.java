package io.larder.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.bench.wire.KeySequence.Distribution;
import io.larder.bench.wire.WireSample;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private final Targets targets = new Targets();

    @Test
    void cpuRatio_isTheMedianOfTheRounds_andHeldAgainstItsBound() {
        Comparison comparison =
                closed(Pair.REDIS, Placement.CROSS_CORE, 16, rounds(0.25, 0.5, 9), rounds(1, 2, 1));

        List<Targets.Check> checks = targets.checks(comparison);

        assertThat(checks)
                .containsExactly(new Targets.Check("redis_cpu_cross_core_16", 0.25, 0.45, false));
        assertThat(checks.get(0).holds()).isTrue();
    }

    @Test
    void memcached_hasBoundsOfItsOwn() {
        List<Targets.Check> checks =
                targets.checks(
                        closed(Pair.MEMCACHED, Placement.CROSS_CORE, 64, rounds(0.2), rounds(1)));

        assertThat(checks)
                .containsExactly(
                        new Targets.Check("memcached_cpu_cross_core_64", 0.2, 0.15, false));
        assertThat(checks.get(0).holds()).isFalse();
    }

    @Test
    void twoThreads_areHeldToTheirSpeed() {
        Comparison comparison = closed(Pair.REDIS, Placement.UNPINNED, 16, rounds(1), rounds(1.6));

        List<Targets.Check> checks = targets.checks(comparison);

        assertThat(checks)
                .containsExactly(new Targets.Check("redis_speed_2_threads_16", 1.6, 1.5, true));
        assertThat(checks.get(0).holds()).isTrue();
    }

    @Test
    void openLoop_isHeldToItsP99() {
        Comparison comparison =
                new Comparison(
                        workload(Placement.CROSS_CORE, 4),
                        Pair.REDIS,
                        "own",
                        rounds(1),
                        rounds(1),
                        new Comparison.Open(1_000, rounds(3), rounds(2)));

        assertThat(targets.checks(comparison))
                .containsExactly(new Targets.Check("redis_p99_4", 1.5, 1, false));
    }

    @Test
    void depthWithoutATarget_hasNone() {
        assertThat(targets.checks(closed(Pair.REDIS, Placement.SAME_CORE, 4, rounds(9), rounds(1))))
                .isEmpty();
    }

    @Test
    void table_showsBothAndMarksWhatMisses() {
        StringWriter text = new StringWriter();
        ComparisonTable table = new ComparisonTable(targets, new PrintWriter(text));

        table.print(closed(Pair.REDIS, Placement.CROSS_CORE, 16, rounds(1.5), rounds(2)));

        assertThat(text.toString())
                .startsWith(
                        "| cross core, depth 16, 50 connections, 100 B, 95:5, uniform | own |"
                                + " Redis | 1.50 / 2.00 | **0.75** (0) |")
                .contains(" | 666,667 / 500,000 | 1.33 | ");
    }

    @Test
    void tableHead_hasAColumnForEachCell() {
        StringWriter text = new StringWriter();
        ComparisonTable table = new ComparisonTable(targets, new PrintWriter(text));

        table.printHead();
        table.print(closed(Pair.OWN, Placement.SAME_CORE, 1, rounds(1), rounds(1)));

        assertThat(text.toString().lines().map(line -> line.chars().filter(c -> c == '|').count()))
                .containsExactly(16L, 16L, 16L);
    }

    private static Comparison closed(
            Pair pair, Placement placement, int depth, Rounds larder, Rounds other) {
        return new Comparison(
                workload(placement, depth), pair, "own", larder, other, Comparison.Open.NONE);
    }

    private static Workload workload(Placement placement, int depth) {
        return new Workload(placement, depth, new Crowd(50, 0), 100, 5, Distribution.uniform);
    }

    /** Rounds of an operation that takes so much CPU, and the p99 is as many microseconds. */
    private static Rounds rounds(double... cpuMicros) {
        Rounds rounds = new Rounds();
        for (double micros : cpuMicros) {
            rounds.add(
                    new WireSample(
                            1e6 / micros,
                            micros,
                            0,
                            0,
                            0,
                            1,
                            micros,
                            micros,
                            OptionalDouble.empty()));
        }
        return rounds;
    }
}

package io.larder.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class WireFiguresTest {
    @Test
    void median_isTheMiddleOrTheMeanOfTwo() {
        assertThat(WireSample.median(rounds(3, 1, 2), WireSample::serverCpuMicros)).isEqualTo(2);
        assertThat(WireSample.median(rounds(4, 1), WireSample::serverCpuMicros)).isEqualTo(2.5);
    }

    @Test
    void spread_isTheRangeInPercentOfTheMedian() {
        assertThat(WireSample.spreadPercent(rounds(9, 10, 12), WireSample::serverCpuMicros))
                .isEqualTo(30);
    }

    @Test
    void perfOutput_givesItsCount() {
        assertThat(InstructionCount.parse("123456789,,instructions,5001,100.00,,\n"))
                .hasValue(123_456_789);
        assertThat(InstructionCount.parse("<not supported>,,instructions,0,100.00,,\n")).isEmpty();
        assertThat(InstructionCount.parse("")).isEmpty();
    }

    @Test
    void allowedProcessors_areReadFromRangesAndNumbers() {
        assertThat(Processors.allowed(List.of("Name:\tjava", "Cpus_allowed_list:\t0-1,4,6-7")))
                .containsExactly(0, 1, 4, 6, 7);
    }

    @Test
    void tally_countsAnswersByKind() {
        WireTally tally = new WireTally();

        tally.addAnswers(3, 2_000);
        tally.addAnswers(0, 9_000_000);
        tally.addMiss();
        tally.addFailure();

        assertThat(tally.operations()).isEqualTo(3);
        assertThat(tally.misses()).isEqualTo(1);
        assertThat(tally.failed()).isEqualTo(1);
        assertThat(tally.latencyMicros(99)).isBetween(1.9, 2.1);
    }

    private static List<WireSample> rounds(double... serverCpuMicros) {
        return Arrays.stream(serverCpuMicros)
                .mapToObj(m -> new WireSample(0, m, 0, 0, 0, 0, 0, 0, OptionalDouble.empty()))
                .toList();
    }
}

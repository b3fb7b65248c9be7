package io.larder.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.larder.bench.BenchException;
import io.larder.bench.wire.CpuTimes;
import io.larder.bench.wire.KeySequence.Distribution;
import io.larder.bench.wire.WireSample;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeersPlanTest {
    private static final Crowd FIFTY = new Crowd(50, 0);
    private static final Crowd MANY_IDLE = new Crowd(50, 950);

    @Test
    void placements_areMeasuredAtTheirOwnDepths() {
        assertThat(scope(List.of(), List.of(FIFTY), List.of(100)).workloads())
                .extracting(Workload::placement, Workload::depth)
                .containsExactly(
                        tuple(Placement.SAME_CORE, 1),
                        tuple(Placement.CROSS_CORE, 16),
                        tuple(Placement.CROSS_CORE, 64),
                        tuple(Placement.UNPINNED, 16));
    }

    @Test
    void furtherConnections_areMeasuredAtDepthOneOfTheFirstValues() {
        List<Workload> workloads =
                scope(List.of(), List.of(FIFTY, MANY_IDLE), List.of(100, 32)).workloads();

        assertThat(workloads)
                .filteredOn(workload -> workload.crowd().equals(MANY_IDLE))
                .containsExactly(
                        new Workload(
                                Placement.SAME_CORE, 1, MANY_IDLE, 100, 5, Distribution.uniform));
        assertThat(workloads).hasSize(9);
    }

    @Test
    void largeValues_areFewerKeys() {
        PeersPlan plan =
                new PeersPlan(
                        List.of(Pair.OWN),
                        scope(List.of(), List.of(FIFTY), List.of(100)),
                        1_000_000,
                        1,
                        1,
                        1,
                        null,
                        List.of());

        assertThat(plan.keys(100)).isEqualTo(1_000_000);
        assertThat(plan.keys(16 << 10)).isEqualTo(65_536);
    }

    @Test
    void outputOfRedisBenchmark_isReadFromItsEnd() {
        String output =
                """
                "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
                "SET a,b x","100000.00","0.255","0.072","0.247","0.343","0.455","0.983"
                """;

        WireSample sample = RedisBenchmark.parse(output, new CpuTimes(2e6, 1e6, 0, 1e6), 1_000_000);

        assertThat(sample.operationsPerSecond()).isEqualTo(100_000);
        assertThat(sample.latencyMicrosP50()).isEqualTo(247);
        assertThat(sample.latencyMicrosP99()).isEqualTo(455);
        assertThat(sample.serverCpuMicros()).isEqualTo(1);
        assertThat(sample.serverCpuPercent()).isEqualTo(50);
    }

    @Test
    void outputOfRedisBenchmarkThatIsNoTable_isNamed() {
        CpuTimes used = new CpuTimes(1, 1, 1, 1);

        assertThatThrownBy(() -> RedisBenchmark.parse("Could not connect", used, 1))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("\"Could not connect\" (expected: eight fields");
    }

    private static PeersPlan.Scope scope(
            List<Integer> depths, List<Crowd> crowds, List<Integer> valueBytes) {
        return new PeersPlan.Scope(
                List.of(Placement.values()),
                depths,
                crowds,
                valueBytes,
                List.of(5),
                List.of(Distribution.uniform));
    }
}

package io.larder.server.http;

import io.larder.protocol.Opcode;
import io.larder.server.metrics.LatencyFigures;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How long the timed requests took, as one histogram for Prometheus, with what they asked for in
 * the label {@code command}. Every command is there from the start, so that no increase is missed.
 * For any thread.
 */
final class RequestFigures {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Bounds of the buckets, in nanoseconds; one without a bound is behind them. */
    private static final long[] BOUNDS_NANOS = {
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        5_000_000,
        10_000_000,
        100_000_000,
        1_000_000_000
    };

    private final Supplier<Map<Opcode, LatencyFigures>> latencies;

    RequestFigures(Supplier<Map<Opcode, LatencyFigures>> latencies) {
        this.latencies = latencies;
    }

    void addTo(MetricSnapshots.Builder snapshots) {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder()
                        .name("larder_request_duration_seconds")
                        .help("What timed requests took the server: one in 64 about one key");
        latencies
                .get()
                .forEach((opcode, figures) -> histogram.dataPoint(point(opcode.name(), figures)));
        snapshots.metricSnapshot(histogram.build());
    }

    private static HistogramDataPointSnapshot point(String command, LatencyFigures figures) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (long bound : BOUNDS_NANOS) {
            long atMost = figures.countAtMost(bound);
            buckets.bucket(bound / NANOS_PER_SECOND, atMost - below);
            below = atMost;
        }
        buckets.bucket(Double.POSITIVE_INFINITY, figures.count() - below);
        return HistogramDataPointSnapshot.builder()
                .labels(Labels.of("command", command))
                .classicHistogramBuckets(buckets.build())
                .sum(figures.sumNanos() / NANOS_PER_SECOND)
                .build();
    }
}

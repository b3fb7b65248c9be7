package io.larder.server.http;

import io.larder.server.region.RegionStats;
import io.larder.server.region.RegionTable;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * The figures of each region for Prometheus, with its name in the label {@code region}. For any
 * thread. Regions are bounded ({@link RegionTable#REGIONS_MAX}), and so are these.
 */
final class RegionFigures {
    private final RegionTable regions;

    RegionFigures(RegionTable regions) {
        this.regions = regions;
    }

    void addTo(MetricSnapshots.Builder snapshots) {
        List<RegionStats> stats =
                regions.names().stream().map(regions::stats).filter(Objects::nonNull).toList();
        snapshots
                .metricSnapshot(
                        gauge(
                                "items",
                                "Items of a region, until reclaimed",
                                stats,
                                RegionStats::items))
                .metricSnapshot(
                        gauge("bytes", "Their bytes, headers included", stats, RegionStats::bytes))
                .metricSnapshot(
                        gauge(
                                "quota_bytes",
                                "Bytes above which a region's own make room; 0 is no bound",
                                stats,
                                region -> region.settings().quotaBytes()))
                .metricSnapshot(
                        counter("hits", "Reads that found their key", stats, RegionStats::hits))
                .metricSnapshot(counter("misses", "Reads that did not", stats, RegionStats::misses))
                .metricSnapshot(counter("writes", "Items stored", stats, RegionStats::writes))
                .metricSnapshot(
                        counter(
                                "evictions",
                                "Items dropped for room",
                                stats,
                                RegionStats::evictions));
    }

    private static GaugeSnapshot gauge(
            String name, String help, List<RegionStats> stats, ToLongFunction<RegionStats> figure) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name("larder_region_" + name).help(help);
        for (RegionStats region : stats) {
            gauge.dataPoint(Samples.gauge(label(region), figure.applyAsLong(region)));
        }
        return gauge.build();
    }

    private static MetricSnapshot counter(
            String name, String help, List<RegionStats> stats, ToLongFunction<RegionStats> figure) {
        return Samples.counters("larder_region_" + name, help, stats, RegionFigures::label, figure);
    }

    private static Labels label(RegionStats region) {
        return Labels.of("region", region.name());
    }
}

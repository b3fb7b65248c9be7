package io.larder.server.http;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/** Makes Prometheus's snapshots of single values. Stateless. */
final class Samples {
    private Samples() {}

    static MetricSnapshot gauge(String name, String help, Number value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(gauge(Labels.EMPTY, value))
                .build();
    }

    static GaugeDataPointSnapshot gauge(Labels labels, Number value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value.doubleValue()).build();
    }

    /**
     * @param name without {@code _total}
     */
    static MetricSnapshot counter(String name, String help, Number value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(counter(Labels.EMPTY, value))
                .build();
    }

    static CounterDataPointSnapshot counter(Labels labels, Number value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value.doubleValue()).build();
    }
}

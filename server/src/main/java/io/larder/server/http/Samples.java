package io.larder.server.http;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

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

    /**
     * A counter with a value for each of {@code rows}.
     *
     * @param name without {@code _total}
     */
    static <T> MetricSnapshot counters(
            String name,
            String help,
            List<T> rows,
            Function<T, Labels> labels,
            ToLongFunction<T> figure) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        for (T row : rows) {
            counter.dataPoint(counter(labels.apply(row), figure.applyAsLong(row)));
        }
        return counter.build();
    }

    static CounterDataPointSnapshot counter(Labels labels, Number value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value.doubleValue()).build();
    }
}

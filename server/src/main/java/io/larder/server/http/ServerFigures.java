package io.larder.server.http;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.MetricsRegistry.Kind;
import io.larder.server.metrics.MetricsRegistry.Metric;
import io.larder.server.net.Readiness;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** The registry's figures, and whether the server is ready, for Prometheus. For any thread. */
final class ServerFigures {
    private final MetricsRegistry metrics;
    private final Readiness readiness;

    ServerFigures(MetricsRegistry metrics, Readiness readiness) {
        this.metrics = metrics;
        this.readiness = readiness;
    }

    void addTo(MetricSnapshots.Builder snapshots) {
        metrics.metrics().forEach(metric -> snapshots.metricSnapshot(snapshot(metric)));
        snapshots.metricSnapshot(
                Samples.gauge(
                        "larder_ready",
                        "Whether clients are welcome",
                        readiness.state().isReady() ? 1 : 0));
    }

    private static MetricSnapshot snapshot(Metric metric) {
        FigureName name = FigureName.of(metric.name());
        double value = metric.value().doubleValue() * name.factor();
        return metric.kind() == Kind.COUNTER
                ? Samples.counter(name.name(), metric.help(), value)
                : Samples.gauge(name.name(), metric.help(), value);
    }
}

package io.larder.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * All figures in Prometheus's text format, taken when somebody asks. Nothing is kept between two
 * scrapes. For the HTTP event loop.
 */
final class MetricsPage implements Page {
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final ServerFigures server;
    private final RegionFigures regions;
    private final UserSamples users;
    private final RequestFigures requests;
    private final ProcessFigures process = new ProcessFigures();
    private final InfoSnapshot build;

    MetricsPage(HttpServices services) {
        server = new ServerFigures(services.metrics(), services.readiness());
        regions = new RegionFigures(services.regions());
        users = new UserSamples(services.access()::accounts);
        requests = new RequestFigures(services.latencies());
        build =
                InfoSnapshot.builder()
                        .name("larder_build")
                        .help("Which program this is; always 1")
                        .dataPoint(
                                InfoDataPointSnapshot.builder()
                                        .labels(Labels.of("version", services.version()))
                                        .build())
                        .build();
    }

    @Override
    public Answer make() throws IOException {
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder().metricSnapshot(build);
        server.addTo(snapshots);
        regions.addTo(snapshots);
        users.addTo(snapshots);
        requests.addTo(snapshots);
        process.addTo(snapshots);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 14);
        writer.write(bytes, snapshots.build(), EscapingScheme.UNDERSCORE_ESCAPING);
        return new Answer(HttpResponseStatus.OK, writer.getContentType(), bytes.toByteArray());
    }
}

package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import com.fasterxml.jackson.core.JsonGenerator;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.net.ConnectionFigures;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.Readiness;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The pages of a server. Stateless. */
final class Pages {
    /** The name of the data listener's front-end. */
    private static final String DATA = "data";

    private Pages() {}

    /** The pages by their paths, in the order in which they are listed. */
    static Map<String, Page> of(HttpServices services) {
        Map<String, Page> pages = new LinkedHashMap<>(Console.pages());
        pages.put("/metrics", new MetricsPage(services));
        pages.put("/health", () -> health(services.trouble().get()));
        pages.put("/ready", () -> ready(services));
        pages.put("/api/stats", () -> stats(services.metrics()));
        pages.put("/api/clients", () -> clients(services));
        InsightPages insight = new InsightPages(services.insight());
        pages.put("/api/hotkeys", insight::hotKeys);
        pages.put("/api/mrc", insight::curve);
        pages.put("/api/prefixes", insight::prefixes);
        pages.putAll(ConsolePages.of(services, pages.keySet()));
        return pages;
    }

    private static Answer health(@Nullable String trouble) {
        boolean isWell = trouble == null;
        return Answer.json(
                isWell ? OK : SERVICE_UNAVAILABLE,
                json -> {
                    json.writeStringField("status", isWell ? "up" : "down");
                    if (trouble != null) {
                        json.writeStringField("reason", trouble);
                    }
                });
    }

    private static Answer ready(HttpServices services) {
        Readiness.State state = services.readiness().state();
        return Answer.json(
                state.isReady() ? OK : SERVICE_UNAVAILABLE,
                json -> {
                    json.writeBooleanField("ready", state.isReady());
                    json.writeStringField("phase", state.phase().word());
                    json.writeStringField("reason", state.phase().reason());
                    json.writeNumberField("progress", Math.round(state.progress() * 1000) / 1000.0);
                    json.writeNumberField("connections", open(services.gates()));
                });
    }

    private static int open(Map<String, ConnectionGate> gates) {
        ConnectionGate data = gates.get(DATA);
        return data == null ? 0 : data.open();
    }

    /** One flat object of numbers, the names those of {@code cli stats}. */
    private static Answer stats(MetricsRegistry metrics) {
        return Answer.json(
                OK,
                json -> {
                    for (MetricsRegistry.Metric metric : metrics.metrics()) {
                        json.writeFieldName(metric.name());
                        write(json, metric.value());
                    }
                });
    }

    /** JSON has no word for what is no number. */
    private static void write(JsonGenerator json, Number value) throws IOException {
        if (value instanceof Double fraction && !Double.isFinite(fraction)) {
            json.writeNull();
        } else if (value instanceof Double fraction) {
            json.writeNumber(fraction);
        } else {
            json.writeNumber(value.longValue());
        }
    }

    /** Of the data listener's what is known of each; of the others where and who. */
    private static Answer clients(HttpServices services) {
        long nowNanos = System.nanoTime();
        Map<String, ConnectionGate> others = new LinkedHashMap<>(services.gates());
        others.remove(DATA);
        return Answer.json(
                OK,
                json -> {
                    json.writeArrayFieldStart("clients");
                    for (ConnectionFigures connection : services.connections().get()) {
                        write(json, connection, nowNanos);
                    }
                    for (Map.Entry<String, ConnectionGate> gate : others.entrySet()) {
                        for (ConnectionGate.Guest guest : gate.getValue().guests()) {
                            json.writeStartObject();
                            json.writeStringField("listener", gate.getKey());
                            json.writeStringField("address", guest.address());
                            json.writeStringField("name", guest.client());
                            json.writeStringField("user", guest.user());
                            json.writeEndObject();
                        }
                    }
                    json.writeEndArray();
                });
    }

    private static void write(JsonGenerator json, ConnectionFigures connection, long nowNanos)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("listener", DATA);
        json.writeStringField("address", connection.address());
        json.writeNumberField("id", connection.id());
        json.writeStringField("name", connection.clientName());
        json.writeStringField("user", connection.user());
        json.writeNumberField(
                "age_seconds", TimeUnit.NANOSECONDS.toSeconds(connection.ageNanos(nowNanos)));
        json.writeNumberField(
                "idle_millis", TimeUnit.NANOSECONDS.toMillis(connection.idleNanos(nowNanos)));
        json.writeNumberField("requests", connection.requests());
        json.writeNumberField("bytes_in", connection.bytesIn());
        json.writeNumberField("bytes_out", connection.bytesOut());
        json.writeEndObject();
    }
}

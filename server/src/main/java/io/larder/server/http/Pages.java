package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import com.fasterxml.jackson.core.JsonGenerator;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.Readiness;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages of a server. Stateless. */
final class Pages {
    private Pages() {}

    /** The pages by their paths, in the order in which they are listed. */
    static Map<String, Page> of(HttpServices services) {
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("/metrics", new MetricsPage(services));
        pages.put("/health", () -> health(services.trouble().get()));
        pages.put("/ready", () -> ready(services));
        pages.put("/api/stats", () -> stats(services.metrics()));
        pages.put("/api/clients", () -> clients(services.gates()));
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
        ConnectionGate data = gates.get("data");
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

    private static Answer clients(Map<String, ConnectionGate> gates) {
        return Answer.json(
                OK,
                json -> {
                    json.writeArrayFieldStart("clients");
                    for (Map.Entry<String, ConnectionGate> gate : gates.entrySet()) {
                        for (String address : gate.getValue().addresses()) {
                            json.writeStartObject();
                            json.writeStringField("listener", gate.getKey());
                            json.writeStringField("address", address);
                            json.writeEndObject();
                        }
                    }
                    json.writeEndArray();
                });
    }
}

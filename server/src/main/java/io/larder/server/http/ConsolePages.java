package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;

import com.fasterxml.jackson.core.JsonGenerator;
import io.larder.protocol.Opcode;
import io.larder.protocol.text.QuotedText;
import io.larder.server.command.SlowRequest;
import io.larder.server.config.LiveConfiguration;
import io.larder.server.metrics.LatencyFigures;
import io.larder.server.region.RegionStats;
import io.larder.server.region.RegionTable;
import io.larder.server.store.ShardStats;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the console shows beside what others ask for too, as JSON. Stateless. */
final class ConsolePages {
    /** Slow requests shown. */
    private static final int SLOW_REQUESTS = 32;

    private ConsolePages() {}

    /**
     * The pages by their paths, in the order in which they are listed.
     *
     * @param shown the paths of all pages, also of those that are added later
     */
    static Map<String, Page> of(HttpServices services, Set<String> shown) {
        ConsoleServices console = services.console();
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("/api/server", new ServerPage(services.version(), shown));
        pages.put("/api/latency", () -> latency(services.latencies().get()));
        pages.put("/api/shards", () -> shards(console.shards().get()));
        pages.put("/api/regions", () -> regions(services.regions()));
        pages.put("/api/slowlog", () -> slowLog(console.slowRequests().apply(SLOW_REQUESTS)));
        pages.put("/api/config", () -> settings(console.settings().get()));
        return pages;
    }

    /** Commands that nobody has sent yet are left out. */
    private static Answer latency(Map<Opcode, LatencyFigures> latencies) {
        return Answer.json(
                OK,
                json -> {
                    json.writeArrayFieldStart("commands");
                    for (Map.Entry<Opcode, LatencyFigures> command : latencies.entrySet()) {
                        if (command.getValue().count() > 0) {
                            write(json, command.getKey().name(), command.getValue());
                        }
                    }
                    json.writeEndArray();
                });
    }

    /** Buckets are counted since the start: whoever asks twice has those of the time between. */
    private static void write(JsonGenerator json, String command, LatencyFigures figures)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("command", command);
        json.writeNumberField("count", figures.count());
        json.writeNumberField("p50_nanos", figures.percentileNanos(50));
        json.writeNumberField("p99_nanos", figures.percentileNanos(99));
        json.writeNumberField("p999_nanos", figures.percentileNanos(99.9));
        json.writeNumberField("max_nanos", figures.maxNanos());
        json.writeArrayFieldStart("buckets");
        for (LatencyFigures.Bucket bucket : figures.buckets()) {
            json.writeArray(new long[] {bucket.nanosAtMost(), bucket.count()}, 0, 2);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static Answer shards(List<ShardStats> shards) {
        return Answer.json(
                OK,
                json -> {
                    json.writeArrayFieldStart("shards");
                    for (ShardStats shard : shards) {
                        json.writeStartObject();
                        json.writeNumberField("shard", shard.shard());
                        json.writeNumberField("items", shard.items());
                        json.writeNumberField("bytes_live", shard.bytesLive());
                        json.writeNumberField("bytes_dead", shard.bytesDead());
                        json.writeNumberField("bytes_expired", shard.bytesExpired());
                        json.writeNumberField("bytes_index", shard.bytesIndex());
                        json.writeNumberField("bytes_written", shard.bytesWritten());
                        json.writeNumberField("bytes_relocated", shard.bytesRelocated());
                        json.writeNumberField("evictions", shard.evictions());
                        json.writeNumberField("expirations", shard.expirations());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
    }

    private static Answer regions(RegionTable regions) {
        return Answer.json(
                OK,
                json -> {
                    json.writeArrayFieldStart("regions");
                    for (String name : regions.names()) {
                        RegionStats region = regions.stats(name);
                        if (region != null) {
                            write(json, region);
                        }
                    }
                    json.writeEndArray();
                });
    }

    private static void write(JsonGenerator json, RegionStats region) throws IOException {
        json.writeStartObject();
        json.writeStringField("region", region.name());
        json.writeNumberField("items", region.items());
        json.writeNumberField("bytes", region.bytes());
        json.writeNumberField("quota_bytes", region.settings().quotaBytes());
        json.writeNumberField("hits", region.hits());
        json.writeNumberField("misses", region.misses());
        json.writeNumberField("writes", region.writes());
        json.writeNumberField("evictions", region.evictions());
        json.writeEndObject();
    }

    static Answer slowLog(List<SlowRequest> requests) {
        return Answer.json(
                OK,
                json -> {
                    json.writeArrayFieldStart("slow");
                    for (SlowRequest request : requests) {
                        json.writeStartObject();
                        json.writeStringField(
                                "time", Instant.ofEpochMilli(request.unixMillis()).toString());
                        json.writeStringField("command", request.command());
                        json.writeNumberField("micros", request.micros());
                        json.writeStringField("region", request.region());
                        json.writeStringField(
                                "key", QuotedText.textOf(request.key().toByteArray()));
                        json.writeNumberField("key_bytes", request.keyBytes());
                        json.writeStringField("client", request.client().name());
                        json.writeStringField("address", request.client().address());
                        json.writeNumberField("requests", request.requests());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
    }

    private static Answer settings(List<LiveConfiguration.View> views) {
        return Answer.json(
                OK,
                json -> {
                    json.writeArrayFieldStart("settings");
                    for (LiveConfiguration.View view : views) {
                        json.writeStartObject();
                        json.writeStringField("name", view.key().name());
                        json.writeStringField("value", view.text());
                        json.writeStringField("default", view.key().defaultText());
                        json.writeStringField("unit", view.key().type().unit());
                        json.writeBooleanField("restart", view.needsRestart());
                        json.writeStringField("origin", view.origin());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
    }
}

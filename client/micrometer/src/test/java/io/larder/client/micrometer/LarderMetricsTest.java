package io.larder.client.micrometer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import io.larder.client.api.Cache;
import io.larder.client.api.Codec;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.NearOptions;
import io.larder.client.junit.LarderExtension;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a registry shows of a client's work on a real server. */
@Timeout(60)
class LarderMetricsTest {
    @RegisterExtension
    static final LarderExtension SERVER = LarderExtension.withSettings("store.memory=64m");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final LarderMetrics metrics = new LarderMetrics();
    private Larder larder;

    @BeforeEach
    void connect() {
        larder = Larder.builder(SERVER.server().uri()).callListener(metrics).connect();
        metrics.watch(larder);
        metrics.bindTo(registry);
    }

    @AfterEach
    void close() {
        larder.close();
    }

    /** The sum of all meters of this name that have these tags. */
    private double value(String name, String... tags) {
        return registry.find(name).tags(tags).meters().stream()
                .map(Meter::measure)
                .flatMap(measures -> StreamSupport.stream(measures.spliterator(), false))
                .filter(it -> it.getStatistic() != Statistic.TOTAL_TIME)
                .filter(it -> it.getStatistic() != Statistic.MAX)
                .mapToDouble(it -> it.getValue())
                .sum();
    }

    @Test
    void cacheFigures_areThoseOfTheCalls() {
        BytesCache bytes = larder.cache("counted");
        LarderCacheMetrics.monitor(registry, bytes, metrics, Tag.of("kind", "test"));
        Cache<String, String> cache = larder.cache("counted", Codec.utf8(), Codec.utf8());

        cache.put("a", "1");
        cache.putAll(Map.of("b", "2", "c", "3"));
        cache.get("a");
        cache.get("absent");
        cache.getAll(List.of("a", "b", "absent"));
        cache.getOrLoad("d", LoadOptions.DEFAULT, key -> Optional.of("4"));
        cache.remove("c");
        larder.ping(); // what came before it has been told of

        await().untilAsserted(
                        () -> assertThat(value("cache.puts", "cache", "counted")).isEqualTo(4));
        assertThat(value("cache.gets", "cache", "counted", "result", "hit")).isEqualTo(3);
        assertThat(value("cache.gets", "cache", "counted", "result", "miss")).isEqualTo(3);
        assertThat(value("cache.removals", "cache", "counted", "kind", "test")).isEqualTo(1);
    }

    @Test
    void serversFigures_comeWithoutWaiting() {
        BytesCache bytes = larder.cache("sized");
        bytes.putText("k", "v");
        LarderCacheMetrics.monitor(registry, bytes, metrics);

        await().untilAsserted(() -> assertThat(value("cache.size", "cache", "sized")).isOne());
        assertThat(registry.find("cache.evictions").tags("cache", "sized").functionCounter())
                .satisfies(evictions -> assertThat(evictions.count()).isZero());
    }

    @Test
    void copiesOfANearCache_areHits() {
        BytesCache near = larder.nearCache("near", NearOptions.DEFAULT);
        LarderCacheMetrics.monitor(registry, near, metrics);
        near.putText("k", "v");
        await().untilAsserted(
                        () -> {
                            near.getText("k");
                            assertThat(value("larder.near.size", "cache", "near")).isOne();
                        });
        double before = value("cache.gets", "cache", "near", "result", "hit");
        for (int read = 0; read < 10; read++) {
            near.getText("k");
        }

        assertThat(value("cache.gets", "cache", "near", "result", "hit")).isEqualTo(before + 10);
        long hits = near.nearStats().orElseThrow().hits();
        long misses = near.nearStats().orElseThrow().misses();
        assertThat(value("larder.near.hit.ratio", "cache", "near"))
                .isEqualTo((double) hits / (hits + misses), within(1e-9));
    }

    @Test
    void calls_areTimedByOutcome_andNoneIsLeftInFlight() {
        larder.cache("timed").getText("absent");
        larder.cache("timed").putText("k", "v");

        await().untilAsserted(() -> assertThat(value("larder.calls.in.flight")).isZero());
        assertThat(value("larder.calls", "cache", "timed", "operation", "GET", "outcome", "MISS"))
                .isOne();
        assertThat(registry.get("larder.calls").tags("cache", "timed", "operation", "SET").timer())
                .satisfies(timer -> assertThat(timer.max(NANOSECONDS)).isPositive());
    }

    @Test
    void connections_areToldByServer() {
        String address = larder.health().get(0).address();

        assertThat(value("larder.connections", "server", address)).isOne();
        assertThat(value("larder.circuits.open", "server", address)).isZero();
        larder.close();
        assertThat(value("larder.connections", "server", address)).isZero();
    }
}

package io.larder.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MetricsRegistryTest {
    private final MetricsRegistry metrics = new MetricsRegistry();

    @Test
    void forEach_isThePresentValuesInTheOrderOfRegistration() {
        AtomicLong hits = new AtomicLong(1);
        metrics.register("hits", "Reads that found", hits::get)
                .registerDouble("a_ratio", "Of something", () -> 1.5);
        hits.set(2);
        List<String> lines = new ArrayList<>();
        metrics.forEach((name, value) -> lines.add(name + ' ' + value));
        assertThat(lines).containsExactly("hits 2", "a_ratio 1.5");
        assertThat(metrics.metrics().get(0).help()).isEqualTo("Reads that found");
    }

    @Test
    void kind_isACounter_onlyIfItWasRegisteredAsOne() {
        metrics.registerCounter("hits", "", () -> 1)
                .register("items", "", () -> 1)
                .registerDouble("a_ratio", "", () -> 1);

        assertThat(metrics.metrics())
                .extracting(MetricsRegistry.Metric::kind)
                .containsExactly(
                        MetricsRegistry.Kind.COUNTER,
                        MetricsRegistry.Kind.GAUGE,
                        MetricsRegistry.Kind.GAUGE);
    }

    @Test
    void register_aNameTwice_isRefused() {
        metrics.register("hits", "", () -> 1);
        assertThatThrownBy(() -> metrics.registerDouble("hits", "", () -> 1))
                .hasMessage("name: hits (expected: one not registered yet)");
    }

    @Test
    void register_aNameWithASpace_isRefused() {
        assertThatThrownBy(() -> metrics.register("two words", "", () -> 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

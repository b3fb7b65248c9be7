package io.larder.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({"0, 0, 0 B", "950, 950, 950 B", "1024, 1.0k, 1.0 KiB", "1234567, 1.2M, 1.2 MiB"})
    void number_isShort(double value, String count, String bytes) {
        assertThat(Quantities.count(value)).isEqualTo(count);
        assertThat(Quantities.bytes(value)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"850, 850 ns", "12345, 12.3 µs", "4500000, 4.5 ms", "1200000000, 1.2 s"})
    void time_hasItsUnit(double nanos, String text) {
        assertThat(Quantities.time(nanos)).isEqualTo(text);
    }

    @Test
    void figures_tellRates_fromTwoMoments() {
        long second = TimeUnit.SECONDS.toNanos(1);
        Figures before = Figures.of(Map.of("hits", "10", "misses", "0", "word", "x"), 0);
        Figures now = Figures.of(Map.of("hits", "40", "misses", "10"), 2 * second);

        assertThat(now.perSecond(before, "hits")).isEqualTo(15);
        assertThat(now.hitRatio(before)).isEqualTo(0.75);
        assertThat(now.hitRatio(now)).isNaN();
        assertThat(before.perSecond(now, "hits")).isZero();
        assertThat(Quantities.percent(now.hitRatio(now))).isEqualTo("-");
    }
}

package io.larder.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MemoryTrendTest {
    private final MemoryTrend trend = new MemoryTrend();

    @Test
    void percentPerMinute_ofALine_isItsSlope() {
        for (int second = 0; second <= 600; second += 10) {
            trend.add(second, 1_000 + second / 60.0);
        }
        assertThat(trend.percentPerMinute()).isCloseTo(0.0993, within(0.0005));
        assertThat(trend.seconds()).isEqualTo(400);
    }

    @Test
    void percentPerMinute_leavesTheFirstThirdOut() {
        for (int second = 0; second < 300; second++) {
            trend.add(second, second < 100 ? second : 100);
        }
        assertThat(trend.percentPerMinute()).isCloseTo(0, within(1e-9));
    }

    @Test
    void percentPerMinute_ofNothing_isZero() {
        assertThat(trend.percentPerMinute()).isZero();
        assertThat(trend.seconds()).isZero();
    }
}

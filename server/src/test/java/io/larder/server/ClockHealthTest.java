package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClockHealthTest {
    private long storeMillis = 1_000;
    private long nanos = 77;
    private final ClockHealth health = new ClockHealth(() -> storeMillis, () -> nanos);

    @Test
    void clockThatGoes_isWell() {
        nanos += TimeUnit.SECONDS.toNanos(3600);
        storeMillis += TimeUnit.SECONDS.toMillis(3596);

        assertThat(health.trouble()).isNull();
    }

    @Test
    void clockThatStandsStill_isTrouble() {
        nanos += TimeUnit.MILLISECONDS.toNanos(5_001);

        assertThat(health.trouble()).isEqualTo("clock: 5001 ms behind (expected: at most 5000)");
    }
}

package io.larder.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackOffTest {
    @Test
    void waits_doubleUpToTheMost() {
        BackOff backOff = new BackOff(20, 100, () -> 0.999_999);

        assertThat(backOff.nextMillis()).isEqualTo(20);
        assertThat(backOff.nextMillis()).isEqualTo(40);
        assertThat(backOff.nextMillis()).isEqualTo(80);
        assertThat(backOff.nextMillis()).isEqualTo(100);
        assertThat(backOff.nextMillis()).isEqualTo(100);
    }

    @Test
    void jitter_takesUpToHalf() {
        BackOff backOff = new BackOff(20, 100, () -> 0);

        assertThat(backOff.nextMillis()).isEqualTo(10);
        assertThat(backOff.nextMillis()).isEqualTo(20);
    }

    @Test
    void reset_beginsAnew() {
        BackOff backOff = new BackOff(20, 100, () -> 0.999_999);
        backOff.nextMillis();
        backOff.nextMillis();

        backOff.reset();

        assertThat(backOff.nextMillis()).isEqualTo(20);
    }

    @Test
    void shortestWait_isAMillisecond() {
        assertThat(new BackOff(1, 1, () -> 0).nextMillis()).isEqualTo(1);
    }
}

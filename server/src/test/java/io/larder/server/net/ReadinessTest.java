package io.larder.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadinessTest {
    private final Readiness readiness = new Readiness();

    @Test
    void state_isReady_onlyWhenWarmAndNotDraining() {
        assertThat(readiness.state().isReady()).isFalse();
        readiness.warming(0.5);
        assertThat(readiness.state()).isEqualTo(new Readiness.State(Readiness.Phase.WARMING, 0.5));
        readiness.ready();
        assertThat(readiness.state().isReady()).isTrue();
        readiness.draining();
        assertThat(readiness.state().isReady()).isFalse();
    }

    @Test
    void ready_thatComesLate_doesNotEndADrain() {
        readiness.draining();
        readiness.warming(0.9);
        readiness.ready();

        assertThat(readiness.state().phase()).isEqualTo(Readiness.Phase.DRAINING);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void progress_outOfRange_isRefused(double progress) {
        assertThatThrownBy(() -> readiness.warming(progress)).hasMessageContaining("0..1");
    }
}

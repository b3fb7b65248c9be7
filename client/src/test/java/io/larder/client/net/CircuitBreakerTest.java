package io.larder.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.api.ServerHealth.Circuit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final CircuitBreaker circuit = new CircuitBreaker(50, 0);
    private long nowNanos;

    private boolean admits() {
        return circuit.admits(() -> nowNanos);
    }

    private void fail(int calls) {
        for (int i = 0; i < calls; i++) {
            circuit.onFailure(nowNanos);
        }
    }

    private void answer(int calls) {
        for (int i = 0; i < calls; i++) {
            circuit.onAnswer();
        }
    }

    private int admittedOf(int calls) {
        int admitted = 0;
        for (int i = 0; i < calls; i++) {
            admitted += admits() ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void fewFailures_changeNothing() {
        fail(19);

        assertThat(circuit.state()).isEqualTo(Circuit.CLOSED);
        assertThat(admits()).isTrue();
    }

    @Test
    void failuresAmongManyAnswers_changeNothing() {
        answer(100);
        fail(99);
        assertThat(circuit.state()).isEqualTo(Circuit.CLOSED);

        fail(1);
        assertThat(circuit.state()).isEqualTo(Circuit.OPEN);
    }

    @Test
    void switchedOff_neverOpens() {
        CircuitBreaker off = new CircuitBreaker(0, 0);
        for (int i = 0; i < 1_000; i++) {
            off.onFailure(0);
        }

        assertThat(off.admits(() -> 0)).isTrue();
    }

    @Test
    void oldFailures_fade() {
        fail(19);
        nowNanos = 9 * SECOND;
        circuit.roll(nowNanos);
        fail(1);
        assertThat(circuit.state()).isEqualTo(Circuit.OPEN);
    }

    @Test
    void failuresOlderThanTheWindow_doNotCount() {
        fail(19);
        nowNanos = 10 * SECOND;
        circuit.roll(nowNanos);
        fail(19);
        assertThat(circuit.state()).isEqualTo(Circuit.CLOSED);
    }

    @Test
    void open_admitsNothing_thenAFewToSee() {
        fail(20);
        assertThat(admittedOf(100)).isZero();

        nowNanos += CircuitBreaker.OPEN_NANOS_MIN;
        assertThat(circuit.mayAdmit(() -> nowNanos)).isTrue();
        assertThat(admittedOf(100)).isEqualTo(CircuitBreaker.TRIALS);
        assertThat(circuit.state()).isEqualTo(Circuit.HALF_OPEN);
        assertThat(circuit.mayAdmit(() -> nowNanos)).isFalse();
    }

    @Test
    void halfOpen_closesWhenAllTrialsAreAnswered() {
        fail(20);
        nowNanos += CircuitBreaker.OPEN_NANOS_MIN;
        admittedOf(3);
        answer(2);
        assertThat(circuit.state()).isEqualTo(Circuit.HALF_OPEN);

        answer(1);

        assertThat(circuit.state()).isEqualTo(Circuit.CLOSED);
        fail(19);
        assertThat(circuit.state()).isEqualTo(Circuit.CLOSED);
    }

    @Test
    void halfOpen_opensForLongerWhenATrialFails() {
        fail(20);
        nowNanos += CircuitBreaker.OPEN_NANOS_MIN;
        admittedOf(3);
        fail(1);
        assertThat(circuit.state()).isEqualTo(Circuit.OPEN);

        nowNanos += CircuitBreaker.OPEN_NANOS_MIN;
        assertThat(admits()).isFalse();
        nowNanos += CircuitBreaker.OPEN_NANOS_MIN;
        assertThat(admits()).isTrue();
    }

    @Test
    void openTime_hasAMost() {
        fail(20);
        for (int i = 0; i < 20; i++) {
            nowNanos += CircuitBreaker.OPEN_NANOS_MAX;
            assertThat(admittedOf(1)).isEqualTo(1);
            fail(1);
        }
    }

    @Test
    void trialsThatAreNeverHeardOf_areReplaced() {
        fail(20);
        nowNanos += CircuitBreaker.OPEN_NANOS_MIN;
        admittedOf(3);

        nowNanos += CircuitBreaker.OPEN_NANOS_MIN;

        assertThat(admittedOf(100)).isEqualTo(3);
    }

    @Test
    void newConnection_allowsTrialsAtOnce() {
        fail(20);

        circuit.onConnected(nowNanos);

        assertThat(circuit.state()).isEqualTo(Circuit.HALF_OPEN);
        assertThat(admittedOf(100)).isEqualTo(3);
    }
}

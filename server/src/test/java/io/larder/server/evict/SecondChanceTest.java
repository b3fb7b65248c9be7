package io.larder.server.evict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecondChanceTest {
    private final SecondChance survival = new SecondChance(1000);

    @Test
    void itemNotReadSinceItWasWritten_goes() {
        assertThat(survival.survives(0, 8)).isFalse();
        assertThat(survival.survives(1, 8)).isTrue();
        assertThat(survival.survives(3, 8)).isTrue();
    }

    @Test
    void survivors_fillHalfASegmentAtMost_whateverTheirMerit() {
        assertThat(survival.survives(3, 400)).isTrue();
        assertThat(survival.survives(3, 101)).isFalse();
        assertThat(survival.survives(1, 100)).isTrue();
        assertThat(survival.survives(3, 8)).isFalse();
    }

    @Test
    void anotherSegment_hasItsOwnHalf() {
        survival.survives(1, 500);
        survival.reset();

        assertThat(survival.survives(1, 500)).isTrue();
    }
}

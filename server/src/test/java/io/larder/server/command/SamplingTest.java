package io.larder.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {
    private static final int ASKED = 640_000;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, 42, Integer.MIN_VALUE})
    void picks_oneIn64_atDistancesThatVary_neverFurtherThan127(int seed) {
        Sampling sampling = new Sampling(seed);
        boolean[] distances = new boolean[2 * Sampling.MEAN];
        int picked = 0;
        int distance = 0;
        for (int i = 0; i < ASKED; i++) {
            distance++;
            if (sampling.next()) {
                picked++;
                distances[distance] = true;
                distance = 0;
            }
        }

        assertThat(picked).isBetween(9_500, 10_500);
        for (int each = 1; each < distances.length; each++) {
            assertThat(distances[each]).as("distance %d", each).isTrue();
        }
    }
}

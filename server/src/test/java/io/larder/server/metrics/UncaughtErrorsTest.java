package io.larder.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UncaughtErrorsTest {
    private final UncaughtErrors errors = new UncaughtErrors();

    private static RuntimeException one() {
        return new IllegalStateException("one");
    }

    private static RuntimeException other() {
        return new IllegalArgumentException("other");
    }

    @Test
    void record_theSameErrorOften_isOneEntryWithItsCount() {
        for (int i = 0; i < 5; i++) {
            errors.record(one());
        }
        errors.record(other());
        List<Integer> counts = new ArrayList<>();
        assertThat(errors.forEach((count, first, last, text) -> counts.add(count))).isEqualTo(2);
        assertThat(counts).containsExactly(5, 1);
        assertThat(errors.count()).isEqualTo(6);
    }

    @Test
    void record_moreThanThereIsRoomFor_isCounted() {
        for (int depth = 0; depth < 400; depth++) {
            errors.record(nested(depth));
        }
        assertThat(errors.count()).isEqualTo(400);
        assertThat(errors.forEach((count, first, last, text) -> {})).isBetween(1, 399);
    }

    private static RuntimeException nested(int depth) {
        return depth == 0 ? one() : nested(depth - 1);
    }
}

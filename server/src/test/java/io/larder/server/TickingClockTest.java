package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TickingClockTest {
    @Test
    void partOfABeatThatThrows_isReported_andTheOthersAndTheClockGoOn() {
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        AtomicInteger beats = new AtomicInteger();
        AssertionError planted = new AssertionError("planted");
        try (TickingClock clock = new TickingClock()) {
            clock.onBeat(
                    errors::add,
                    () -> {
                        throw planted;
                    },
                    beats::incrementAndGet);
            await().until(() -> beats.get() > 1);
            long now = clock.nowMillis();
            await().until(() -> clock.nowMillis() > now);
        }

        assertThat(errors).hasSizeGreaterThan(1).containsOnly(planted);
    }
}

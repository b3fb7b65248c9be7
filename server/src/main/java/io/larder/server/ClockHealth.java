package io.larder.server;

import io.larder.server.store.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a store's clock goes as it should. Where it stands still nothing expires, no version
 * grows by time and no maintenance begins by itself: such a server answers, and is of no use. For
 * any thread.
 */
final class ClockHealth {
    private static final long BEHIND_MILLIS_MAX = 5_000;

    private final Clock clock;
    private final LongSupplier nanoClock;
    private final long startMillis;
    private final long startNanos;

    ClockHealth(Clock clock) {
        this(clock, System::nanoTime);
    }

    /**
     * @param nanoClock what the clock is held against
     */
    ClockHealth(Clock clock, LongSupplier nanoClock) {
        this.clock = clock;
        this.nanoClock = nanoClock;
        startMillis = clock.nowMillis();
        startNanos = nanoClock.getAsLong();
    }

    /** What is wrong, for people; null if nothing is. */
    @Nullable String trouble() {
        long elapsed = TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - startNanos);
        long behindMillis = elapsed - (clock.nowMillis() - startMillis);
        return behindMillis <= BEHIND_MILLIS_MAX
                ? null
                : "clock: "
                        + behindMillis
                        + " ms behind (expected: at most "
                        + BEHIND_MILLIS_MAX
                        + ")";
    }
}

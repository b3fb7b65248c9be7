package io.larder.client.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Calls something every {@link #TICK_MILLIS} as long as there is work, and nothing while there is
 * none. One thread: the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of timers: the task sees to its own failures
final class Ticker {
    private static final long TICK_MILLIS = 10;

    private final EventLoop eventLoop;
    private final BooleanSupplier hasWork;
    private final Runnable onTick;
    private final Runnable tickTask = this::tick;
    private boolean ticking;

    /**
     * @param onTick must not throw
     */
    Ticker(EventLoop eventLoop, BooleanSupplier hasWork, Runnable onTick) {
        this.eventLoop = eventLoop;
        this.hasWork = hasWork;
        this.onTick = onTick;
    }

    /** Whether a tick is to come. */
    boolean isTicking() {
        return ticking;
    }

    /** Ticks if there is work; to be called when there may be some. */
    void keepTicking() {
        if (!ticking && hasWork.getAsBoolean()) {
            ticking = true;
            eventLoop.schedule(tickTask, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        ticking = false;
        onTick.run();
        keepTicking();
    }
}

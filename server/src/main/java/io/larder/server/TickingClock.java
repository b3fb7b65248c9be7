package io.larder.server;

import io.larder.server.store.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The store's clock: one daemon thread publishes the milliseconds, so that reading the time is one
 * load. Wall time at the start, the monotonic clock from then on: a jump of the wall clock moves
 * nothing. For any thread; owns its thread until closed, after which time stands still.
 */
public final class TickingClock implements Clock, AutoCloseable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final long startMillis = Math.max(0, System.currentTimeMillis() - EPOCH_UNIX_MILLIS);
    private final long startNanos = System.nanoTime();
    private final Thread ticker = new Thread(this::tick, "larder-clock");
    private volatile boolean closed;

    /** Written by the ticker only. */
    private volatile long nowMillis = startMillis;

    /** Starts ticking. */
    public TickingClock() {
        ticker.setDaemon(true);
        ticker.start();
    }

    @Override
    public long nowMillis() {
        return nowMillis;
    }

    private void tick() {
        while (!closed) {
            long elapsed = System.nanoTime() - startNanos;
            nowMillis = startMillis + TimeUnit.NANOSECONDS.toMillis(elapsed);
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(ticker);
    }
}

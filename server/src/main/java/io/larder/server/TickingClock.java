package io.larder.server;

import io.larder.server.store.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The store's clock: one daemon thread publishes the milliseconds, so that reading the time is one
 * load. Wall time at the start, the monotonic clock from then on: a jump of the wall clock moves
 * nothing. For any thread; owns its thread until closed, after which time stands still.
 */
public final class TickingClock implements Clock, AutoCloseable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Ticks between two beats: about a tenth of a second. */
    private static final int BEAT_TICKS = 100;

    private final long startMillis;
    private final long startNanos = System.nanoTime();
    private final Thread ticker = new Thread(this::tick, "larder-clock");
    private volatile Runnable beat = () -> {};
    private volatile boolean closed;

    /** Written by the ticker only. */
    private volatile long nowMillis;

    /** Starts ticking at the wall's time. */
    public TickingClock() {
        this(Math.max(0, System.currentTimeMillis() - EPOCH_UNIX_MILLIS));
    }

    /** Starts ticking at a time that an earlier clock came to. */
    public TickingClock(long startMillis) {
        this.startMillis = startMillis;
        this.nowMillis = startMillis;
        ticker.setDaemon(true);
        ticker.start();
    }

    @Override
    public long nowMillis() {
        return nowMillis;
    }

    /**
     * Has these called, one after the other, on the clock's thread every {@link #BEAT_TICKS} ticks,
     * for what has to be looked after now and then. They must not block. What one of them throws is
     * reported, and keeps neither the others nor the clock from going on.
     */
    public void onBeat(Consumer<Throwable> errors, Runnable... parts) {
        List<Runnable> all = List.of(parts);
        beat = () -> all.forEach(part -> run(part, errors));
    }

    private static void run(Runnable part, Consumer<Throwable> errors) {
        try {
            part.run();
        } catch (RuntimeException | Error e) {
            errors.accept(e);
        }
    }

    private void tick() {
        for (int ticks = 1; !closed; ticks++) {
            long elapsed = System.nanoTime() - startNanos;
            nowMillis = startMillis + TimeUnit.NANOSECONDS.toMillis(elapsed);
            if (ticks % BEAT_TICKS == 0) {
                beat.run();
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(ticker);
    }
}

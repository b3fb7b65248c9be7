package io.larder.server.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of all connections of one event loop, looked at together every now and then: a
 * connection needs no timer of its own, and a read sets none. A deadline is noticed up to one
 * period late. Belongs to its event loop.
 */
final class ConnectionSweep {
    private final EventLoop eventLoop;
    private final long periodMillis;
    private final LongSupplier nanoClock;
    private final List<BinaryConnection> connections = new ArrayList<>();
    private @Nullable ScheduledFuture<?> ticking; // while there are connections

    ConnectionSweep(EventLoop eventLoop, long periodMillis, LongSupplier nanoClock) {
        this.eventLoop = eventLoop;
        this.periodMillis = periodMillis;
        this.nanoClock = nanoClock;
    }

    void add(BinaryConnection connection) {
        connection.sweepIndex(connections.size());
        connections.add(connection);
        if (ticking == null) {
            ticking =
                    eventLoop.scheduleWithFixedDelay(
                            this::sweep, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** Takes a connection out, in constant time: the last one gets its place. */
    void remove(BinaryConnection connection) {
        int last = connections.size() - 1;
        BinaryConnection moved = connections.remove(last);
        if (moved != connection) {
            connections.set(connection.sweepIndex(), moved);
            moved.sweepIndex(connection.sweepIndex());
        }
        if (last == 0 && ticking != null) {
            ticking.cancel(false);
            ticking = null;
        }
    }

    /** Backwards, since a connection that is closed takes itself out and moves the last one up. */
    private void sweep() {
        long nowNanos = nanoClock.getAsLong();
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (i < connections.size()) {
                check(connections.get(i), nowNanos);
            }
        }
    }

    /** What one connection's check throws ends that one, and not the sweep. */
    private static void check(BinaryConnection connection, long nowNanos) {
        try {
            connection.checkDeadlines(nowNanos);
        } catch (RuntimeException | Error e) {
            var unused = connection.channel().pipeline().fireExceptionCaught(e);
        }
    }
}

package io.larder.server.limit;

import io.larder.server.metrics.MetricsRegistry;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bytes that all connections together hold of requests that are not answered and of replies that
 * are not sent. Beyond the limit nothing new is begun. Any thread.
 *
 * <p>Each connection says by how much its own have changed, when it has been through what it had
 * read, and a few times a second: the sum lags behind by what is read and answered meanwhile, which
 * the limits of one connection bound.
 */
public final class InFlight {
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder refused = new LongAdder();
    private volatile long bytesMax;

    /** None held, of so many bytes. */
    public InFlight(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Sets the limit, in bytes. */
    public void bytesMax(long newBytesMax) {
        bytesMax = newBytesMax;
    }

    /** The limit, in bytes. */
    public long bytesMax() {
        return bytesMax;
    }

    /** A connection holds so many bytes more, or fewer, than it last said. */
    public void change(long deltaBytes) {
        bytes.addAndGet(deltaBytes);
    }

    /** Bytes held. */
    public long bytes() {
        return bytes.get();
    }

    /** Whether nothing new is to be begun. */
    public boolean isFull() {
        return bytes.get() >= bytesMax;
    }

    /** One request was refused for it. */
    public void countRefusal() {
        refused.increment();
    }

    /** Adds what it counts to a registry. */
    void registerMetrics(MetricsRegistry metrics) {
        metrics.register(
                "in_flight_bytes",
                "Bytes of requests not answered and replies not sent, all connections",
                this::bytes);
        metrics.registerCounter(
                "in_flight_refusals",
                "Requests refused as too many bytes were in flight",
                refused::sum);
    }
}

package io.larder.server.net;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of it when a listener cannot accept, as for want of descriptors: it is counted, said
 * in the log every ten seconds at most, and the listener rests for a second and goes on.
 * Connections that are there notice nothing. Shared by all listeners; any event loop.
 */
/*
 * The rest is Netty's: behind this handler stands the one of ServerBootstrap that, told of an
 * exception, stops reading from the listening socket for a second. Those who knock meanwhile wait in
 * the kernel's queue. Without the rest the event loop would try for ever and do nothing else, as the
 * socket stays ready.
 */
@ChannelHandler.Sharable
public final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);
    private static final long SAID_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final UncaughtErrors errors;
    private final LongAdder failures = new LongAdder();
    private final AtomicLong saidNanos = new AtomicLong(System.nanoTime() - SAID_EVERY_NANOS);

    /**
     * @param errors told of what is no error of the operating system's
     */
    public AcceptFailures(UncaughtErrors errors) {
        this.errors = errors;
    }

    /** How often a listener could not accept. */
    public long count() {
        return failures.sum();
    }

    /** Adds what it counts to a registry. */
    public void registerMetrics(MetricsRegistry metrics) {
        metrics.registerCounter(
                "accepts_failed",
                "Times that a listener could not accept, as for want of descriptors",
                this::count);
    }

    /** A connection could not be furnished with its handlers, and is closed. */
    void notInitialized(Throwable cause) {
        errors.record(cause);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failures.increment();
        long nowNanos = System.nanoTime();
        long said = saidNanos.get();
        if (nowNanos - said >= SAID_EVERY_NANOS && saidNanos.compareAndSet(said, nowNanos)) {
            LOG.warn("{}: cannot accept: {}", ctx.channel().localAddress(), cause.toString());
        }
        if (!(cause instanceof IOException)) {
            errors.record(cause);
        }
        ctx.fireExceptionCaught(cause);
    }
}

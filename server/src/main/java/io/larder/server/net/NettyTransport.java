package io.larder.server.net;

import io.larder.server.metrics.UncaughtErrors;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A group of event loops and the listeners bound to it. Any thread may call anything, but not from
 * one of its event loops where a method says it blocks.
 *
 * <p>Closing order: first the listeners, so that nobody new comes; then the front-ends drain their
 * connections; then this. Whatever is still open by then is cut off.
 */
public final class NettyTransport implements AutoCloseable {
    private static final int BACKLOG = 1024;

    /**
     * What the kernel queues of a connection each way. Left to itself it queues mebibytes of a
     * large value, and every small reply behind them waits.
     */
    private static final int SOCKET_BYTES = 256 << 10;

    private static final long CLOSE_TIMEOUT_SECONDS = 10;

    private final Transport transport;
    private final MultiThreadIoEventLoopGroup eventLoops;
    private final AcceptFailures failures;

    /**
     * Starts event loops of the preferred kind.
     *
     * @param threadName what their threads' names begin with
     */
    public NettyTransport(int threads, String threadName) {
        this(Transport.preferred(), threads, threadName, new AcceptFailures(new UncaughtErrors()));
    }

    /**
     * The same, which tells what its listeners could not accept.
     *
     * @param threadName what their threads' names begin with
     */
    public NettyTransport(int threads, String threadName, AcceptFailures failures) {
        this(Transport.preferred(), threads, threadName, failures);
    }

    /** Starts event loops of this kind, which is available. */
    NettyTransport(Transport transport, int threads, String threadName, AcceptFailures failures) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + " (expected: from 1)");
        }
        this.transport = transport;
        this.failures = failures;
        this.eventLoops =
                new MultiThreadIoEventLoopGroup(
                        threads,
                        new DefaultThreadFactory(threadName),
                        PassCounter.counting(transport));
    }

    /** What the event loops wait with. */
    public Transport transport() {
        return transport;
    }

    /**
     * Listens for connections of a front-end.
     *
     * <p>Locking: blocks until the socket is bound.
     *
     * @param port 0 for any free one
     * @throws IOException naming front-end and address, if it cannot be bound
     */
    public BoundListener bind(Frontend frontend, String host, int port) throws IOException {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(eventLoops)
                        .channel(transport.serverChannel())
                        .handler(failures)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.SO_SNDBUF, SOCKET_BYTES)
                        .childOption(ChannelOption.SO_RCVBUF, SOCKET_BYTES)
                        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        frontend.initialize(channel);
                                    }

                                    @Override
                                    public void exceptionCaught(
                                            ChannelHandlerContext ctx, Throwable cause) {
                                        failures.notInitialized(cause);
                                        var unused = ctx.close();
                                    }
                                });
        ChannelFuture bound =
                bootstrap.bind(new InetSocketAddress(host, port)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    frontend.name() + ": cannot listen on " + host + ':' + port, bound.cause());
        }
        return new BoundListener(frontend.name(), bound.channel());
    }

    /**
     * Ends the event loops; connections still open are closed. Idempotent.
     *
     * <p>Locking: blocks until the threads have ended, ten seconds at most.
     */
    @Override
    public void close() {
        eventLoops
                .shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}

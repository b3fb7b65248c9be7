package io.larder.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lets connections of one front-end in up to a limit, knows those that are open, and sees them out.
 * Any thread may call anything.
 */
public final class ConnectionGate {
    /**
     * The user event that asks a connection to finish: carry out and answer what it has read, and
     * close, or have its client close. A handler that does not know it is cut off when the drain's
     * time is over.
     */
    public static final Object DRAIN = new Object();

    private volatile int connectionsMax;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile boolean draining;

    /**
     * @param connectionsMax connections at a time
     */
    public ConnectionGate(int connectionsMax) {
        this.connectionsMax = requirePositive(connectionsMax);
    }

    /** Changes the limit; connections beyond it that are open stay. */
    void connectionsMax(int newConnectionsMax) {
        connectionsMax = requirePositive(newConnectionsMax);
    }

    private static int requirePositive(int connectionsMax) {
        if (connectionsMax < 1) {
            throw new IllegalArgumentException(
                    "connectionsMax: " + connectionsMax + " (expected: from 1)");
        }
        return connectionsMax;
    }

    /** Lets a channel in, until it closes, or says that there is no room for it. */
    public boolean tryEnter(Channel channel) {
        if (open.incrementAndGet() > connectionsMax) {
            open.decrementAndGet();
            refused.increment();
            return false;
        }
        accepted.increment();
        channels.add(channel);
        channel.closeFuture()
                .addListener(
                        closed -> {
                            channels.remove(channel);
                            open.decrementAndGet();
                        });
        if (draining) {
            channels.remove(channel);
            var unused = channel.close();
        }
        return true;
    }

    /** Connections at a time. */
    public int connectionsMax() {
        return connectionsMax;
    }

    /** Connections that are open now. */
    public int open() {
        return open.get();
    }

    /** Where the connections come from that are open now, as {@code 127.0.0.1:50432}. */
    public List<String> addresses() {
        return channels.stream()
                .map(Channel::remoteAddress)
                .filter(Objects::nonNull)
                .map(address -> NetUtil.toSocketAddressString((InetSocketAddress) address))
                .toList();
    }

    /** Connections let in so far. */
    public long accepted() {
        return accepted.sum();
    }

    /** Connections turned away so far. */
    public long refused() {
        return refused.sum();
    }

    /**
     * Asks all connections to finish, and closes those that have not after a while. To be called
     * when the listener is closed.
     *
     * <p>Locking: blocks until all are closed, a little over {@code timeoutMillis} at most; not to
     * be called on an event loop.
     *
     * @return whether all had finished in time
     */
    public boolean drain(long timeoutMillis) {
        draining = true;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        for (Channel channel : channels) {
            channel.eventLoop().execute(() -> channel.pipeline().fireUserEventTriggered(DRAIN));
        }
        boolean finished = true;
        for (Channel channel : channels) {
            long leftNanos = Math.max(0, deadline - System.nanoTime());
            finished &= channel.closeFuture().awaitUninterruptibly(leftNanos, TimeUnit.NANOSECONDS);
        }
        closeAll();
        return finished;
    }

    /**
     * Closes all connections at once.
     *
     * <p>Locking: blocks until they are closed; not to be called on an event loop.
     */
    public void closeAll() {
        List<ChannelFuture> closing = channels.stream().map(Channel::close).toList();
        closing.forEach(ChannelFuture::awaitUninterruptibly);
    }
}

package io.larder.server.net;

import io.larder.server.limit.AddressLimit;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /** That a channel is counted on its address, whichever gates it goes through. */
    private static final AttributeKey<Boolean> COUNTED =
            AttributeKey.valueOf(ConnectionGate.class, "counted");

    private static final AttributeKey<String> USER =
            AttributeKey.valueOf(ConnectionGate.class, "user");

    private static final AttributeKey<String> CLIENT =
            AttributeKey.valueOf(ConnectionGate.class, "client");

    /**
     * Why a channel was not let in.
     *
     * @param what there would have been too many of
     * @param limit how many there may be
     */
    public record Refusal(String what, int limit) {
        @Override
        public String toString() {
            return what + ": " + (limit + 1L) + " (expected: at most " + limit + ")";
        }
    }

    /** Refused connections that are told why at a time; the others are just closed. */
    private static final int REFUSALS_MAX = 256;

    private volatile int connectionsMax;
    private final AtomicInteger refusals = new AtomicInteger(); // being told
    private final AddressLimit addresses;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile boolean draining;

    /**
     * @param connectionsMax connections at a time
     */
    public ConnectionGate(int connectionsMax) {
        this(connectionsMax, new AddressLimit(0));
    }

    /**
     * @param addresses where connections are counted by their addresses, too
     */
    public ConnectionGate(int connectionsMax, AddressLimit addresses) {
        this.connectionsMax = requirePositive(connectionsMax);
        this.addresses = addresses;
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
        return enter(channel) == null;
    }

    /** Lets a channel in, until it closes; or says why not. */
    public @Nullable Refusal enter(Channel channel) {
        int most = connectionsMax;
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            refused.increment();
            return new Refusal("connections", most);
        }
        if (!enterByAddress(channel)) {
            open.decrementAndGet();
            refused.increment();
            return new Refusal("connectionsOfAddress", addresses.connectionsMax());
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
        return null;
    }

    private boolean enterByAddress(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)
                || channel.attr(COUNTED).get() != null) {
            return true;
        }
        InetAddress address = remote.getAddress();
        if (!addresses.tryEnter(address)) {
            return false;
        }
        channel.attr(COUNTED).set(true);
        channel.closeFuture().addListener(closed -> addresses.leave(address));
        return true;
    }

    /**
     * Tells a channel that was not let in why, once it is registered, which it is not yet while it
     * is being initialized; then closes it.
     */
    public void refuse(Channel channel, Consumer<ByteBuf> words) {
        if (refusals.incrementAndGet() > REFUSALS_MAX) {
            refusals.decrementAndGet();
            var unused = channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> refusals.decrementAndGet());
        channel.eventLoop()
                .execute(
                        () -> {
                            ByteBuf lastWords = channel.alloc().directBuffer();
                            words.accept(lastWords);
                            LingeringClose.begin(channel, lastWords);
                        });
    }

    /** Connections at a time. */
    public int connectionsMax() {
        return connectionsMax;
    }

    /** Connections that are open now. */
    public int open() {
        return open.get();
    }

    /**
     * One connection.
     *
     * @param address where it comes from, as {@code 127.0.0.1:50432}
     * @param user empty if he is not known, or there are no users
     * @param client the name that the client has given itself; empty for none
     */
    public record Guest(String address, String user, String client) {}

    /** Those that are open now. */
    public List<Guest> guests() {
        return channels.stream()
                .filter(channel -> channel.remoteAddress() != null)
                .map(
                        channel ->
                                new Guest(
                                        NetUtil.toSocketAddressString(
                                                (InetSocketAddress) channel.remoteAddress()),
                                        Objects.requireNonNullElse(channel.attr(USER).get(), ""),
                                        Objects.requireNonNullElse(channel.attr(CLIENT).get(), "")))
                .toList();
    }

    /** Says who is at the other end of a connection, and what its client calls itself. */
    public static void name(Channel channel, String user, String client) {
        channel.attr(USER).set(user);
        channel.attr(CLIENT).set(client);
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

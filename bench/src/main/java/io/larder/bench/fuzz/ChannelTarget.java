package io.larder.bench.fuzz;

import io.larder.server.metrics.UncaughtErrors;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelId;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * A connection's handlers, on a channel without a network that is made for each input, which comes
 * in two parts. A failure is whatever the handlers have counted as an error, or have let through.
 */
final class ChannelTarget implements FuzzTarget {
    private static final InetSocketAddress LOOPBACK =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private final String name;
    private final List<byte[]> seeds;
    private final UncaughtErrors errors;
    private final Consumer<Channel> handlers;
    private final byte[] greeting;

    /**
     * @param handlers adds what a connection has
     * @param greeting goes before each input
     */
    ChannelTarget(
            String name,
            List<byte[]> seeds,
            UncaughtErrors errors,
            Consumer<Channel> handlers,
            byte[] greeting) {
        this.name = name;
        this.seeds = seeds;
        this.errors = errors;
        this.handlers = handlers;
        this.greeting = greeting;
    }

    /** A channel that has addresses, as handlers expect. */
    private static final class Loopback extends EmbeddedChannel {
        private static final ChannelId ID = DefaultChannelId.newInstance();

        Loopback() {
            super(ID);
        }

        @Override
        protected SocketAddress localAddress0() {
            return LOOPBACK;
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return LOOPBACK;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }

    @Override
    public void take(byte[] input) {
        long errorsBefore = errors.count();
        EmbeddedChannel channel = new Loopback();
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        try {
            handlers.accept(channel);
            channel.pipeline().fireChannelActive();
            feed(channel, greeting, 0, greeting.length);
            int cut = input.length / 2;
            feed(channel, input, 0, cut);
            feed(channel, input, cut, input.length - cut);
            channel.checkException();
        } finally {
            channel.finishAndReleaseAll();
        }
        if (errors.count() > errorsBefore) {
            throw new AssertionError("an error that nobody handled was counted");
        }
    }

    private static void feed(EmbeddedChannel channel, byte[] bytes, int offset, int length) {
        if (length > 0 && channel.isOpen()) {
            channel.writeInbound(
                    channel.alloc().directBuffer(length).writeBytes(bytes, offset, length));
            channel.runPendingTasks();
            releaseReplies(channel);
        }
    }

    private static void releaseReplies(EmbeddedChannel channel) {
        Object reply = channel.readOutbound();
        while (reply != null) {
            ReferenceCountUtil.release(reply);
            reply = channel.readOutbound();
        }
    }
}

package io.larder.bench.fuzz;

import io.larder.bench.LoopbackChannel;
import io.larder.server.metrics.UncaughtErrors;
import io.netty.channel.Channel;
import java.util.List;
import java.util.function.Consumer;

/**
 * A connection's handlers, on a channel without a network that is made for each input, which comes
 * in two parts. A failure is whatever the handlers have counted as an error, or have let through.
 */
final class ChannelTarget implements FuzzTarget {
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
        LoopbackChannel channel = new LoopbackChannel();
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

    private static void feed(LoopbackChannel channel, byte[] bytes, int offset, int length) {
        channel.feed(bytes, offset, length);
        channel.releaseReplies();
    }
}

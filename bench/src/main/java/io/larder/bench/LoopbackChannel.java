package io.larder.bench;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelId;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A channel without a socket that has addresses and pooled buffers, as a server's handlers expect.
 * For one thread.
 */
public final class LoopbackChannel extends EmbeddedChannel {
    private static final SocketAddress LOOPBACK =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final ChannelId ID = DefaultChannelId.newInstance();

    /** One without handlers. */
    public LoopbackChannel() {
        super(ID);
        config().setAllocator(PooledByteBufAllocator.DEFAULT);
    }

    @Override
    protected SocketAddress localAddress0() {
        return LOOPBACK;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return LOOPBACK;
    }

    /** Has the handlers read bytes, and what these made due; does nothing if it is closed. */
    public void feed(byte[] bytes, int offset, int length) {
        if (length > 0 && isOpen()) {
            writeInbound(alloc().directBuffer(length).writeBytes(bytes, offset, length));
            runPendingTasks();
        }
    }

    /** Forgets what the handlers have written. */
    public void releaseReplies() {
        Object reply = readOutbound();
        while (reply != null) {
            ReferenceCountUtil.release(reply);
            reply = readOutbound();
        }
    }
}

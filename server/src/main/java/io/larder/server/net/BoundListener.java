package io.larder.server.net;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/** A listening socket. Any thread may call anything; closing stops accepting, nothing else. */
public final class BoundListener implements AutoCloseable {
    private final String name;
    private final Channel channel;

    BoundListener(String name, Channel channel) {
        this.name = name;
        this.channel = channel;
    }

    /** The front-end's name. */
    public String name() {
        return name;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Where it listens, as {@code 127.0.0.1:7170}. */
    public String hostAndPort() {
        InetSocketAddress address = address();
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + address.getPort();
    }

    /** Has accepting fail, as for want of descriptors. */
    void failAccept(Throwable cause) {
        channel.pipeline().fireExceptionCaught(cause);
    }

    /**
     * Stops accepting; connections already accepted stay. Idempotent.
     *
     * <p>Locking: blocks until the socket is closed; not to be called on an event loop.
     */
    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}

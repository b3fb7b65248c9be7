package io.larder.server.net;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** What the operating system is asked through for sockets that are ready. */
public enum Transport {
    /** Linux's epoll, by Netty's native library. */
    EPOLL {
        @Override
        public boolean isAvailable() {
            return Epoll.isAvailable();
        }

        @Override
        IoHandlerFactory ioHandlerFactory() {
            return EpollIoHandler.newFactory();
        }

        @Override
        IoRegistration registration(IoRegistration plain) {
            return new KeptRegistration(plain);
        }

        @Override
        Class<? extends ServerChannel> serverChannel() {
            return EpollServerSocketChannel.class;
        }
    },

    /** What the JDK has. */
    NIO {
        @Override
        public boolean isAvailable() {
            return true;
        }

        @Override
        IoHandlerFactory ioHandlerFactory() {
            return NioIoHandler.newFactory();
        }

        @Override
        Class<? extends ServerChannel> serverChannel() {
            return NioServerSocketChannel.class;
        }
    };

    /** The system property that names one, in lower case, where the best one is not wanted. */
    public static final String PROPERTY = "larder.transport";

    /** Whether it works on this machine. */
    public abstract boolean isAvailable();

    abstract IoHandlerFactory ioHandlerFactory();

    /** A socket's registration with a handler of that factory, as it is to be used. */
    IoRegistration registration(IoRegistration plain) {
        return plain;
    }

    abstract Class<? extends ServerChannel> serverChannel();

    /**
     * The one {@link #PROPERTY} names, else the best there is.
     *
     * @throws IllegalArgumentException if the property names none, or one that is not available
     */
    public static Transport preferred() {
        String name = System.getProperty(PROPERTY);
        if (name == null) {
            return EPOLL.isAvailable() ? EPOLL : NIO;
        }
        for (Transport transport : values()) {
            if (transport.name().equalsIgnoreCase(name) && transport.isAvailable()) {
                return transport;
            }
        }
        throw new IllegalArgumentException(
                PROPERTY
                        + ": "
                        + name
                        + " (expected: "
                        + (EPOLL.isAvailable() ? "epoll or " : "")
                        + "nio)");
    }
}

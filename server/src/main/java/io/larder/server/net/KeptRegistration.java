package io.larder.server.net;

import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;

/**
 * A socket's place in epoll, kept while the socket waits for nothing. Netty takes a socket out
 * then, does not remember it, and fails when the socket is to wait again: a client that sends no
 * more and takes its replies slowly would lose the rest of them. One event loop's.
 */
/*
 * Errors are told in any case, and edge-triggered once: that is waited for in place of nothing.
 */
final class KeptRegistration implements IoRegistration {
    private static final EpollIoOps ERRORS_ONLY = EpollIoOps.EPOLLERR.with(EpollIoOps.EPOLLET);

    private final IoRegistration registration;
    private boolean isAdded;

    KeptRegistration(IoRegistration registration) {
        this.registration = registration;
    }

    @Override
    public long submit(IoOps ops) {
        boolean isNone = EpollIoOps.NONE.equals(ops);
        isAdded |= !isNone;
        return registration.submit(isNone && isAdded ? ERRORS_ONLY : ops);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as Netty declares it
    public <T> T attachment() {
        return registration.attachment();
    }

    @Override
    public boolean isValid() {
        return registration.isValid();
    }

    @Override
    public boolean cancel() {
        return registration.cancel();
    }
}

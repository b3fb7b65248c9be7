package io.larder.server.net;

import static java.util.Objects.requireNonNull;

import io.larder.server.limit.LoopPass;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import org.jspecify.annotations.Nullable;

/** Counts the passes of an event loop, and leaves the rest to another handler. One event loop's. */
final class PassCounter implements IoHandler {
    private final Transport transport;
    private final IoHandler handler;
    private @Nullable LoopPass pass; // the loop's thread is not there before the first run

    private PassCounter(Transport transport, IoHandler handler) {
        this.transport = transport;
        this.handler = handler;
    }

    /** A transport's handlers, whose passes are counted. */
    static IoHandlerFactory counting(Transport transport) {
        IoHandlerFactory factory = transport.ioHandlerFactory();
        return executor -> new PassCounter(transport, factory.newHandler(executor));
    }

    @Override
    public void initialize() {
        handler.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        if (pass == null) {
            pass = LoopPass.current();
        }
        requireNonNull(pass).begin();
        return handler.run(context);
    }

    @Override
    public void prepareToDestroy() {
        handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
        handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return transport.registration(handler.register(handle));
    }

    @Override
    public void wakeup() {
        handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return handler.isCompatible(type);
    }
}

package io.larder.server.tls;

import io.larder.server.net.Frontend;
import io.netty.channel.Channel;

/** A front-end behind TLS. */
/*
 *   socket --> TlsDoor --------------> TlsWatch --> the front-end's own handlers
 *                 | the first record
 *                 v
 *              SslHandler, in its place
 */
final class TlsFrontend implements Frontend {
    private final Frontend inner;
    private final TlsContexts contexts;

    TlsFrontend(Frontend inner, TlsContexts contexts) {
        this.inner = inner;
        this.contexts = contexts;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public void initialize(Channel channel) {
        TlsWatch watch = new TlsWatch(contexts, inner.name());
        channel.pipeline().addLast(new TlsDoor(contexts, inner.name(), watch), watch);
        inner.initialize(channel);
    }
}

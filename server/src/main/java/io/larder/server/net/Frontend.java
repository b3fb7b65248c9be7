package io.larder.server.net;

import io.netty.channel.Channel;

/** A protocol spoken on a listener: it furnishes the pipeline of each connection accepted there. */
public interface Frontend {
    /** What it is called in logs and errors, as {@code data}. */
    String name();

    /**
     * Adds the handlers of a connection just accepted, or refuses and closes it. Called on the
     * connection's event loop; if it throws, the connection is closed.
     */
    void initialize(Channel channel);
}

package io.larder.server.compat;

import io.larder.server.auth.Caller;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Future;

/** What a conversation sees of its connection. On its event loop, unless stated. */
public interface Peer {
    /** Has the input looked at again, soon. Any thread. */
    void wake();

    /** Has a task run on the event loop, soon; not at all if that has ended. Any thread. */
    void execute(Runnable task);

    /** Runs a task on the event loop after a while; the future cancels it. */
    Future<?> schedule(Runnable task, long delayMillis);

    /** The buffer that what is sent unasked is appended to, between replies; sent by flush. */
    ByteBuf out();

    /** Sends what was appended. */
    void flush();

    /** Whether the client takes more than is waiting for it already. */
    boolean isWritable();

    /** Closes the connection at once. Any thread. */
    void close();

    /** Who the client is, as far as he has shown it. */
    Caller caller();

    /** The client's address, as {@code 127.0.0.1:50432}. */
    String remoteAddress();

    /** The address the client has connected to. */
    String localAddress();
}

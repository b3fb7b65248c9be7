package io.larder.server.command;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.Future;

/**
 * What a session needs of its connection to answer a request after the batch it came in. On the
 * connection's event loop, unless stated.
 */
public interface LateReplies {
    /** Has the task run on the event loop, soon; not at all if that has ended. Any thread. */
    void execute(Runnable task);

    /** The same after a while; the future cancels it. */
    Future<?> schedule(Runnable task, long delayMillis);

    /** Whether replies may be appended now; if not, the session is told when they may. */
    boolean isWritable();

    /** The buffer that replies are appended to. Not to be kept. */
    ByteBuf out();

    /** Sends what was appended, values in pieces too. */
    void flush();
}

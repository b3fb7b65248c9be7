package io.larder.server.net;

import io.netty.channel.Channel;

/**
 * What is to be done for a connection later, on its event loop. Whatever it throws goes through the
 * connection's handlers, as what they throw themselves does: else it would be lost in the future
 * that nobody looks at, or in the event loop's log.
 *
 * @param channel of the connection
 * @param task to be done
 */
public record ConnectionTask(Channel channel, Runnable task) implements Runnable {
    @Override
    public void run() {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            var unused = channel.pipeline().fireExceptionCaught(e);
        }
    }
}

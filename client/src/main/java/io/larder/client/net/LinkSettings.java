package io.larder.client.net;

import io.larder.client.api.LarderOptions;
import io.netty.channel.EventLoop;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What a {@link ServerLink} and its parts need to know.
 *
 * @param connection of each of its connections
 * @param eventLoop on which everything happens that is not a caller's
 * @param random for jitter, from 0 to below 1
 */
record LinkSettings(
        Connection.Settings connection,
        LarderOptions options,
        EventLoop eventLoop,
        DoubleSupplier random) {
    ServerAddress address() {
        return connection.address();
    }

    LongSupplier nanoClock() {
        return connection.nanoClock();
    }
}

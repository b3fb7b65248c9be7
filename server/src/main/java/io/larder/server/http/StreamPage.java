package io.larder.server.http;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An answer that goes on for as long as somebody takes it. Called on the HTTP event loop. */
interface StreamPage {
    /**
     * Gives a connection over to it: its head is written, and the handler of this context replaced
     * by one that owns the connection from now on.
     *
     * @param mayGoOn whether the user has the right to it by now; when he has not, it ends
     * @return why not, and then nothing has changed; null if it has begun
     */
    @Nullable Answer begin(
            ChannelHandlerContext context, ChannelHandler present, BooleanSupplier mayGoOn);
}

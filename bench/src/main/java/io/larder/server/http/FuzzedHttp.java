package io.larder.server.http;

import io.larder.server.auth.AccessControl;
import io.larder.server.limit.DisabledCommands;
import io.larder.server.metrics.UncaughtErrors;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import java.util.Map;
import java.util.Set;

/** HTTP with one page. Stateless. */
public final class FuzzedHttp {
    private FuzzedHttp() {}

    /** Has a channel speak it. */
    public static void speak(Channel channel, UncaughtErrors errors) {
        Site site =
                new Site(
                        Map.of("/health", () -> Answer.line(HttpResponseStatus.OK, "well")),
                        Map.of(),
                        new DisabledCommands(Set.of()));
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(
                                new HttpDecoderConfig()
                                        .setMaxInitialLineLength(RequestRules.LINE_BYTES_MAX)
                                        .setMaxHeaderSize(RequestRules.HEADER_BYTES_MAX)))
                .addLast(new FlowControlHandler())
                .addLast(
                        new HttpHandler(
                                site, errors, AccessControl.open(), HttpFrontend.DEADLINE_MILLIS));
    }
}

package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.larder.server.metrics.UncaughtErrors;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What happens, as server-sent events: to each who asks a sample of it ({@link EventSample}), a few
 * times a second. At most {@link #STREAMS_MAX} at a time. On the HTTP event loop, one thread.
 *
 * <p>The format is <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML's
 * server-sent events</a>.
 */
final class EventStream implements StreamPage {
    /** Streams at a time, out of the {@link HttpFrontend#CONNECTIONS_MAX} connections. */
    static final int STREAMS_MAX = 8;

    static final String CONTENT_TYPE = "text/event-stream";

    private final EventSource source;
    private final IntFunction<String> regionOfSpace;
    private final UncaughtErrors errors;
    private final Pace pace;
    private int open;

    /**
     * How often something is sent.
     *
     * @param tickMillis between two samples
     * @param ticksSilent ticks after which a line is sent although nothing has happened, so that a
     *     peer that has gone is found out
     * @param ticksStalled ticks for which a peer may take nothing
     */
    record Pace(long tickMillis, int ticksSilent, int ticksStalled) {
        static final Pace DEFAULT = new Pace(250, 40, 60);
    }

    /**
     * @param regionOfSpace a region's name by its present space
     * @param errors told of what goes wrong on this side
     */
    EventStream(
            EventSource source,
            IntFunction<String> regionOfSpace,
            UncaughtErrors errors,
            Pace pace) {
        this.source = source;
        this.regionOfSpace = regionOfSpace;
        this.errors = errors;
        this.pace = pace;
    }

    @Override
    public @Nullable Answer begin(
            ChannelHandlerContext context, ChannelHandler present, BooleanSupplier mayGoOn) {
        if (open == STREAMS_MAX) {
            return Answer.line(
                    SERVICE_UNAVAILABLE,
                    "events: watched by " + open + " already (expected: fewer than " + open + ")");
        }
        open++;
        context.channel().closeFuture().addListener(closed -> open--);
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, OK);
        SecurityHeaders.addTo(head.headers());
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, CONTENT_TYPE)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        var unused = context.writeAndFlush(head);
        EventSample sample = new EventSample(regionOfSpace);
        context.pipeline()
                .replace(
                        present,
                        null,
                        new EventStreamHandler(source, sample, errors, pace, mayGoOn));
        return null;
    }
}

package io.larder.server.http;

import io.larder.server.auth.AccessControl;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.Frontend;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import java.util.Map;

/**
 * HTTP on a listener: pages to look at, for GET and HEAD. Any thread may call anything; a
 * connection's handlers run on its event loop.
 *
 * <p>Bounds: {@link #CONNECTIONS_MAX} connections, further ones are closed; a request line of
 * {@link RequestRules#LINE_BYTES_MAX} and headers of {@link RequestRules#HEADER_BYTES_MAX} bytes,
 * no bodies; one answer at a time in memory for each connection; {@link #DEADLINE_MILLIS} from one
 * answer to the next, then closed; {@link EventStream} has its own.
 */
public final class HttpFrontend implements Frontend {
    /** Connections at a time. */
    public static final int CONNECTIONS_MAX = 64;

    /** Milliseconds that a connection may take from one answer to the next. */
    public static final long DEADLINE_MILLIS = 30_000;

    private final ConnectionGate gate = new ConnectionGate(CONNECTIONS_MAX);
    private final Site site;
    private final UncaughtErrors errors;
    private final AccessControl access;
    private final long deadlineMillis;

    /** Shows what a server offers. */
    public HttpFrontend(HttpServices services) {
        this(
                new Site(Pages.of(services), streams(services), services.disabled()),
                services.errors(),
                services.access(),
                DEADLINE_MILLIS);
    }

    /**
     * @param errors told of what a page throws
     * @param access who may ask for what
     */
    HttpFrontend(Site site, UncaughtErrors errors, AccessControl access, long deadlineMillis) {
        this.access = access;
        this.site = site;
        this.errors = errors;
        this.deadlineMillis = deadlineMillis;
    }

    private static Map<String, StreamPage> streams(HttpServices services) {
        ConsoleServices console = services.console();
        return Map.of(
                "/api/events",
                new EventStream(
                        console.events(),
                        console.regionOfSpace(),
                        services.errors(),
                        EventStream.Pace.DEFAULT));
    }

    @Override
    public String name() {
        return "http";
    }

    /** Where its connections are counted, drained and closed. */
    public ConnectionGate gate() {
        return gate;
    }

    @Override
    public void initialize(Channel channel) {
        if (!gate.tryEnter(channel)) {
            var unused = channel.close();
            return;
        }
        HttpDecoderConfig limits =
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(RequestRules.LINE_BYTES_MAX)
                        .setMaxHeaderSize(RequestRules.HEADER_BYTES_MAX);
        channel.pipeline()
                .addLast(new HttpServerCodec(limits))
                .addLast(new FlowControlHandler())
                .addLast(new HttpHandler(site, errors, access, deadlineMillis));
    }
}

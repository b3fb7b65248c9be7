package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.MISDIRECTED_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_URI_TOO_LONG;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.NetUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request must be like to be looked at. Stateless.
 *
 * <p>The host's name is looked at where the connection came over the loopback. A browser there can
 * be made to ask this server by a page of anybody's: whose name leads to the page's owner first and
 * to 127.0.0.1 then (DNS rebinding). Such a request has that name for its host; one by an operator
 * has {@code localhost} or an address.
 */
final class RequestRules {
    /** Bytes of method, target and version. */
    static final int LINE_BYTES_MAX = 4096;

    /** Bytes of all headers. */
    static final int HEADER_BYTES_MAX = 8192;

    private RequestRules() {}

    /** What is wrong with a request, if anything is. */
    static @Nullable Answer complaint(HttpRequest request, boolean overLoopback) {
        if (request.decoderResult().isFailure()) {
            return malformed(request.decoderResult().cause());
        }
        HttpMethod method = request.method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return Answer.line(METHOD_NOT_ALLOWED, "method: not allowed (expected: GET or HEAD)");
        }
        if (HttpUtil.isTransferEncodingChunked(request)
                || HttpUtil.getContentLength(request, 0L) != 0) {
            return Answer.line(REQUEST_ENTITY_TOO_LARGE, "body: not taken (expected: none)");
        }
        if (!request.uri().startsWith("/")) {
            return Answer.line(BAD_REQUEST, "target: no path (expected: as /metrics)");
        }
        return hostComplaint(request, overLoopback);
    }

    private static Answer malformed(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Answer.line(
                    REQUEST_URI_TOO_LONG,
                    "request line: too long (expected: at most " + LINE_BYTES_MAX + " bytes)");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Answer.line(
                    REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "headers: too long (expected: at most " + HEADER_BYTES_MAX + " bytes)");
        }
        return Answer.line(BAD_REQUEST, "request: malformed (expected: HTTP/1.1)");
    }

    private static @Nullable Answer hostComplaint(HttpRequest request, boolean overLoopback) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        boolean mayLack = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (hosts.size() > 1 || (hosts.isEmpty() && !mayLack)) {
            return Answer.line(BAD_REQUEST, "Host: " + hosts.size() + " of them (expected: one)");
        }
        if (overLoopback && !hosts.isEmpty() && !isLocal(hosts.get(0))) {
            return Answer.line(
                    MISDIRECTED_REQUEST, "Host: another one's (expected: localhost or an address)");
        }
        return null;
    }

    private static boolean isLocal(String host) {
        String name = withoutPort(host);
        if (name.startsWith("[") && name.endsWith("]")) {
            return NetUtil.isValidIpV6Address(name.substring(1, name.length() - 1));
        }
        return name.equalsIgnoreCase("localhost") || NetUtil.isValidIpV4Address(name);
    }

    /** A colon inside of brackets belongs to the address. */
    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}

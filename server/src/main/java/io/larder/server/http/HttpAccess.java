package io.larder.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.TOO_MANY_REQUESTS;
import static io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.auth.Caller;
import io.larder.server.auth.Need;
import io.larder.server.auth.Verdict;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who asks on one connection, and what he may see. Each request says who it is from, by Basic or
 * Bearer, or the connection does by its certificate. Belongs to the connection's event loop.
 */
/*
 * A page that is not named here takes the right to operate the server.
 */
final class HttpAccess {
    /** What whoever is not known is asked for. */
    static final String CHALLENGE = "Basic realm=\"larder\", charset=\"UTF-8\"";

    private static final String CONSOLE = "/console/";
    private static final String BASIC = "Basic ";
    private static final String BEARER = "Bearer ";

    private static final Map<String, Need> NEEDS =
            Map.ofEntries(
                    Map.entry("/health", Need.NOBODY),
                    Map.entry("/ready", Need.NOBODY),
                    Map.entry("/", Need.ANYBODY),
                    Map.entry("/api/server", Need.ANYBODY),
                    Map.entry("/metrics", Need.STATS),
                    Map.entry("/api/stats", Need.STATS),
                    Map.entry("/api/clients", Need.STATS),
                    Map.entry("/api/latency", Need.STATS),
                    Map.entry("/api/shards", Need.STATS),
                    Map.entry("/api/regions", Need.STATS),
                    Map.entry("/api/mrc", Need.STATS),
                    Map.entry("/api/hotkeys", Need.OBSERVE),
                    Map.entry("/api/prefixes", Need.OBSERVE),
                    Map.entry("/api/slowlog", Need.OBSERVE),
                    Map.entry("/api/events", Need.OBSERVE));

    private final Caller caller;
    private final Supplier<String> certificate; // the common name of one that was verified
    private byte @Nullable [] accepted; // the header of a request that was

    HttpAccess(Caller caller, Supplier<String> certificate) {
        this.caller = caller;
        this.certificate = certificate;
    }

    /** The user who has asked last; empty if he is not known, or there are no users. */
    String user() {
        return caller.user();
    }

    /** Whether the one who has asked last may see a page, by now. */
    boolean maySee(String path, Predicate<String> isPage) {
        caller.refresh();
        return caller.may(need(path, isPage));
    }

    /** What there is not may be told to everybody who is known. */
    private static Need need(String path, Predicate<String> isPage) {
        if (path.startsWith(CONSOLE) || !isPage.test(path)) {
            return Need.ANYBODY;
        }
        return NEEDS.getOrDefault(path, Need.OPERATE);
    }

    /**
     * Why a request is not to be answered with its page; null if it is.
     *
     * @param isPage whether there is one at a path
     */
    @Nullable Answer refusal(HttpRequest request, String path, Predicate<String> isPage) {
        if (!caller.isRequired()) {
            return null;
        }
        Need need = need(path, isPage);
        if (need == Need.NOBODY) {
            return null;
        }
        Answer refused = identify(request);
        if (refused != null) {
            return refused;
        }
        if (!caller.isKnown()) {
            return Answer.line(UNAUTHORIZED, "user: unknown (expected: Basic or Bearer)");
        }
        caller.countRequest();
        if (!caller.may(need)) {
            caller.forbidden("http " + path);
            return Answer.line(FORBIDDEN, "right: not held (expected: one to " + path + ")");
        }
        return null;
    }

    private @Nullable Answer identify(HttpRequest request) {
        caller.refresh();
        String header = request.headers().get(HttpHeaderNames.AUTHORIZATION);
        byte[] shown = header == null ? null : header.getBytes(UTF_8);
        if (shown != null && caller.isKnown() && MessageDigest.isEqual(shown, accepted)) {
            return null;
        }
        if (shown != null || accepted != null) {
            caller.forget();
            accepted = null;
        }
        if (header == null) {
            caller.showCertificate(certificate.get());
            return null;
        }
        Verdict verdict = show(header);
        if (verdict != null && verdict.isAccepted()) {
            accepted = shown;
            return null;
        }
        return verdict != null && verdict.retryAfterMillis() > 0
                ? Answer.line(TOO_MANY_REQUESTS, "secret: not looked at (expected: fewer tries)")
                : Answer.line(UNAUTHORIZED, "secret: not accepted (expected: a user's)");
    }

    private @Nullable Verdict show(String header) {
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return caller.show("", header.substring(BEARER.length()).strip());
        }
        if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            try {
                byte[] text = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
                String pair = new String(text, UTF_8);
                int colon = pair.indexOf(':');
                if (colon > 0) {
                    return caller.show(pair.substring(0, colon), pair.substring(colon + 1));
                }
            } catch (IllegalArgumentException e) {
                // no base64, and so nobody's
            }
        }
        caller.failed();
        return null;
    }

    /** Whether the connection is to be closed, for its tries. */
    boolean isHopeless() {
        return !caller.isKnown() && caller.hasFailedTooOften();
    }
}

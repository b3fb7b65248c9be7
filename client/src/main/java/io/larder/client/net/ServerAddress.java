package io.larder.client.net;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65,535
 */
public record ServerAddress(String host, int port) {
    /** The port of a URI that names none. */
    public static final int PORT_DEFAULT = 7170;

    /** Servers of one client. */
    public static final int SERVERS_MAX = 256;

    private static final String SCHEME = "larder://";
    private static final String SCHEME_SECURE = "larders://";
    private static final String EXPECTED = "larder://HOST:PORT, as larder://127.0.0.1:7170";

    public ServerAddress {
        if (host.isEmpty() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    "address: " + host + ":" + port + " (expected: HOST:PORT, port 1..65535)");
        }
    }

    /** Whether the scheme of a URI is {@code larders}: TLS. */
    public static boolean isSecure(String uri) {
        return uri.startsWith(SCHEME_SECURE);
    }

    private static String scheme(String uri) {
        return isSecure(uri) ? SCHEME_SECURE : SCHEME;
    }

    /**
     * Reads {@code larder://HOST:PORT,HOST:PORT}, or the same with {@code larders}, in its order;
     * without a port, {@link #PORT_DEFAULT}.
     *
     * @return at least one, none twice
     * @throws IllegalArgumentException that names what is wrong and what was expected
     */
    public static List<ServerAddress> parseAll(String uri) {
        if (uri.indexOf(',') < 0) {
            return List.of(parse(uri));
        }
        String scheme = scheme(uri);
        if (!uri.startsWith(scheme)) {
            throw malformed(uri, "scheme larder or larders, " + EXPECTED, null);
        }
        List<ServerAddress> addresses = new ArrayList<>();
        for (String address : uri.substring(scheme.length()).split(",", -1)) {
            addresses.add(parse(scheme + address));
        }
        if (addresses.size() > SERVERS_MAX) {
            throw malformed(uri, SERVERS_MAX + " servers at most", null);
        }
        if (new HashSet<>(addresses).size() < addresses.size()) {
            throw malformed(uri, "each server once", null);
        }
        return List.copyOf(addresses);
    }

    /**
     * Reads {@code larder://HOST:PORT}, or the same with {@code larders}; without a port, {@link
     * #PORT_DEFAULT}.
     *
     * @throws IllegalArgumentException that names what is wrong and what was expected
     */
    public static ServerAddress parse(String uri) {
        URI parsed;
        try {
            parsed = new URI(uri);
        } catch (URISyntaxException e) {
            throw malformed(uri, EXPECTED, e);
        }
        if (!"larder".equals(parsed.getScheme()) && !"larders".equals(parsed.getScheme())) {
            throw malformed(uri, "scheme larder or larders, " + EXPECTED, null);
        }
        String host = parsed.getHost();
        if (host == null || parsed.getUserInfo() != null) {
            throw malformed(uri, EXPECTED, null);
        }
        String path = parsed.getPath();
        boolean hasMore =
                (path != null && !path.isEmpty() && !path.equals("/"))
                        || parsed.getQuery() != null
                        || parsed.getFragment() != null;
        if (hasMore) {
            throw malformed(uri, "nothing after the port, " + EXPECTED, null);
        }
        int port = parsed.getPort() == -1 ? PORT_DEFAULT : parsed.getPort();
        if (port < 1 || port > 65_535) {
            throw malformed(uri, "port 1..65535, " + EXPECTED, null);
        }
        boolean bracketed = host.startsWith("[");
        return new ServerAddress(bracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    private static IllegalArgumentException malformed(
            String uri, String expected, @Nullable Throwable cause) {
        return new IllegalArgumentException("uri: " + uri + " (expected: " + expected + ")", cause);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
    }
}

package io.larder.bench;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * A server's one line on standard output, {@code READY data=127.0.0.1:7170 admin=127.0.0.1:7171}:
 * its open listeners. Immutable.
 *
 * @param listeners from a listener's name to HOST:PORT
 */
public record ReadyLine(Map<String, String> listeners) {
    private static final String HEAD = "READY ";

    public ReadyLine {
        listeners = Map.copyOf(listeners);
        if (!listeners.containsKey("data")) {
            throw new IllegalArgumentException("READY: " + listeners + " (expected: data=…)");
        }
    }

    /** True if the line is one, whatever else it says. */
    static boolean matches(String line) {
        return line.startsWith(HEAD);
    }

    static ReadyLine parse(String line) {
        Map<String, String> listeners = new HashMap<>();
        for (String word : line.substring(HEAD.length()).trim().split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals < 1 || word.lastIndexOf(':') < equals) {
                throw new IllegalArgumentException(
                        "READY: " + word + " (expected: listener=HOST:PORT)");
            }
            listeners.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new ReadyLine(listeners);
    }

    /** HOST:PORT of the binary protocol. */
    public String data() {
        return listeners.getOrDefault("data", "");
    }

    /** The same as an address. */
    public InetSocketAddress dataAddress() {
        return address("data");
    }

    /**
     * Where a listener is.
     *
     * @throws BenchException if there is none of this name
     */
    public InetSocketAddress address(String listener) {
        String address = listeners.get(listener);
        if (address == null) {
            throw new BenchException(
                    "listener: " + listener + " (expected: one of " + listeners.keySet() + ")");
        }
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(
                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }
}

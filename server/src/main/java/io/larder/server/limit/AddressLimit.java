package io.larder.server.limit;

import io.larder.server.metrics.MetricsRegistry;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many connections one address may have to all listeners that clients use; the loopback as many
 * as it likes. Any thread.
 */
public final class AddressLimit {
    private final ConcurrentHashMap<InetAddress, Integer> connections = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();
    private volatile int connectionsMax;

    /** Of so many; 0 for any number. */
    public AddressLimit(int connectionsMax) {
        this.connectionsMax = connectionsMax;
    }

    /** Sets the limit; connections beyond it that are open stay. */
    public void connectionsMax(int newConnectionsMax) {
        connectionsMax = newConnectionsMax;
    }

    /** Connections that an address may have; 0 for any number. */
    public int connectionsMax() {
        return connectionsMax;
    }

    /** Counts a connection, which is to {@link #leave}; false if it is one too many. */
    public boolean tryEnter(InetAddress address) {
        int most = connectionsMax;
        int now = connections.merge(address, 1, Integer::sum);
        if (most == 0 || now <= most || address.isLoopbackAddress()) {
            return true;
        }
        leave(address);
        refused.increment();
        return false;
    }

    /** One that has entered is gone. */
    public void leave(InetAddress address) {
        connections.computeIfPresent(address, (key, count) -> count > 1 ? count - 1 : null);
    }

    /** Addresses that have connections. */
    int addresses() {
        return connections.size();
    }

    /** Adds what it counts to a registry. */
    void registerMetrics(MetricsRegistry metrics) {
        metrics.registerCounter(
                "connections_refused_by_address",
                "Connections over the limit of their address",
                refused::sum);
    }
}

package io.larder.server.limit;

import io.larder.server.metrics.MetricsRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many commands of each group a client may ask in a second. A client is a name, a user's where
 * there are users and else its own: all connections of the same one share its buckets, which are
 * there as long as one of them is, so there are no more of them than connections. Any thread.
 */
public final class RateLimits {
    private final ConcurrentHashMap<String, Client> clients = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();
    private volatile boolean isOn;
    private volatile Map<CommandGroup, Integer> perSecond = new EnumMap<>(CommandGroup.class);

    /** Sets commands a second by group, from now on, also for clients that are there; 0: any. */
    public void reconfigure(Map<CommandGroup, Integer> rates) {
        perSecond = new EnumMap<>(rates);
        isOn = rates.values().stream().anyMatch(rate -> rate > 0);
    }

    /** Whether there is a rate for anything. */
    public boolean isOn() {
        return isOn;
    }

    /** The client of this name, on whose account a connection asks from now on. */
    public Client enter(String name) {
        return clients.compute(
                name,
                (key, present) -> {
                    Client client = present == null ? new Client(name) : present;
                    client.connections++;
                    return client;
                });
    }

    /** Clients with a connection. */
    int clients() {
        return clients.size();
    }

    /** Adds what it counts to a registry. */
    void registerMetrics(MetricsRegistry metrics) {
        metrics.registerCounter(
                "rate_refusals", "Requests over the rate of their client", refused::sum);
    }

    /** One client's account. Any thread. */
    public final class Client {
        private final String name;
        private final Map<CommandGroup, TokenBucket> buckets = new EnumMap<>(CommandGroup.class);
        private int connections; // guarded by the map's entry

        private Client(String name) {
            this.name = name;
            long nowNanos = System.nanoTime();
            for (CommandGroup group : CommandGroup.values()) {
                buckets.put(group, new TokenBucket(nowNanos));
            }
        }

        /** The client's name. */
        public String name() {
            return name;
        }

        /** Commands of a group that it may ask in a second; 0 for any number. */
        public int perSecond(CommandGroup group) {
            return perSecond.getOrDefault(group, 0);
        }

        /**
         * Counts a command.
         *
         * @return 0 if it may be carried out, else nanoseconds until the next one may
         */
        public long take(CommandGroup group, long nowNanos) {
            int rate = perSecond(group);
            TokenBucket bucket = buckets.get(group);
            if (rate == 0 || bucket == null) {
                return 0;
            }
            long waitNanos = bucket.take(rate, nowNanos);
            if (waitNanos > 0) {
                refused.increment();
            }
            return waitNanos;
        }

        /**
         * A connection asks on another account from now on.
         *
         * @return that of this name
         */
        public Client rename(String newName) {
            if (newName.equals(name)) {
                return this;
            }
            Client next = enter(newName);
            leave();
            return next;
        }

        /** A connection asks on this account no more. Once for each time it was entered. */
        public void leave() {
            clients.computeIfPresent(
                    name, (key, client) -> --client.connections > 0 ? client : null);
        }
    }
}

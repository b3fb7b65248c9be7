package io.larder.server.limit;

import io.larder.server.metrics.MetricsRegistry;
import java.util.Set;

/**
 * The limits that all of a server's connections share.
 *
 * @param disabled commands that are off
 * @param rates of each client
 * @param inFlight bytes that all hold
 * @param addresses connections of each address
 * @param overload how long requests may queue
 */
public record ServerLimits(
        DisabledCommands disabled,
        RateLimits rates,
        InFlight inFlight,
        AddressLimit addresses,
        Overload overload) {

    /** None at all. */
    public static ServerLimits none() {
        return of(new DisabledCommands(Set.of()));
    }

    /** Nothing but commands that are off; the rest is set by what each of them has for it. */
    public static ServerLimits of(DisabledCommands disabled) {
        return new ServerLimits(
                disabled,
                new RateLimits(),
                new InFlight(Long.MAX_VALUE),
                new AddressLimit(0),
                new Overload());
    }

    /** Adds what they count to a registry. */
    public void registerMetrics(MetricsRegistry metrics) {
        disabled.registerMetrics(metrics);
        rates.registerMetrics(metrics);
        inFlight.registerMetrics(metrics);
        addresses.registerMetrics(metrics);
        overload.registerMetrics(metrics);
    }
}

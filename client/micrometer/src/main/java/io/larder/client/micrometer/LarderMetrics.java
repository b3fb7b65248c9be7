package io.larder.client.micrometer;

import io.larder.client.Larder;
import io.larder.client.api.CallListener;
import io.larder.client.api.ServerHealth;
import io.larder.client.api.ServerHealth.Circuit;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * A client's calls and connections as meters. Give it to the client as its listener, bind it to the
 * registries, and show it the client for the figures of its connections. Any thread.
 *
 * <pre>{@code
 * LarderMetrics metrics = new LarderMetrics();
 * metrics.bindTo(registry);
 * Larder larder = Larder.builder("larder://127.0.0.1:7170").callListener(metrics).connect();
 * metrics.watch(larder);
 * LarderCacheMetrics.monitor(registry, larder.cache("users"), metrics);
 * }</pre>
 *
 * <ul>
 *   <li>{@code larder.calls}, a timer: operation, cache, outcome; waits and retries included
 *   <li>{@code larder.calls.in.flight}: calls without answer
 *   <li>{@code larder.retries}: how often calls were sent again
 *   <li>{@code larder.connections}: those that stand, by server
 *   <li>{@code larder.circuits.open}: those over which nothing is sent for a moment, by server
 * </ul>
 *
 * What is answered from this program's own memory (near caches, hot keys) is no call.
 */
public final class LarderMetrics implements CallListener, MeterBinder {
    private final ConcurrentMap<String, CacheCounts> counts = new ConcurrentHashMap<>();
    private final List<BoundTimers> timers = new CopyOnWriteArrayList<>();
    private final List<Larder> clients = new CopyOnWriteArrayList<>();
    private final LongAdder inFlight = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final Ending ending = this::onEnd;

    /** Bound to no registry, and counting from now on. */
    public LarderMetrics() {}

    @Override
    public Ending onStart(String operation, String region) {
        inFlight.increment();
        return ending;
    }

    private void onEnd(Ended call) {
        inFlight.decrement();
        if (call.retries() > 0) {
            retries.add(call.retries());
        }
        counts(call.region()).count(call);
        for (BoundTimers each : timers) {
            each.record(call);
        }
    }

    /** What was counted in a region. */
    CacheCounts counts(String region) {
        CacheCounts known = counts.get(region);
        return known != null ? known : counts.computeIfAbsent(region, it -> new CacheCounts());
    }

    /** Shows a registry the figures; what is timed from now on is timed there, too. */
    @Override
    public void bindTo(MeterRegistry registry) {
        timers.add(new BoundTimers(registry));
        Gauge.builder("larder.calls.in.flight", inFlight, LongAdder::sum)
                .description("Calls without answer")
                .register(registry);
        registry.more().counter("larder.retries", Tags.empty(), retries, LongAdder::sum);
        clients.forEach(larder -> bindConnections(larder, registry));
    }

    /**
     * Shows the registries, present and later ones, a client's connections.
     *
     * @param larder the one that this is the listener of
     */
    public void watch(Larder larder) {
        clients.add(larder);
        timers.forEach(bound -> bindConnections(larder, bound.registry));
    }

    private static void bindConnections(Larder larder, MeterRegistry registry) {
        larder.health().stream()
                .map(ServerHealth::address)
                .distinct()
                .forEach(address -> bindConnections(larder, address, registry));
    }

    private static void bindConnections(Larder larder, String address, MeterRegistry registry) {
        Gauge.builder(
                        "larder.connections",
                        larder,
                        it -> count(it, address, ServerHealth::isConnected))
                .description("Connections that stand")
                .tag("server", address)
                .register(registry);
        Gauge.builder(
                        "larder.circuits.open",
                        larder,
                        it -> count(it, address, health -> health.circuit() == Circuit.OPEN))
                .description("Connections over which nothing is sent for a moment")
                .tag("server", address)
                .register(registry);
    }

    private static long count(Larder larder, String address, Predicate<ServerHealth> isCounted) {
        return larder.health().stream()
                .filter(health -> health.address().equals(address) && isCounted.test(health))
                .count();
    }

    /** The timers of one registry, each made when its kind of call first ends. */
    private static final class BoundTimers {
        final MeterRegistry registry;
        private final ConcurrentMap<Kind, Timer> timers = new ConcurrentHashMap<>();

        BoundTimers(MeterRegistry registry) {
            this.registry = registry;
        }

        void record(Ended call) {
            Kind kind = new Kind(call.operation(), call.region(), call.outcome());
            timers.computeIfAbsent(kind, this::timer).record(call.nanos(), TimeUnit.NANOSECONDS);
        }

        private Timer timer(Kind kind) {
            return Timer.builder("larder.calls")
                    .description("Calls, from the caller to the answer")
                    .tag("operation", kind.operation)
                    .tag("cache", kind.region.isEmpty() ? "default" : kind.region)
                    .tag("outcome", kind.outcome.name())
                    .register(registry);
        }
    }

    private record Kind(String operation, String region, Outcome outcome) {}
}

package io.larder.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.server.LarderStore;
import io.larder.server.auth.AccessControl;
import io.larder.server.command.CommandDispatcher;
import io.larder.server.command.CommandLimits;
import io.larder.server.command.CommandServices;
import io.larder.server.lease.LeaseLimits;
import io.larder.server.lease.Leases;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.push.PushConfig;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.store.StoreConfig;
import io.larder.server.tier.OverflowTier;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The binary protocol on a free loopback port, over a real store of large segments, with deadlines
 * by a test's clock.
 */
final class BinaryServer implements AutoCloseable {
    private static final int SEGMENT_BYTES = 1 << 20;

    private final long buffersBefore = buffersInUse();
    final UncaughtErrors errors = new UncaughtErrors();
    final MetricsRegistry metrics = new MetricsRegistry();
    final RegionTable regions = new RegionTable(space -> {});
    final Pushes pushes = new Pushes(new PushConfig(PushConfig.TRACKING_BYTES_MIN, 5));
    final LarderStore store =
            LarderStore.open(
                    new StoreConfig(64 << 20, 4, SEGMENT_BYTES, 1, 2, 2),
                    1,
                    regions,
                    pushes,
                    errors::record);
    final Leases leases = new Leases(store.store(), LeaseLimits.DEFAULT);
    final BinaryFrontend frontend;
    final NettyTransport transport;
    final AcceptFailures acceptFailures = new AcceptFailures(errors);
    final ServerLimits shared;
    final BoundListener listener;
    private final AtomicLong nanos = new AtomicLong();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();

    BinaryServer() throws IOException {
        this(config());
    }

    BinaryServer(NetConfig config) throws IOException {
        this(config, CommandLimits.DEFAULT, Transport.preferred());
    }

    BinaryServer(NetConfig config, CommandLimits limits, Transport kind) throws IOException {
        this(config, limits, kind, ServerLimits.none());
    }

    BinaryServer(NetConfig config, CommandLimits limits, Transport kind, ServerLimits shared)
            throws IOException {
        this.shared = shared;
        regions.onCleared(pushes::cleared);
        regions.onRetired(leases::onSpaceCleared);
        leases.registerMetrics(metrics);
        pushes.registerMetrics(metrics);
        CommandDispatcher dispatcher =
                new CommandDispatcher(
                        new CommandServices(
                                store.store(),
                                store.clock(),
                                regions,
                                pushes,
                                leases,
                                metrics,
                                errors,
                                limits,
                                new CommandServices.ServerIdentity(1, "test"),
                                OverflowTier.OFF,
                                AccessControl.open(),
                                shared));
        frontend = new BinaryFrontend(config, dispatcher, errors, nanos::get);
        transport =
                new NettyTransport(kind, config.eventLoopThreads(), "test-data", acceptFailures);
        listener = transport.bind(frontend, config.host(), config.port());
    }

    /** On any free port, with two event loops, and deadlines looked at every few milliseconds. */
    static NetConfig config() {
        return new NetConfig("127.0.0.1", 0, 2, 100, 20, 20, 0, 0, 256 << 10, 64 << 10);
    }

    /** One of the figures that STATS tells. */
    long stat(String name) {
        return metrics.metrics().stream()
                .filter(metric -> metric.name().equals(name))
                .mapToLong(metric -> metric.value().longValue())
                .findFirst()
                .orElseThrow();
    }

    int port() {
        return listener.address().getPort();
    }

    /** Buffers not given back; those in caches of event loops that have ended do not count. */
    private static long buffersInUse() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    /** Has the clock of the deadlines run until this is closed. */
    void passTime() {
        var unused =
                ticks.scheduleAtFixedRate(
                        () -> advance(Duration.ofMillis(5)), 0, 2, TimeUnit.MILLISECONDS);
    }

    /** Moves the clock of the deadlines. */
    void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        listener.close();
        frontend.gate().closeAll();
        transport.close();
        store.close();
        await().untilAsserted(() -> assertThat(buffersInUse()).isEqualTo(buffersBefore));
    }
}

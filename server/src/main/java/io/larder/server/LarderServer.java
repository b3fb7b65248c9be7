package io.larder.server;

import static java.util.Objects.requireNonNull;

import io.larder.server.admin.AdminFrontend;
import io.larder.server.admin.Insight;
import io.larder.server.command.CommandDispatcher;
import io.larder.server.command.CommandServices;
import io.larder.server.command.SlowLog;
import io.larder.server.compat.CompatFrontend;
import io.larder.server.config.Configuration;
import io.larder.server.config.Keys;
import io.larder.server.config.LiveConfiguration;
import io.larder.server.config.MemoryLimit;
import io.larder.server.config.SizeType;
import io.larder.server.http.HttpFrontend;
import io.larder.server.http.HttpServices;
import io.larder.server.insight.InsightSettings;
import io.larder.server.insight.KeyInsight;
import io.larder.server.lease.LeaseLimits;
import io.larder.server.lease.Leases;
import io.larder.server.limit.ServerLimits;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.net.AcceptFailures;
import io.larder.server.net.BinaryFrontend;
import io.larder.server.net.BoundListener;
import io.larder.server.net.ConnectionGate;
import io.larder.server.net.Frontend;
import io.larder.server.net.NetConfig;
import io.larder.server.net.NettyTransport;
import io.larder.server.net.Readiness;
import io.larder.server.peer.WarmUp;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.snapshot.Snapshots;
import io.larder.server.store.Clock;
import io.larder.server.store.Store;
import io.larder.server.store.StoreConfig;
import io.larder.server.tier.OverflowTier;
import io.larder.server.tier.TierConfig;
import io.larder.server.warm.WarmException;
import io.larder.server.warm.WarmSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: a store, the commands on it, and the listeners that lead there. Any thread may
 * call anything.
 *
 * <p>{@link #start} makes the parts in this order: errors, metrics, regions, store, HTTP, which
 * shows how the rest goes, commands, data listener, admin listener, other servers' protocols.
 * {@link #close} takes them down: it says that the server drains, and of one listener after the
 * other, data first, stops accepting, lets every connection answer what it has read and closes
 * them; then it ends the event loops, the maintenance and the store.
 */
public final class LarderServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LarderServer.class);
    private static final long DRAIN_MILLIS_MAX = 10_000;

    /** Listeners that stay while the server is out of service. */
    private static final Set<String> FOR_OPERATORS = Set.of("admin", "http");

    private final UncaughtErrors errors = new UncaughtErrors();
    private final MetricsRegistry metrics = new MetricsRegistry();
    private final Readiness readiness = new Readiness();
    private final AcceptFailures acceptFailures = new AcceptFailures(errors);
    private final ServerLimits limits;
    private final RegionTable regions;
    private final Pushes pushes;
    private ServerSecurity security = ServerSecurity.NONE; // set once, before anything listens
    private final List<BoundListener> listeners = new ArrayList<>(); // complete after start
    private final Map<String, ConnectionGate> gates = new ConcurrentSkipListMap<>(); // of all

    /** What is to be closed behind the listeners, the last one first. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>(); // complete after start

    private volatile @Nullable LarderStore store; // set once, before anything can clear a region
    private volatile Runnable shutdown = this::close;

    private final Observation observation = new Observation();

    private volatile @Nullable ConfigurationWatch fileWatch; // set once
    private boolean closed; // guarded by this

    private LarderServer(ServerSettings settings) {
        regions = new RegionTable(settings.regions(), space -> reclaimCleared());
        pushes = new Pushes(settings.pushConfig());
        limits = ServerLimits.of(settings.disabledCommands());
        settings.limit(limits);
        regions.onCleared(pushes::cleared);
    }

    /**
     * Starts a server.
     *
     * <p>Locking: blocks until the listeners are bound.
     *
     * @throws StartException naming the reason; nothing is left running
     */
    public static LarderServer start(Configuration configuration) throws StartException {
        return start(LiveConfiguration.of(configuration));
    }

    /**
     * The same, whose settings may be changed while it runs: by the telnet admin, and by the file
     * they were read from, if there is one.
     *
     * @throws StartException naming the reason; nothing is left running
     */
    public static LarderServer start(LiveConfiguration configuration) throws StartException {
        ServerSettings settings = new ServerSettings(configuration.present());
        LarderServer server = new LarderServer(settings);
        try {
            server.open(configuration, settings);
            return server;
        } catch (StartException | RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private void open(LiveConfiguration live, ServerSettings settings) throws StartException {
        Configuration configuration = live.present();
        LiveSettings.logLevel(configuration.get(Keys.LOG_LEVEL));
        security = ServerSecurity.open(settings, errors::record);
        parts.push(security);
        LarderStore opened = openStore(configuration, settings);
        opened.keepRemovals(configuration.get(Keys.REMOVALS));
        KeyInsight insight = learn(opened, settings.insightSettings());
        store = opened;
        parts.push(opened);
        BoundListener http = listenHttp(live, opened, insight);
        attach(opened);
        ServerMetrics.register(metrics, opened.store(), errors);
        opened.registerMetrics(metrics);
        pushes.registerMetrics(metrics);
        insight.registerMetrics(metrics);
        security.registerMetrics(metrics);

        RegionEngines engines =
                RegionEngines.open(settings.engines(), opened, regions, errors::record);
        parts.push(engines);
        engines.registerMetrics(metrics);
        WarmUp warmUp = warmUp(settings.warmFrom(), engines.store(), opened.clock());
        Store front = warmUp == null ? engines.store() : warmUp.front();

        Snapshots snapshots =
                new Snapshots(
                        new Snapshots.Services(
                                opened.snapshotSource(), front, opened.clock(), regions, errors),
                        settings.snapshotDirectory());
        parts.push(snapshots);

        Leases leases = new Leases(front, LeaseLimits.DEFAULT, opened.leaseListener());
        leases.registerMetrics(metrics);
        regions.onRetired(leases::onSpaceCleared);
        String version = ServerVersion.text();
        CommandServices services =
                new CommandServices(
                        front,
                        opened.clock(),
                        regions,
                        pushes,
                        leases,
                        metrics,
                        errors,
                        settings.commandLimits(opened.store().valueBytesMax()),
                        new CommandServices.ServerIdentity(new SecureRandom().nextLong(), version),
                        openOverflow(opened, configuration, settings),
                        security.access(),
                        limits);
        limits.registerMetrics(metrics);
        acceptFailures.registerMetrics(metrics);
        NetConfig net = settings.netConfig();
        CommandDispatcher dispatcher = new CommandDispatcher(services);
        BinaryFrontend data = new BinaryFrontend(net, dispatcher, errors);
        data.registerMetrics(metrics);
        ServerEvents events = new ServerEvents(opened, dispatcher.reads());
        data.connections().onChange(events);
        security.access().audit().onEvent(events::audit);
        observation.begin(data, dispatcher.times());
        SlowLog slowLog = dispatcher.times().slowLog();
        slowLog.thresholdMillis(configuration.get(Keys.SLOW_LOG_THRESHOLD));
        slowLog.onSlow(events::slow);
        live.onChange(new LiveSettings(opened, regions, data, slowLog, limits));
        AdminFrontend admin =
                new Administration(
                                opened,
                                front,
                                regions,
                                new StoreInvalidations(front, opened.clock(), regions, leases),
                                metrics,
                                errors,
                                snapshots,
                                readiness,
                                live,
                                data,
                                events,
                                dispatcher.times(),
                                limits.disabled(),
                                this::drain,
                                () -> shutdown.run(),
                                new Insight(fates(opened, front, settings), insight),
                                security.access())
                        .frontend();

        gates.put(data.name(), data.gate());
        gates.put(admin.name(), admin.gate());

        NettyTransport dataLoops = transport(net.eventLoopThreads(), "larder-data");
        CompatListeners compat = new CompatListeners(live, services, net);
        for (CompatFrontend frontend : compat.frontends()) {
            frontend.registerMetrics(metrics);
            gates.put(frontend.name(), frontend.gate());
        }
        listen(dataLoops, compat.onData(data), net.host(), net.port());
        listen(
                transport(1, "larder-admin"),
                admin,
                configuration.get(Keys.ADMIN_HOST),
                configuration.get(Keys.ADMIN_PORT));
        listeners.add(http); // behind the others, whom it has watched begin
        for (CompatListeners.Own own : compat.own()) {
            listen(dataLoops, own.frontend(), own.host(), own.port());
        }
        readiness.ready();
        if (warmUp != null) {
            warmUp.start();
        }
        watchFile(live);
        LOG.info(
                "larder {} is up: {} with {}, {} of memory from {}, values up to {} bytes",
                version,
                readyLine(),
                dataLoops.transport(),
                SizeType.format(configuration.get(Keys.STORE_MEMORY)),
                configuration.origin(Keys.STORE_MEMORY),
                opened.store().valueBytesMax());
    }

    private void attach(LarderStore opened) {
        WarmProgress progress = WarmProgress.show(opened.warmState(), readiness);
        try {
            opened.attach();
        } finally {
            if (progress != null) {
                progress.close();
            }
        }
    }

    /** Opens HTTP, which shows how the start goes, before everything else. */
    private BoundListener listenHttp(LiveConfiguration live, LarderStore opened, KeyInsight insight)
            throws StartException {
        HttpFrontend http =
                new HttpFrontend(
                        new HttpServices(
                                metrics,
                                regions,
                                readiness,
                                limits.disabled(),
                                gates,
                                observation::clients,
                                observation::latencies,
                                observation.console(opened, regions, live),
                                new ClockHealth(opened.clock())::trouble,
                                errors,
                                ServerVersion.text(),
                                insight,
                                security.access()));
        gates.put(http.name(), http.gate());
        BoundListener bound =
                bind(
                        transport(1, "larder-http"),
                        http,
                        live.present().get(Keys.HTTP_HOST),
                        live.present().get(Keys.HTTP_PORT));
        parts.push(bound); // if the start fails before it is one of the listeners
        return bound;
    }

    private KeyInsight learn(LarderStore opened, InsightSettings settings) {
        KeyInsight insight =
                new KeyInsight(
                        settings, regions, opened.store()::stats, opened::named, opened.clock());
        if (settings.wantsSample()) {
            opened.learn(insight);
        }
        return insight;
    }

    private StoreFates fates(LarderStore opened, Store front, ServerSettings settings)
            throws StartException {
        boolean isMemoryAll =
                settings.tierConfig() == null
                        && settings.warmFrom() == null
                        && settings.warmSettings() == null
                        && !settings.engines().containsKey(RegionTable.DEFAULT_NAME);
        return new StoreFates(opened, front, opened.clock(), regions, isMemoryAll);
    }

    private @Nullable WarmUp warmUp(@Nullable InetSocketAddress peer, Store store, Clock clock) {
        if (peer == null) {
            return null;
        }
        WarmUp warmUp = new WarmUp(peer, store, clock, regions, errors::record);
        warmUp.registerMetrics(metrics);
        parts.push(warmUp);
        return warmUp;
    }

    private void watchFile(LiveConfiguration live) {
        ConfigurationWatch watch = ConfigurationWatch.begin(live);
        if (watch != null) {
            parts.push(watch);
            fileWatch = watch;
        }
    }

    private LarderStore openStore(Configuration configuration, ServerSettings settings)
            throws StartException {
        long memoryBytes = configuration.get(Keys.STORE_MEMORY);
        long limitBytes = MemoryLimit.bytes();
        if (memoryBytes > limitBytes) {
            LOG.warn(
                    "{}: {} is more than the {} bytes that this container or machine has",
                    Keys.STORE_MEMORY.name(),
                    configuration.text(Keys.STORE_MEMORY),
                    limitBytes);
        }
        int workers = settings.maintenanceThreads();
        try {
            StoreConfig config =
                    LarderStore.configOf(memoryBytes, settings.memoryBytesMax(), workers);
            WarmSettings warm = settings.warmSettings();
            return warm == null
                    ? LarderStore.open(config, workers, regions, pushes, errors::record)
                    : LarderStore.open(config, workers, regions, pushes, errors::record, warm);
        } catch (WarmException e) {
            throw new StartException(Keys.STORE_FILE.name() + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException | OutOfMemoryError e) {
            throw new StartException(
                    Keys.STORE_MEMORY.name()
                            + ": "
                            + configuration.text(Keys.STORE_MEMORY)
                            + " from "
                            + configuration.origin(Keys.STORE_MEMORY)
                            + " cannot be had: "
                            + e.getMessage(),
                    e);
        }
    }

    private OverflowTier openOverflow(
            LarderStore opened, Configuration configuration, ServerSettings settings)
            throws StartException {
        try {
            TierConfig config = settings.tierConfig();
            return config == null ? OverflowTier.OFF : opened.openOverflow(config, metrics);
        } catch (IOException | IllegalArgumentException | OutOfMemoryError e) {
            throw new StartException(
                    Keys.TIER_PATH.name()
                            + ": "
                            + configuration.text(Keys.TIER_PATH)
                            + " from "
                            + configuration.origin(Keys.TIER_PATH)
                            + " cannot be had: "
                            + e.getMessage(),
                    e);
        }
    }

    private NettyTransport transport(int threads, String threadName) {
        NettyTransport transport = new NettyTransport(threads, threadName, acceptFailures);
        parts.push(transport);
        return transport;
    }

    private void listen(NettyTransport transport, Frontend frontend, String host, int port)
            throws StartException {
        listeners.add(bind(transport, frontend, host, port));
    }

    private BoundListener bind(NettyTransport transport, Frontend frontend, String host, int port)
            throws StartException {
        try {
            return transport.bind(security.secured(frontend), security.host(frontend, host), port);
        } catch (IOException | RuntimeException e) {
            throw new StartException(
                    "listeners."
                            + frontend.name()
                            + ": cannot listen on "
                            + host
                            + ':'
                            + port
                            + ": "
                            + reason(e),
                    e);
        }
    }

    /** What the system said, at the bottom of an exception. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private void reclaimCleared() {
        LarderStore opened = store;
        if (opened != null) {
            opened.reclaimCleared();
        }
    }

    /** The open listeners in one line: {@code READY data=127.0.0.1:7170 admin=127.0.0.1:7171 …}. */
    public String readyLine() {
        return listeners.stream()
                .map(listener -> listener.name() + '=' + listener.hostAndPort())
                .collect(Collectors.joining(" ", "READY ", ""));
    }

    /** Where the binary protocol listens. */
    public InetSocketAddress dataAddress() {
        return listeners.get(0).address();
    }

    /** Where the telnet admin listens. */
    public InetSocketAddress adminAddress() {
        return listeners.get(1).address();
    }

    /** Where HTTP listens. */
    public InetSocketAddress httpAddress() {
        return listeners.get(2).address();
    }

    /** Sets what the telnet admin's shutdown does, on a thread of its own, other than to close. */
    public void onShutdown(Runnable stop) {
        shutdown = stop;
    }

    /** Has a SIGHUP of this process read the configuration file again, if there is one. */
    public void readOnHangUp() {
        ConfigurationWatch watch = fileWatch;
        if (watch != null) {
            watch.onHangUp();
        }
    }

    /**
     * Takes the server out of service. Locking: blocks while clients leave, ten seconds at most.
     */
    private void drain() {
        readiness.draining();
        for (BoundListener listener : listeners) {
            if (!FOR_OPERATORS.contains(listener.name())) {
                listener.close();
                requireNonNull(gates.get(listener.name())).drain(DRAIN_MILLIS_MAX);
            }
        }
    }

    /** Where a listener of this name listens; null if there is none. */
    public @Nullable InetSocketAddress address(String listenerName) {
        return listeners.stream()
                .filter(listener -> listener.name().equals(listenerName))
                .map(BoundListener::address)
                .findFirst()
                .orElse(null);
    }

    /** Counts an error that nothing else handled. */
    public void recordUncaught(Throwable error) {
        errors.record(error);
    }

    /**
     * Stops the server. Idempotent; a second caller waits for the first.
     *
     * <p>Locking: this object's monitor; blocks until all threads have ended, not much longer than
     * ten seconds for each listener's connections that do not take their replies.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        readiness.draining();
        for (BoundListener listener : listeners) {
            listener.close();
            if (!requireNonNull(gates.get(listener.name())).drain(DRAIN_MILLIS_MAX)) {
                LOG.warn("{}: some connections had to be cut off", listener.name());
            }
        }
        for (AutoCloseable part : parts) {
            closePart(part);
        }
    }

    private void closePart(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            errors.record(e);
        }
    }
}

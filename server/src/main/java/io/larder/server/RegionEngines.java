package io.larder.server;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.RoutedStore;
import io.larder.server.store.Store;
import io.larder.server.tier.chronicle.ChronicleSettings;
import io.larder.server.tier.chronicle.ChronicleStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The regions that an engine of their own keeps, in front of a server's store: opened with it,
 * routed to, swept in the background, closed before it. Where there is none it costs nothing. For
 * any thread.
 */
final class RegionEngines implements AutoCloseable {
    private static final String ARTIFACT = "net.openhft:chronicle-map:2026.1";
    private static final String EXPORT = "jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED";
    private static final long SWEEP_MILLIS = 1_000;

    /** Sweeps until each segment of a map has been visited. */
    private static final int SWEEPS_PER_ROUND = 30;

    private final Store main;
    private final Clock clock;
    private final Map<String, ChronicleStore> engines = new TreeMap<>();
    private final Consumer<Throwable> errors;
    private @Nullable RoutedStore routed;
    private @Nullable ScheduledExecutorService sweeper;
    private volatile boolean isClosing;

    private RegionEngines(LarderStore main, Consumer<Throwable> errors) {
        this.main = main.store();
        this.clock = main.clock();
        this.errors = errors;
    }

    /**
     * Opens the engines of all regions that have one.
     *
     * @param settings by the regions' names, which {@code regions} knows
     * @throws StartException naming the region and what is wrong; nothing is left open
     */
    static RegionEngines open(
            Map<String, ChronicleSettings> settings,
            LarderStore main,
            RegionTable regions,
            Consumer<Throwable> errors)
            throws StartException {
        RegionEngines opened = new RegionEngines(main, errors);
        if (!settings.isEmpty()) {
            try {
                opened.openAll(settings, main);
                opened.route(regions);
                opened.startSweeping();
            } catch (StartException | RuntimeException | Error e) {
                opened.close();
                throw e;
            }
        }
        return opened;
    }

    private void openAll(Map<String, ChronicleSettings> settings, LarderStore store)
            throws StartException {
        for (Map.Entry<String, ChronicleSettings> each : settings.entrySet()) {
            String engine = "region." + each.getKey() + ".engine: chronicle: ";
            try {
                engines.put(
                        each.getKey(),
                        ChronicleStore.open(each.getValue(), main.hasher(), store.listener()));
            } catch (IOException e) {
                throw new StartException(engine + e.getMessage(), e);
            } catch (LinkageError e) {
                throw new StartException(
                        engine
                                + "needs "
                                + ARTIFACT
                                + " on the class path, a JDK, and the options of conf/jvm-*.options"
                                + " and --add-exports="
                                + EXPORT
                                + "; but: "
                                + e,
                        e);
            }
        }
    }

    private void route(RegionTable regions) {
        RoutedStore front = new RoutedStore(main);
        Map<Integer, ChronicleStore> byId = new HashMap<>();
        engines.forEach((name, engine) -> byId.put(regions.find(name), engine));
        regions.onDefined(
                (id, space) -> {
                    ChronicleStore engine = byId.get(id);
                    if (engine != null) {
                        engine.define(space);
                        front.route(space, engine);
                    }
                });
        regions.onRetired(front::unroute);
        routed = front;
    }

    private void startSweeping() {
        ScheduledExecutorService thread =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread made = new Thread(task, "larder-chronicle");
                            made.setDaemon(true);
                            return made;
                        });
        sweeper = thread;
        var unused =
                thread.scheduleWithFixedDelay(
                        this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        for (ChronicleStore engine : engines.values()) {
            try {
                int segments = Math.max(1, engine.segments() / SWEEPS_PER_ROUND);
                engine.sweep(segments, clock.nowMillis(), () -> !isClosing);
            } catch (RuntimeException | Error e) {
                errors.accept(e);
            }
        }
    }

    /** What commands are to work on: the server's store, or what is in front of it. */
    Store store() {
        return routed == null ? main : routed;
    }

    /** Adds each engine's figures. */
    void registerMetrics(MetricsRegistry registry) {
        engines.values().forEach(engine -> engine.registerMetrics(registry));
    }

    /** Closes the engines' files. Locking: waits for a sweep under way and for the disk. */
    @Override
    public void close() {
        isClosing = true;
        ScheduledExecutorService thread = sweeper;
        if (thread != null) {
            thread.shutdown();
            awaitEnd(thread);
        }
        for (ChronicleStore engine : engines.values()) {
            try {
                engine.close();
            } catch (RuntimeException e) {
                errors.accept(e);
            }
        }
    }

    private static void awaitEnd(ScheduledExecutorService thread) {
        try {
            if (!thread.awaitTermination(SWEEP_MILLIS * 10, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

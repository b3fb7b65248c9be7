package io.larder.server;

import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.store.Store;
import io.larder.server.store.StoreStats;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Registers the store's figures. The store counts them all at once, so they are shown from one
 * snapshot: whoever reads the whole registry takes a new one with the first figure, {@code items},
 * and whoever picks out others gets one that is at most {@link #SNAPSHOT_MILLIS_MAX} old. For any
 * thread.
 */
final class ServerMetrics {
    private static final long SNAPSHOT_MILLIS_MAX = 100;

    private final Store store;
    private volatile Snapshot snapshot;

    private record Snapshot(StoreStats stats, long nanos) {}

    private ServerMetrics(Store store) {
        this.store = store;
        this.snapshot = take();
    }

    static void register(MetricsRegistry registry, Store store, UncaughtErrors errors) {
        ServerMetrics metrics = new ServerMetrics(store);
        registry.register("items", "Items that are neither deleted nor expired", metrics::items);
        metrics.add(
                registry, "memory_limit_bytes", "The present budget", StoreStats::memoryLimitBytes);
        metrics.add(registry, "bytes_live", "Bytes of live items", StoreStats::bytesLive);
        metrics.add(registry, "bytes_dead", "Bytes to be reclaimed", StoreStats::bytesDead);
        metrics.add(
                registry,
                "bytes_expired",
                "Bytes of expired items to be reclaimed",
                StoreStats::bytesExpired);
        metrics.add(registry, "bytes_index", "Bytes of the index", StoreStats::bytesIndex);
        metrics.add(registry, "bytes_free", "Bytes of free segments", StoreStats::bytesFree);
        registry.registerDouble(
                "overhead_bytes_per_item",
                "Bytes per item beside key and value",
                () -> Math.round(metrics.recent().overheadBytesPerItem() * 100) / 100.0);
        metrics.count(registry, "hits", "Reads that found their key", StoreStats::hits);
        metrics.count(registry, "misses", "Reads that did not", StoreStats::misses);
        metrics.count(registry, "evictions", "Live items dropped for room", StoreStats::evictions);
        metrics.count(registry, "expirations", "Expired items reclaimed", StoreStats::expirations);
        metrics.count(registry, "relocations", "Items moved by eviction", StoreStats::relocations);
        metrics.count(registry, "bytes_written", "Bytes stored", StoreStats::bytesWritten);
        metrics.count(
                registry, "bytes_relocated", "Bytes moved by eviction", StoreStats::bytesRelocated);
        metrics.count(registry, "reads_locked", "Reads that took a lock", StoreStats::readsLocked);
        metrics.count(
                registry, "writes_busy", "Writes refused for want of room", StoreStats::writesBusy);
        metrics.add(registry, "segments", "Segments of memory", StoreStats::segments);
        metrics.add(registry, "segments_free", "Free segments", StoreStats::segmentsFree);
        metrics.add(
                registry,
                "segments_withheld",
                "Segments kept out of use by the budget",
                StoreStats::segmentsWithheld);
        registry.registerCounter("uncaught_errors", "Errors that nothing handled", errors::count);
    }

    private void add(
            MetricsRegistry registry, String name, String help, ToLongFunction<StoreStats> figure) {
        registry.register(name, help, () -> figure.applyAsLong(recent()));
    }

    private void count(
            MetricsRegistry registry, String name, String help, ToLongFunction<StoreStats> figure) {
        registry.registerCounter(name, help, () -> figure.applyAsLong(recent()));
    }

    private long items() {
        Snapshot taken = take();
        snapshot = taken;
        return taken.stats.items();
    }

    private StoreStats recent() {
        Snapshot seen = snapshot;
        if (System.nanoTime() - seen.nanos > TimeUnit.MILLISECONDS.toNanos(SNAPSHOT_MILLIS_MAX)) {
            seen = take();
            snapshot = seen;
        }
        return seen.stats;
    }

    private Snapshot take() {
        return new Snapshot(store.stats(), System.nanoTime());
    }
}

package io.larder.server.compat.memcached;

import io.larder.server.auth.Need;
import io.larder.server.command.CommandServices;
import io.larder.server.compat.memcached.Counts.Count;
import io.larder.server.store.Store;
import io.larder.server.store.StoreStats;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The figures of {@code stats}, by memcached's names where Larder has the like. For any thread. */
final class GeneralStats {
    private static final int MIB = 1 << 20;

    private final CommandServices services;
    private final Counts counts;
    private final Connections connections;
    private final long startedNanos = System.nanoTime();

    GeneralStats(CommandServices services, Counts counts, Connections connections) {
        this.services = services;
        this.counts = counts;
        this.connections = connections;
    }

    /**
     * What a user has to be allowed: counting anew, or more, or telling of keys is not only to
     * look.
     */
    static Need need(String group) {
        return group.equals("reset") || group.startsWith("detail") ? Need.OPERATE : Need.STATS;
    }

    /**
     * Tells the figures of a group.
     *
     * @param group a group's name; empty for the general ones
     * @return false if there is no such group
     */
    boolean tell(String group, BiConsumer<String, String> sink) {
        switch (group) {
            case "" -> general(sink);
            case "settings" -> settings(sink);
            case "items" -> items(sink);
            case "slabs" -> slabs(sink);
            case "sizes" -> sink.accept("sizes_status", "disabled");
            case "reset" -> counts.reset();
            case "conns" -> connections.tell(sink);
            case "detail on" -> counts.prefixes.turn(true);
            case "detail off" -> counts.prefixes.turn(false);
            case "detail dump" -> sink.accept("detailed", counts.prefixes.text());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void general(BiConsumer<String, String> sink) {
        StoreStats stats = services.store().stats();
        long uptimeSeconds = (System.nanoTime() - startedNanos) / 1_000_000_000L + 1;
        sink.accept("pid", Long.toString(ProcessHandle.current().pid()));
        sink.accept("uptime", Long.toString(uptimeSeconds));
        sink.accept("time", Long.toString(System.currentTimeMillis() / 1000));
        sink.accept("version", Memcached.VERSION);
        sink.accept("larder_version", services.identity().version());
        sink.accept("pointer_size", "64");
        openConnections(sink);
        for (Count count : Count.values()) {
            sink.accept(count.label, Long.toString(value(count)));
        }
        sink.accept("limit_maxbytes", Long.toString(stats.memoryLimitBytes()));
        sink.accept("accepting_conns", "1");
        sink.accept("threads", Integer.toString(Runtime.getRuntime().availableProcessors()));
        sink.accept("hash_bytes", Long.toString(stats.bytesIndex()));
        sink.accept("bytes", Long.toString(stats.bytesLive()));
        sink.accept("curr_items", Long.toString(stats.items()));
        sink.accept("total_items", Long.toString(counts.get(Count.CMD_SET)));
        sink.accept("evictions", Long.toString(stats.evictions()));
        sink.accept("reclaimed", Long.toString(stats.expirations()));
    }

    private long value(Count count) {
        return count == Count.CMD_GET
                ? counts.get(Count.GET_HITS) + counts.get(Count.GET_MISSES)
                : counts.get(count);
    }

    private void openConnections(BiConsumer<String, String> sink) {
        services.metrics()
                .forEach(
                        (name, value) -> {
                            @Nullable String told =
                                    switch (name) {
                                        case "memcached_connections" -> "curr_connections";
                                        case "memcached_connections_accepted" ->
                                                "total_connections";
                                        case "memcached_connections_refused" ->
                                                "rejected_connections";
                                        default -> null;
                                    };
                            tellIf(told, value, sink);
                        });
    }

    private static void tellIf(
            @Nullable String name, Number value, BiConsumer<String, String> sink) {
        if (name != null) {
            sink.accept(name, value.toString());
        }
    }

    private void settings(BiConsumer<String, String> sink) {
        Store store = services.store();
        sink.accept("maxbytes", Long.toString(store.stats().memoryLimitBytes()));
        sink.accept("evictions", "on");
        sink.accept("growth_factor", "1.25");
        sink.accept("chunk_size", "48");
        sink.accept("num_threads", Integer.toString(Runtime.getRuntime().availableProcessors()));
        sink.accept("stat_key_prefix", ":");
        sink.accept("detail_enabled", counts.prefixes.isOn() ? "yes" : "no");
        sink.accept("cas_enabled", "yes");
        sink.accept("binding_protocol", "auto-negotiate");
        sink.accept("auth_enabled_sasl", "no");
        sink.accept("auth_enabled_ascii", "no");
        sink.accept("item_size_max", Integer.toString(MIB));
        sink.accept("maxconns_fast", "yes");
        sink.accept("flush_enabled", "yes");
        sink.accept("dump_enabled", "no");
        sink.accept("hash_algorithm", "siphash13");
        sink.accept("idle_timeout", "0");
        sink.accept("track_sizes", "no");
        sink.accept("ssl_enabled", "no");
    }

    /** All items as one class: there are no others here. */
    private void items(BiConsumer<String, String> sink) {
        StoreStats stats = services.store().stats();
        if (stats.items() > 0) {
            sink.accept("items:1:number", Long.toString(stats.items()));
            sink.accept("items:1:mem_requested", Long.toString(stats.bytesLive()));
            sink.accept("items:1:evicted", Long.toString(stats.evictions()));
            sink.accept("items:1:outofmemory", Long.toString(counts.get(Count.STORE_NO_MEMORY)));
            sink.accept("items:1:reclaimed", Long.toString(stats.expirations()));
        }
    }

    /**
     * The same class; its chunks are a little longer than items are on average, and what is free is
     * theirs.
     */
    private void slabs(BiConsumer<String, String> sink) {
        StoreStats stats = services.store().stats();
        long items = stats.items();
        long usedBytes = stats.bytesLive() + stats.bytesDead() + stats.bytesExpired();
        if (items > 0) {
            long chunkBytes = stats.bytesLive() / items + 1;
            long freeChunks = Math.max(0, stats.memoryLimitBytes() - usedBytes) / chunkBytes;
            sink.accept("1:chunk_size", Long.toString(chunkBytes));
            sink.accept("1:total_chunks", Long.toString(items + freeChunks));
            sink.accept("1:used_chunks", Long.toString(items));
            sink.accept("1:free_chunks", Long.toString(freeChunks));
            sink.accept("1:cmd_set", Long.toString(counts.get(Count.CMD_SET)));
            for (Count each : BY_CLASS) {
                sink.accept("1:" + each.label, Long.toString(counts.get(each)));
            }
        }
        sink.accept("active_slabs", items > 0 ? "1" : "0");
        sink.accept("total_malloced", Long.toString(stats.memoryLimitBytes()));
    }

    private static final List<Count> BY_CLASS =
            List.of(
                    Count.GET_HITS,
                    Count.DELETE_HITS,
                    Count.INCR_HITS,
                    Count.DECR_HITS,
                    Count.CAS_HITS,
                    Count.CAS_BADVAL,
                    Count.TOUCH_HITS);
}

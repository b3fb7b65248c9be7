package io.larder.client.micrometer;

import io.larder.client.api.BytesCache;
import io.larder.client.api.NearStats;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One cache's figures under the names that Micrometer has for those of any: {@code cache.gets} by
 * result, {@code cache.puts}, {@code cache.removals}, {@code cache.evictions}, {@code cache.size}.
 * Gets, puts and removals are this program's; evictions and size are the region's on its servers,
 * as of some seconds ago. Of a near cache, what its copies have answered are hits, and {@code
 * larder.near.hit.ratio}, {@code larder.near.size} and {@code larder.near.bytes} tell of the
 * copies.
 */
public final class LarderCacheMetrics extends CacheMeterBinder<BytesCache> {
    private final BytesCache cache; // the super class holds it by a weak reference only
    private final CacheCounts counts;
    private final @Nullable RecentStats server; // null: the default region has no figures

    /**
     * @param cache also one that {@code Larder.nearCache} has made
     * @param metrics the listener of the cache's client
     */
    public LarderCacheMetrics(BytesCache cache, LarderMetrics metrics, Iterable<Tag> tags) {
        this(cache, cache.region(), metrics, tags);
    }

    /**
     * @param name what the caches are called in the tag {@code cache}
     */
    public LarderCacheMetrics(
            BytesCache cache, String name, LarderMetrics metrics, Iterable<Tag> tags) {
        super(cache, name, tags);
        this.cache = cache;
        this.counts = metrics.counts(cache.region());
        this.server = cache.region().isEmpty() ? null : new RecentStats(cache.async());
    }

    /** Shows a registry a cache's figures. */
    public static BytesCache monitor(
            MeterRegistry registry, BytesCache cache, LarderMetrics metrics, Tag... tags) {
        new LarderCacheMetrics(cache, metrics, List.of(tags)).bindTo(registry);
        return cache;
    }

    @Override
    protected @Nullable Long size() {
        return server == null ? null : server.get().items();
    }

    @Override
    protected long hitCount() {
        return counts.hits.sum() + cache.nearStats().map(NearStats::hits).orElse(0L);
    }

    @Override
    protected Long missCount() {
        return counts.misses.sum();
    }

    @Override
    protected @Nullable Long evictionCount() {
        return server == null ? null : server.get().evictions();
    }

    @Override
    protected long putCount() {
        return counts.puts.sum();
    }

    @Override
    protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
        Iterable<Tag> tags = getTagsWithCacheName();
        registry.more().counter("cache.removals", tags, counts.removals, LongAdder::sum);
        if (cache.nearStats().isPresent()) {
            near("larder.near.hit.ratio", "Reads that copies answer", registry, this::hitRatio);
            near("larder.near.size", "Copies", registry, NearStats::entries);
            near("larder.near.bytes", "Bytes of copies", registry, NearStats::bytes);
        }
    }

    private void near(
            String name,
            String description,
            MeterRegistry registry,
            ToDoubleFunction<NearStats> figure) {
        Gauge.builder(name, () -> cache.nearStats().map(figure::applyAsDouble).orElse(0.0))
                .description(description)
                .tags(Tags.of(getTagsWithCacheName()))
                .register(registry);
    }

    private double hitRatio(NearStats stats) {
        long reads = stats.hits() + stats.misses();
        return reads == 0 ? Double.NaN : (double) stats.hits() / reads;
    }
}

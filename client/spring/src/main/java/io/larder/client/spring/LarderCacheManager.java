package io.larder.client.spring;

import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import io.larder.client.api.NearOptions;
import io.larder.client.api.RegionName;
import java.util.Collection;
import java.util.Map;
import org.springframework.cache.Cache;
import org.springframework.cache.transaction.AbstractTransactionSupportingCacheManager;

/**
 * Spring's caches in Larder: one region each, shared with all programs that have a cache of its
 * name. A cache that is asked for and has no settings of its own has the default ones. Any thread.
 * The client is its maker's to close.
 *
 * <p>Names are up to 1,024 characters; see {@link RegionName} for the regions that they have.
 */
public final class LarderCacheManager extends AbstractTransactionSupportingCacheManager {
    private final Larder larder;
    private final CacheSettings defaults;
    private final Map<String, CacheSettings> named;
    private final Availability availability;

    /**
     * @param defaults of caches that are not named
     * @param named by the caches' names
     * @param degrades whether the program goes on without the cache while no server answers: reads
     *     miss, and what is put is not kept. Evicting fails all the same, as what was not evicted
     *     would be read again when the server is back
     */
    public LarderCacheManager(
            Larder larder,
            CacheSettings defaults,
            Map<String, CacheSettings> named,
            boolean degrades) {
        this.larder = larder;
        this.defaults = defaults;
        this.named = Map.copyOf(named);
        this.availability = new Availability(degrades);
    }

    @Override
    protected Collection<? extends Cache> loadCaches() {
        return named.keySet().stream().map(this::cache).toList();
    }

    @Override
    protected Cache getMissingCache(String name) {
        return cache(name);
    }

    private LarderCache cache(String name) {
        CacheSettings settings = named.getOrDefault(name, defaults);
        String region = RegionName.of(name);
        NearOptions near = settings.near();
        BytesCache bytes = near == null ? larder.cache(region) : larder.nearCache(region, near);
        return new LarderCache(name, bytes, settings, availability);
    }

    /** The client. */
    public Larder larder() {
        return larder;
    }

    /** How often the program has gone on without the cache. */
    public long withoutServer() {
        return availability.withoutServer.sum();
    }
}

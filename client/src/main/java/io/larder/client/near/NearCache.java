package io.larder.client.near;

import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.NearOptions;
import io.larder.client.net.TrackedServer;
import io.larder.client.net.TrackingCache;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The copies that a client keeps of one region, and the caches that use them. Any thread. */
public final class NearCache {
    private static final String ARTIFACT = "com.github.ben-manes.caffeine:caffeine";

    private final NearOptions options;
    private final Copies copies;
    private final ConcurrentMap<TrackedServer, Source> sources = new ConcurrentHashMap<>();

    private NearCache(NearOptions options) {
        this.options = options;
        this.copies = new Copies(options);
    }

    /**
     * Copies of a region to be.
     *
     * @throws IllegalStateException if Caffeine is not on the class path, naming its artifact
     */
    public static NearCache open(NearOptions options) {
        if (!isCaffeinePresent()) {
            throw new IllegalStateException(
                    "Larder.nearCache needs " + ARTIFACT + ", which is not on the class path");
        }
        return new NearCache(options);
    }

    private static boolean isCaffeinePresent() {
        try {
            Class.forName(
                    "com.github.benmanes.caffeine.cache.Caffeine",
                    false,
                    NearCache.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** The region, read through these copies; the same region each time. */
    public AsyncBytesCache over(TrackingCache region) {
        return new NearAsyncCache(this, region);
    }

    Copies copies() {
        return copies;
    }

    /** What a server has told, from the first time on that it is asked for something. */
    Source sourceOf(TrackingCache region, byte[] key) {
        TrackedServer server = region.serverOf(key);
        Source known = sources.get(server);
        return known != null ? known : sources.computeIfAbsent(server, it -> newSource(region, it));
    }

    private Source newSource(TrackingCache region, TrackedServer server) {
        Source source = new Source(server, copies);
        region.register(server, source, options.heartbeatMillis());
        return source;
    }

    /** All copies are old: by a write of this client's own. */
    void forgetAll() {
        sources.values().forEach(Source::forgetAll);
    }
}

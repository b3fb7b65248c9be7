package io.larder.client.jcache;

import io.larder.client.Larder;
import io.larder.client.LarderBuilder;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * The caches of one server, or several, over one client, which it owns. Any thread; {@link #close}
 * or its provider's ends it. A closed one throws {@link IllegalStateException}.
 */
final class LarderCacheManager implements CacheManager {
    private static final String CLIENT_NAME = "larder-jcache";

    private final LarderCachingProvider provider;
    private final URI uri;
    private final ClassLoader classLoader;
    private final Properties properties;
    private final Resources resources;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, LarderCache<?, ?>> caches = new LinkedHashMap<>(); // guarded by lock
    private boolean isClosed; // guarded by lock

    /** What the caches of a manager share. */
    record Resources(
            Larder larder,
            ManagerSettings settings,
            Availability availability,
            Background background) {}

    private LarderCacheManager(
            LarderCachingProvider provider,
            URI uri,
            ClassLoader classLoader,
            Properties properties,
            Resources resources) {
        this.provider = provider;
        this.uri = uri;
        this.classLoader = classLoader;
        this.properties = properties;
        this.resources = resources;
    }

    /**
     * Connects.
     *
     * <p>Locking: waits for the server, up to 5 s.
     *
     * @throws CacheException if the server does not answer and is to, or the URI is another one
     * @throws IllegalArgumentException if a property is wrong, naming it
     */
    static LarderCacheManager open(
            LarderCachingProvider provider,
            URI uri,
            ClassLoader classLoader,
            Properties properties) {
        ManagerSettings settings = ManagerSettings.of(properties, classLoader);
        Availability availability = new Availability(uri, settings.degrades());
        Larder larder = connected(uri, settings, availability);
        Resources resources = new Resources(larder, settings, availability, new Background());
        return new LarderCacheManager(provider, uri, classLoader, properties, resources);
    }

    private static Larder connected(URI uri, ManagerSettings settings, Availability availability) {
        LarderBuilder builder;
        try {
            builder = Larder.builder(uri.toString());
        } catch (IllegalArgumentException e) {
            throw new CacheException("uri: " + e.getMessage(), e);
        }
        builder.clientName(CLIENT_NAME)
                .requestTimeout(Duration.ofMillis(settings.requestTimeoutMillis()));
        if (settings.degrades()) {
            builder.whenDisconnected(WhenDisconnected.FAIL_FAST);
        }
        try {
            return builder.connect();
        } catch (LarderException e) {
            if (!settings.degrades()) {
                throw new CacheException(uri + ": " + e.getMessage(), e);
            }
            availability.sayAway(e);
            return builder.connectInBackground();
        }
    }

    @Override
    public CachingProvider getCachingProvider() {
        return provider;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    @Override
    public ClassLoader getClassLoader() {
        return classLoader;
    }

    /** A copy. */
    @Override
    public Properties getProperties() {
        Properties copy = new Properties();
        copy.putAll(properties);
        return copy;
    }

    /**
     * A cache in the region that its name says; what is there already, from another program or from
     * before, is in it.
     *
     * @throws CacheException if this manager has one of that name
     * @throws IllegalArgumentException if the name is too long, or there are no codecs for the
     *     types, saying what is expected
     * @throws UnsupportedOperationException if it is to be by reference
     */
    @Override
    public <K, V, C extends Configuration<K, V>> Cache<K, V> createCache(
            String cacheName, C configuration) {
        Objects.requireNonNull(cacheName, "cacheName");
        Objects.requireNonNull(configuration, "configuration");
        if (!configuration.isStoreByValue()) {
            throw new UnsupportedOperationException(
                    "storeByValue: false (expected: true; values are in another process)");
        }
        lock.lock();
        try {
            requireOpen();
            if (caches.containsKey(cacheName)) {
                throw new CacheException("cache " + cacheName + " exists");
            }
            LarderConfiguration<K, V> copy = LarderConfiguration.copyOf(configuration);
            LarderCache<K, V> cache = new LarderCache<>(this, cacheName, copy, resources);
            caches.put(cacheName, cache);
            return cache;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public <K, V> @Nullable Cache<K, V> getCache(
            String cacheName, Class<K> keyType, Class<V> valueType) {
        Objects.requireNonNull(keyType, "keyType");
        Objects.requireNonNull(valueType, "valueType");
        LarderCache<K, V> cache = find(cacheName);
        if (cache != null) {
            cache.requireTypes(keyType, valueType);
        }
        return cache;
    }

    @Override
    public <K, V> @Nullable Cache<K, V> getCache(String cacheName) {
        return find(cacheName);
    }

    @SuppressWarnings("unchecked") // the caller's word for it, as JCache has it
    private <K, V> @Nullable LarderCache<K, V> find(String cacheName) {
        Objects.requireNonNull(cacheName, "cacheName");
        lock.lock();
        try {
            requireOpen();
            return (LarderCache<K, V>) caches.get(cacheName);
        } finally {
            lock.unlock();
        }
    }

    /** Those that this manager has, not all of the server. */
    @Override
    public Iterable<String> getCacheNames() {
        lock.lock();
        try {
            requireOpen();
            return List.copyOf(caches.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** Closes the cache, and removes what it holds, for all programs. */
    @Override
    public void destroyCache(String cacheName) {
        LarderCache<?, ?> cache = find(cacheName);
        if (cache != null) {
            cache.destroy();
        }
    }

    @Override
    public void enableManagement(String cacheName, boolean enabled) {
        LarderCache<?, ?> cache = find(cacheName);
        if (cache != null) {
            cache.enableManagement(enabled);
        }
    }

    @Override
    public void enableStatistics(String cacheName, boolean enabled) {
        LarderCache<?, ?> cache = find(cacheName);
        if (cache != null) {
            cache.enableStatistics(enabled);
        }
    }

    /** Takes a closed cache out. */
    void forget(LarderCache<?, ?> cache) {
        lock.lock();
        try {
            caches.remove(cache.getName(), cache);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes all caches and the client. What the caches hold stays in the server.
     *
     * <p>Locking: waits for the client's threads, up to 5 s.
     */
    @Override
    public void close() {
        List<LarderCache<?, ?>> closing;
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
            closing = List.copyOf(caches.values());
        } finally {
            lock.unlock();
        }
        provider.forget(this);
        closing.forEach(LarderCache::close);
        resources.background().close();
        resources.larder().close();
    }

    @Override
    public boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("cache manager of " + uri + " is closed");
        }
    }

    /** The client: {@link Larder}. */
    @Override
    public <T> T unwrap(Class<T> wanted) {
        return Unwrapping.as(wanted, this, resources.larder());
    }
}

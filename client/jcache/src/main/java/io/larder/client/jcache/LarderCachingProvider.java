package io.larder.client.jcache;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * The way from {@code javax.cache.Caching} to a Larder server. A cache manager's URI names the
 * server, or several: {@code larder://host:port,host:port}. Any thread.
 *
 * <pre>{@code
 * CacheManager manager = Caching.getCachingProvider()
 *         .getCacheManager(URI.create("larder://127.0.0.1:7170"), null);
 * }</pre>
 *
 * <p>Properties of a manager, or else of the system, are the constants below; one that begins with
 * {@code larder.} and is unknown is an {@link IllegalArgumentException}.
 */
public final class LarderCachingProvider implements CachingProvider {
    /** A system property: the URI of managers that are asked for without one. */
    public static final String URI_DEFAULT = "larder.uri";

    /** The class name of a {@link CodecSource}; by default {@link TypeCodecs}. */
    public static final String CODECS = "larder.jcache.codecs";

    /**
     * {@code fail}, the default: no manager without its server, and every operation that it does
     * not answer throws. {@code degrade}: a manager is made without it, and until it answers reads
     * find nothing, or what the loader loads; writes throw.
     */
    public static final String WHEN_UNAVAILABLE = "larder.jcache.when-unavailable";

    /** How long the server may take for a call, in milliseconds; by default 1,000. */
    public static final String REQUEST_TIMEOUT_MILLIS = "larder.jcache.request-timeout-millis";

    /**
     * How long an operation waits for another one on the same key in this program, in milliseconds,
     * before it throws; by default 30,000.
     */
    public static final String LOCK_TIMEOUT_MILLIS = "larder.jcache.lock-timeout-millis";

    private static final String URI_OTHERWISE = "larder://127.0.0.1:7170";

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ClassLoader, Map<URI, LarderCacheManager>> managers =
            new HashMap<>(); // guarded by lock; a manager is here until it is closed

    /** For the service loader. */
    public LarderCachingProvider() {}

    /**
     * The manager of this URI and class loader, made if there is none.
     *
     * <p>Locking: waits for the server, and for others who ask for a manager, up to 5 s.
     *
     * @throws CacheException if the server does not answer and is to
     * @throws IllegalArgumentException if a property is wrong, naming it
     */
    @Override
    public CacheManager getCacheManager(
            @Nullable URI uri, @Nullable ClassLoader classLoader, @Nullable Properties properties) {
        URI wanted = uri == null ? getDefaultURI() : uri;
        ClassLoader loader = classLoader == null ? getDefaultClassLoader() : classLoader;
        Properties copy = new Properties();
        if (properties != null) {
            properties
                    .stringPropertyNames()
                    .forEach(name -> copy.setProperty(name, properties.getProperty(name)));
        }
        lock.lock();
        try {
            Map<URI, LarderCacheManager> ofLoader =
                    managers.computeIfAbsent(loader, any -> new HashMap<>());
            LarderCacheManager manager = ofLoader.get(wanted);
            if (manager == null) {
                manager = LarderCacheManager.open(this, wanted, loader, copy);
                ofLoader.put(wanted, manager);
            }
            return manager;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CacheManager getCacheManager(@Nullable URI uri, @Nullable ClassLoader classLoader) {
        return getCacheManager(uri, classLoader, null);
    }

    @Override
    public CacheManager getCacheManager() {
        return getCacheManager(null, null, null);
    }

    /** The class loader of this class: threads of pools often have one of somebody else. */
    @Override
    public ClassLoader getDefaultClassLoader() {
        return LarderCachingProvider.class.getClassLoader();
    }

    @Override
    public URI getDefaultURI() {
        return URI.create(System.getProperty(URI_DEFAULT, URI_OTHERWISE));
    }

    @Override
    public Properties getDefaultProperties() {
        return new Properties();
    }

    /** Closes all managers. What their caches hold stays in the server. */
    @Override
    public void close() {
        closeAll(any -> true, any -> true);
    }

    /** Closes the managers of a class loader. */
    @Override
    public void close(@Nullable ClassLoader classLoader) {
        ClassLoader wanted = classLoader == null ? getDefaultClassLoader() : classLoader;
        closeAll(loader -> loader == wanted, any -> true);
    }

    /** Closes a manager, if there is such a one. */
    @Override
    public void close(@Nullable URI uri, @Nullable ClassLoader classLoader) {
        URI wantedUri = uri == null ? getDefaultURI() : uri;
        ClassLoader wanted = classLoader == null ? getDefaultClassLoader() : classLoader;
        closeAll(loader -> loader == wanted, wantedUri::equals);
    }

    private void closeAll(Predicate<ClassLoader> ofLoader, Predicate<URI> ofUri) {
        List<LarderCacheManager> closing = new ArrayList<>();
        lock.lock();
        try {
            managers.forEach(
                    (loader, byUri) ->
                            byUri.forEach(
                                    (uri, manager) -> {
                                        if (ofLoader.test(loader) && ofUri.test(uri)) {
                                            closing.add(manager);
                                        }
                                    }));
        } finally {
            lock.unlock();
        }
        closing.forEach(LarderCacheManager::close); // each takes itself out
    }

    /** Takes a closed manager out. */
    void forget(LarderCacheManager manager) {
        lock.lock();
        try {
            Map<URI, LarderCacheManager> ofLoader = managers.get(manager.getClassLoader());
            if (ofLoader != null && ofLoader.remove(manager.getURI(), manager)) {
                managers.values().removeIf(Map::isEmpty);
            }
        } finally {
            lock.unlock();
        }
    }

    /** None: values are always stored by value, in another process. */
    @Override
    public boolean isSupported(OptionalFeature feature) {
        return false;
    }
}

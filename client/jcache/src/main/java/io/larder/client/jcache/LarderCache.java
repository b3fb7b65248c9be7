package io.larder.client.jcache;

import io.larder.client.api.BytesCache;
import io.larder.client.api.RegionName;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * A cache of JCache's kind over a region of a Larder server. Checks what it is given, asks the part
 * whose job it is, and counts. Any thread; its manager owns it, {@link #close} and the manager's
 * end it. Nulls are {@link NullPointerException}s, a closed cache {@link IllegalStateException}s, a
 * server that does not answer {@link javax.cache.CacheException}s.
 *
 * <p>Locking: every operation but those on listeners and the configuration parks the calling thread
 * until the server has answered.
 */
final class LarderCache<K, V> implements Cache<K, V> {
    private final LarderCacheManager manager;
    private final String name;
    private final LarderConfiguration<K, V> configuration; // its listeners guarded by itself
    private final CacheStatistics statistics;
    private final ManagementBeans beans;
    private final Background background;
    private final long lockTimeoutMillis;
    private final CacheParts<K, V> parts;
    private final Entries<K, V> entries;
    private final Changes<K, V> changes;
    private final Reads<K, V> reads;
    private final Bulk<K, V> bulk;
    private final Processing<K, V> processing;
    private final LoadGate loads = new LoadGate();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /**
     * @param configuration its own copy
     */
    LarderCache(
            LarderCacheManager manager,
            String name,
            LarderConfiguration<K, V> configuration,
            LarderCacheManager.Resources resources) {
        this.manager = manager;
        this.name = name;
        this.configuration = configuration;
        this.background = resources.background();
        this.lockTimeoutMillis = resources.settings().lockTimeoutMillis();
        this.statistics = new CacheStatistics();
        this.beans = new ManagementBeans(manager.getURI().toString(), name);
        this.entries =
                new Entries<>(
                        resources.larder().cache(RegionName.of(name)),
                        configuration,
                        resources.settings().codecs(),
                        manager.getClassLoader(),
                        resources.availability(),
                        statistics);
        this.parts =
                new CacheParts<>(
                        this,
                        entries,
                        new Origin<>(configuration),
                        new Expiry(configuration.getExpiryPolicyFactory().create()),
                        new Listeners<>(background),
                        new KeyLocks(lockTimeoutMillis),
                        statistics);
        this.changes = new Changes<>(parts);
        this.reads = new Reads<>(parts, changes);
        this.bulk = new Bulk<>(parts, changes);
        this.processing = new Processing<>(configuration.getValueType(), parts, changes);
        configuration.getCacheEntryListenerConfigurations().forEach(parts.listeners()::add);
        enableStatistics(configuration.isStatisticsEnabled());
        enableManagement(configuration.isManagementEnabled());
    }

    private void requireOpen() {
        if (isClosed.get()) {
            throw new IllegalStateException("cache " + name + " is closed");
        }
    }

    private void requireOpen(Object... given) {
        requireOpen();
        for (Object argument : given) {
            Objects.requireNonNull(argument);
        }
    }

    // ---- reading ----

    @Override
    public @Nullable V get(K key) {
        requireOpen(key);
        long begin = statistics.begin();
        V value = reads.get(key);
        statistics.endGet(begin);
        return value;
    }

    @Override
    public Map<K, V> getAll(Set<? extends K> keys) {
        requireOpen();
        Bulk.requireKeys(keys);
        long begin = statistics.begin();
        Map<K, V> result = reads.getAll(keys);
        statistics.endGet(begin);
        return result;
    }

    @Override
    public boolean containsKey(K key) {
        requireOpen(key);
        return reads.contains(key);
    }

    @Override
    public Iterator<Entry<K, V>> iterator() {
        requireOpen();
        return new EntryIterator<>(parts, reads, this::remove, this::requireOpen);
    }

    // ---- storing ----

    @Override
    public void put(K key, V value) {
        requireOpen(key, value);
        long begin = statistics.begin();
        changes.put(key, value);
        statistics.endPut(begin);
    }

    @Override
    public @Nullable V getAndPut(K key, V value) {
        requireOpen(key, value);
        return update(key, found -> Step.set(value)).valueBefore();
    }

    @Override
    public boolean putIfAbsent(K key, V value) {
        requireOpen(key, value);
        return update(key, found -> found == null ? Step.set(value) : Step.leave())
                .is(Step.Action.SET);
    }

    @Override
    public boolean replace(K key, V value) {
        requireOpen(key, value);
        return update(key, found -> found == null ? Step.leave() : Step.set(value))
                .is(Step.Action.SET);
    }

    @Override
    public boolean replace(K key, V oldValue, V newValue) {
        requireOpen(key, oldValue, newValue);
        return update(key, found -> ifEqual(found, oldValue, Step.set(newValue)))
                .is(Step.Action.SET);
    }

    @Override
    public @Nullable V getAndReplace(K key, V value) {
        requireOpen(key, value);
        return update(key, found -> found == null ? Step.leave() : Step.set(value)).valueBefore();
    }

    /** A look at an entry and perhaps its new value; counts as a get, and as a put if it is one. */
    private Step.Done<V> update(K key, Step.Rule<V> rule) {
        long begin = statistics.begin();
        Step.Done<V> done = changes.apply(key, rule);
        statistics.lookup(done.before() != null);
        statistics.endGet(begin);
        statistics.endPut(begin);
        return done;
    }

    private static <V> Step<V> ifEqual(@Nullable Found<V> found, V expected, Step<V> step) {
        if (found == null) {
            return Step.leave();
        }
        return found.value().equals(expected) ? step : Step.access();
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> map) {
        requireOpen(map);
        map.forEach((key, value) -> requireOpen(key, value));
        long begin = statistics.begin();
        bulk.putAll(map);
        statistics.endPut(begin);
    }

    @Override
    public void loadAll(
            Set<? extends K> keys, boolean replaceExisting, @Nullable CompletionListener listener) {
        requireOpen();
        Bulk.requireKeys(keys);
        if (!parts.origin().hasLoader()) {
            complete(listener);
            return;
        }
        Set<K> copy = Set.copyOf(keys);
        background.load(() -> load(copy, replaceExisting, listener));
    }

    private void load(Set<K> keys, boolean replaces, @Nullable CompletionListener listener) {
        try {
            if (isClosed.get() || !loads.pass(() -> bulk.loadAll(keys, replaces))) {
                throw new IllegalStateException("cache " + name + " was closed before it loaded");
            }
        } catch (RuntimeException e) {
            if (listener != null) {
                listener.onException(e);
            }
            return;
        }
        complete(listener);
    }

    private static void complete(@Nullable CompletionListener listener) {
        if (listener != null) {
            listener.onCompletion();
        }
    }

    // ---- removing ----

    @Override
    public boolean remove(K key) {
        requireOpen(key);
        long begin = statistics.begin();
        boolean wasThere = changes.remove(key);
        statistics.endRemove(begin);
        return wasThere;
    }

    @Override
    public boolean remove(K key, V oldValue) {
        requireOpen(key, oldValue);
        return take(key, found -> ifEqual(found, oldValue, Step.remove())).is(Step.Action.REMOVE);
    }

    @Override
    public @Nullable V getAndRemove(K key) {
        requireOpen(key);
        return take(key, found -> Step.remove()).valueBefore();
    }

    /** A look at an entry and perhaps its end; counts as a get, and as a removal if it is one. */
    private Step.Done<V> take(K key, Step.Rule<V> rule) {
        long begin = statistics.begin();
        Step.Done<V> done = changes.apply(key, rule);
        statistics.lookup(done.before() != null);
        statistics.endGet(begin);
        statistics.endRemove(begin);
        return done;
    }

    @Override
    public void removeAll(Set<? extends K> keys) {
        requireOpen();
        Bulk.requireKeys(keys);
        long begin = statistics.begin();
        bulk.removeAll(keys);
        statistics.endRemove(begin);
    }

    @Override
    public void removeAll() {
        requireOpen();
        long begin = statistics.begin();
        bulk.removeAll();
        statistics.endRemove(begin);
    }

    /** Removes every entry of the region in one short step; tells nobody. */
    @Override
    public void clear() {
        requireOpen();
        entries.clear();
    }

    // ---- processing ----

    @Override
    public <T> @Nullable T invoke(
            K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        requireOpen(key, entryProcessor);
        long begin = statistics.begin();
        T result = processing.invoke(key, entryProcessor, arguments);
        statistics.endGet(begin);
        return result;
    }

    @Override
    public <T> Map<K, EntryProcessorResult<T>> invokeAll(
            Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
        requireOpen();
        Bulk.requireKeys(keys);
        requireOpen(entryProcessor);
        return processing.invokeAll(keys, entryProcessor, arguments);
    }

    // ---- about the cache ----

    @Override
    public String getName() {
        return name;
    }

    @Override
    public CacheManager getCacheManager() {
        return manager;
    }

    /** A copy: changing it changes nothing here. */
    @Override
    public <C extends Configuration<K, V>> C getConfiguration(Class<C> wanted) {
        return Unwrapping.as(wanted, configuration());
    }

    private LarderConfiguration<K, V> configuration() {
        synchronized (configuration) {
            return new LarderConfiguration<>(configuration);
        }
    }

    @Override
    public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        requireOpen(listener);
        synchronized (configuration) {
            configuration.addCacheEntryListenerConfiguration(listener);
            parts.listeners().add(listener);
        }
    }

    @Override
    public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
        requireOpen(listener);
        synchronized (configuration) {
            configuration.removeCacheEntryListenerConfiguration(listener);
            parts.listeners().remove(listener);
        }
    }

    LarderStatisticsMXBean statistics() {
        return statistics;
    }

    void enableStatistics(boolean wanted) {
        synchronized (configuration) {
            configuration.setStatisticsEnabled(wanted);
        }
        statistics.enable(wanted);
        beans.showStatistics(statistics, wanted);
    }

    void enableManagement(boolean wanted) {
        synchronized (configuration) {
            configuration.setManagementEnabled(wanted);
        }
        beans.showConfiguration(new ConfigurationBean(configuration()), wanted);
    }

    /** The region: {@link BytesCache}. */
    @Override
    public <T> T unwrap(Class<T> wanted) {
        return Unwrapping.as(wanted, this, entries.bytes());
    }

    /**
     * Ends this cache here; what it holds stays in the server.
     *
     * <p>Locking: waits for a {@link #loadAll} under way, and no longer than operations do for a
     * key.
     */
    @Override
    public void close() {
        if (!isClosed.getAndSet(true)) {
            manager.forget(this);
            beans.showStatistics(statistics, false);
            beans.showConfiguration(new ConfigurationBean(configuration), false);
            loads.close(lockTimeoutMillis);
            parts.close();
        }
    }

    @Override
    public boolean isClosed() {
        return isClosed.get();
    }

    /** Removes everything it holds, for all programs. */
    void destroy() {
        close();
        entries.clear();
    }

    /**
     * @throws ClassCastException if it is of other types
     */
    void requireTypes(Class<?> keyType, Class<?> valueType) {
        requireType("key", configuration.getKeyType(), keyType);
        requireType("value", configuration.getValueType(), valueType);
    }

    private void requireType(String what, Class<?> configured, Class<?> wanted) {
        if (configured != wanted) {
            throw new ClassCastException(
                    "cache "
                            + name
                            + ": "
                            + what
                            + " type "
                            + wanted.getName()
                            + " (expected: "
                            + configured.getName()
                            + ")");
        }
    }
}

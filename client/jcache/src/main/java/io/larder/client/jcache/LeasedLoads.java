package io.larder.client.jcache;

import io.larder.client.api.CodecException;
import io.larder.client.api.LarderException;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.LoaderException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.StoredValue;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Reads through: of all who miss a key at once, in all programs, one loads it, by a lease of the
 * server, and the others are given what it has loaded. If the server is away each program loads for
 * itself, and nothing is stored. Any thread; runs the program's loader on the calling one.
 *
 * <p>Locking: where listeners are to hear of new entries the key is locked, see {@link KeyLocks}.
 */
final class LeasedLoads<K, V> {
    private final Cache<K, V> cache;
    private final Entries<K, V> entries;
    private final Origin<K, V> origin;
    private final Expiry expiry;
    private final Listeners<K, V> listeners;
    private final KeyLocks locks;
    private final CacheStatistics statistics;

    LeasedLoads(CacheParts<K, V> parts) {
        cache = parts.cache();
        entries = parts.entries();
        origin = parts.origin();
        expiry = parts.expiry();
        listeners = parts.listeners();
        locks = parts.locks();
        statistics = parts.statistics();
    }

    /** The value, which counts as a miss if it is this call that loads it. */
    @Nullable V getOrLoad(K key, RawKey rawKey) {
        Loaded<V> loaded = leased(key, rawKey);
        statistics.lookup(!loaded.isOwn);
        return loaded.value;
    }

    /** The value of an entry that was just seen to be missing. */
    @Nullable V load(K key, RawKey rawKey) {
        statistics.lookup(false);
        return leased(key, rawKey).value;
    }

    private record Loaded<V>(@Nullable V value, boolean isOwn) {}

    private Loaded<V> leased(K key, RawKey rawKey) {
        return listeners.isEmpty()
                ? leasedOnce(key, rawKey)
                : locks.locked(rawKey, () -> leasedOnce(key, rawKey));
    }

    private Loaded<V> leasedOnce(K key, RawKey rawKey) {
        if (!(expiry.onCreation() instanceof Lifetime.Lasting lasting)) {
            return new Loaded<>(origin.load(key), true); // over before anybody could read it
        }
        Map<K, V> own = new ConcurrentHashMap<>();
        boolean[] isOwn = new boolean[1]; // written by this thread: the loader runs on it
        Optional<StoredValue> stored =
                ask(
                        () ->
                                entries.bytes()
                                        .getOrLoadStored(
                                                rawKey.bytes(),
                                                options(lasting),
                                                raw -> {
                                                    isOwn[0] = true;
                                                    return loaded(key, own);
                                                }));
        own.forEach((loadedKey, value) -> listeners.created(cache, loadedKey, value));
        return new Loaded<>(stored.isEmpty() ? null : decoded(key, rawKey, stored.get()), isOwn[0]);
    }

    private Optional<StoredValue> loaded(K key, Map<K, V> own) {
        V value = origin.load(key);
        if (value == null) {
            return Optional.empty();
        }
        StoredValue stored = entries.rawValue(value);
        own.put(key, value);
        return Optional.of(stored);
    }

    /** The value; if its bytes make none, it is removed and loaded anew. */
    private @Nullable V decoded(K key, RawKey rawKey, StoredValue stored) {
        try {
            return entries.value(stored);
        } catch (CacheException e) {
            if (!(e.getCause() instanceof CodecException)) {
                throw e;
            }
            Found<V> found = entries.read(rawKey);
            return found != null ? found.value() : origin.load(key);
        }
    }

    /** The values of those keys that have one, all of which were just seen to be missing. */
    Map<K, V> loadAll(Set<K> keys) {
        if (!(expiry.onCreation() instanceof Lifetime.Lasting lasting)) {
            return origin.loadAll(keys);
        }
        Map<RawKey, K> byRawKey = new LinkedHashMap<>();
        keys.forEach(key -> byRawKey.put(entries.rawKey(key), key));
        List<RawKey> rawKeys = List.copyOf(byRawKey.keySet());
        Map<K, V> own = new ConcurrentHashMap<>();
        List<Optional<StoredValue>> stored =
                ask(
                        () ->
                                entries.bytes()
                                        .getOrLoadAllStored(
                                                rawKeys.stream().map(RawKey::bytes).toList(),
                                                options(lasting),
                                                missing -> loadedAll(missing, byRawKey, own)));
        own.forEach((key, value) -> listeners.created(cache, key, value));
        Map<K, V> result = new HashMap<>();
        List<K> inOrder = List.copyOf(byRawKey.values());
        for (int index = 0; index < stored.size(); index++) {
            if (stored.get(index).isPresent()) {
                K key = inOrder.get(index);
                V value = decoded(key, rawKeys.get(index), stored.get(index).get());
                if (value != null) {
                    result.put(key, value);
                }
            }
        }
        return result;
    }

    private List<Optional<StoredValue>> loadedAll(
            List<byte[]> missing, Map<RawKey, K> byRawKey, Map<K, V> own) {
        List<K> keys = missing.stream().map(raw -> byRawKey.get(new RawKey(raw))).toList();
        Map<K, V> loaded = origin.loadAll(Set.copyOf(keys));
        own.putAll(loaded);
        return keys.stream().map(loaded::get).map(this::rawValue).toList();
    }

    private Optional<StoredValue> rawValue(@Nullable V value) {
        return value == null ? Optional.empty() : Optional.of(entries.rawValue(value));
    }

    private static LoadOptions options(Lifetime.Lasting lasting) {
        return LoadOptions.DEFAULT.storing(PutOptions.DEFAULT.ttl(lasting.ttl()));
    }

    private static <T> T ask(Supplier<T> call) {
        try {
            return call.get();
        } catch (LoaderException e) {
            throw Origin.failedLoad(e.getCause() == null ? e : e.getCause());
        } catch (LarderException e) {
            throw new CacheException(e.getMessage(), e);
        }
    }
}

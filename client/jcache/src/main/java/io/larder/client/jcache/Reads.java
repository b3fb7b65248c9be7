package io.larder.client.jcache;

import io.larder.client.api.Ttl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries, has the policy say what that means for them, and loads what is missing where the
 * cache reads through. Any thread.
 */
final class Reads<K, V> {
    private final Entries<K, V> entries;
    private final Origin<K, V> origin;
    private final Expiry expiry;
    private final CacheStatistics statistics;
    private final Changes<K, V> changes;
    private final LeasedLoads<K, V> loads;
    private final Optional<Lifetime> everyAccess;

    Reads(CacheParts<K, V> parts, Changes<K, V> changes) {
        this.entries = parts.entries();
        this.origin = parts.origin();
        this.expiry = parts.expiry();
        this.statistics = parts.statistics();
        this.changes = changes;
        this.loads = new LeasedLoads<>(parts);
        this.everyAccess = expiry.everyAccess();
    }

    boolean contains(K key) {
        return entries.read(entries.rawKey(key)) != null;
    }

    /** The value, loaded if it is missing and the cache reads through; null if there is none. */
    @Nullable V get(K key) {
        RawKey rawKey = entries.rawKey(key);
        if (origin.isReadThrough() && leavesAccessed() && everyAccess.isPresent()) {
            return loads.getOrLoad(key, rawKey); // one request, where it is there
        }
        V present = present(key, rawKey);
        if (present == null && origin.isReadThrough()) {
            return loads.load(key, rawKey);
        }
        statistics.lookup(present != null);
        return present;
    }

    /** Whether a read never changes what an entry has left to live. */
    private boolean leavesAccessed() {
        return everyAccess.isPresent() && everyAccess.get() instanceof Lifetime.Kept;
    }

    private @Nullable V present(K key, RawKey rawKey) {
        if (leavesAccessed()) {
            return entries.readValue(rawKey);
        }
        if (everyAccess.isPresent() && everyAccess.get() instanceof Lifetime.Lasting lasting) {
            return entries.readAndTouch(rawKey, lasting.ttl());
        }
        Found<V> found = entries.read(rawKey);
        if (found == null) {
            return null;
        }
        changes.accessed(key, rawKey, found);
        return found.value();
    }

    /** The values of those keys that have one, loaded if they are missing. */
    Map<K, V> getAll(Set<? extends K> wanted) {
        List<K> keys = new ArrayList<>(wanted);
        List<RawKey> rawKeys = keys.stream().map(entries::rawKey).toList();
        List<@Nullable V> values = entries.readValues(rawKeys);
        Map<K, V> result = new LinkedHashMap<>();
        Map<K, RawKey> present = new LinkedHashMap<>();
        Set<K> missing = new LinkedHashSet<>();
        for (int index = 0; index < keys.size(); index++) {
            K key = keys.get(index);
            V value = values.get(index);
            statistics.lookup(value != null);
            if (value == null) {
                missing.add(key);
            } else {
                result.put(key, value);
                present.put(key, rawKeys.get(index));
            }
        }
        accessed(present);
        if (origin.isReadThrough() && !missing.isEmpty()) {
            result.putAll(loads.loadAll(missing));
        }
        return result;
    }

    /** Has the policy say what becomes of entries that were read, by their keys' bytes. */
    void accessed(Map<K, RawKey> read) {
        if (leavesAccessed()) {
            return;
        }
        Map<RawKey, Ttl> touches = new LinkedHashMap<>();
        read.forEach(
                (key, rawKey) -> {
                    Lifetime lifetime = expiry.onAccess();
                    if (lifetime instanceof Lifetime.Lasting lasting) {
                        touches.put(rawKey, lasting.ttl());
                    } else if (lifetime instanceof Lifetime.Over) {
                        Found<V> found = entries.find(rawKey);
                        if (found != null) {
                            changes.expire(key, rawKey, found);
                        }
                    }
                });
        entries.touchAll(touches);
    }
}

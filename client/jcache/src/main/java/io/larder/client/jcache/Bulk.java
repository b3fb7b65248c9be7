package io.larder.client.jcache;

import io.larder.client.api.ScanPage;
import io.larder.client.api.StoredValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.integration.CacheWriterException;

/**
 * Carries out what is done to many entries: the writer is given all of them at once, each entry is
 * changed by itself, and together where nobody needs to know what was there. Any thread.
 *
 * <p>Locking: no key is locked while the writer has many; each is while it is changed, if there are
 * listeners.
 */
final class Bulk<K, V> {
    private final Entries<K, V> entries;
    private final Origin<K, V> origin;
    private final Listeners<K, V> listeners;
    private final CacheStatistics statistics;
    private final Changes<K, V> changes;

    Bulk(CacheParts<K, V> parts, Changes<K, V> changes) {
        this.entries = parts.entries();
        this.origin = parts.origin();
        this.listeners = parts.listeners();
        this.statistics = parts.statistics();
        this.changes = changes;
    }

    /**
     * Stores all.
     *
     * @throws CacheWriterException if the writer has not written all; those it has are stored
     */
    void putAll(Map<? extends K, ? extends V> map) {
        Map<K, Encoded<V>> encoded = new LinkedHashMap<>();
        map.forEach((key, value) -> encoded.put(key, encoded(key, value)));
        List<Cache.Entry<? extends K, ? extends V>> unwritten = new ArrayList<>();
        encoded.forEach((key, entry) -> unwritten.add(new Pair<>(key, entry.value)));
        try {
            origin.writeAll(unwritten);
        } catch (CacheWriterException e) {
            unwritten.forEach(entry -> encoded.remove(entry.getKey()));
            store(encoded);
            throw e;
        }
        store(encoded);
    }

    private record Encoded<V>(RawKey rawKey, V value, StoredValue stored) {}

    private Encoded<V> encoded(K key, V value) {
        return new Encoded<>(entries.rawKey(key), value, entries.rawValue(value));
    }

    private void store(Map<K, Encoded<V>> encoded) {
        Optional<Lifetime.Lasting> blind = changes.blindWrite();
        if (blind.isPresent()) {
            storeBlindly(encoded.values(), blind.get());
            statistics.put(encoded.size());
        } else {
            encoded.forEach(
                    (key, entry) ->
                            changes.applyWritten(
                                    key, entry.rawKey, found -> Step.set(entry.value)));
        }
    }

    private void storeBlindly(Collection<Encoded<V>> encoded, Lifetime.Lasting lasting) {
        if (!encoded.isEmpty()) {
            entries.storeAll(
                    encoded.stream().map(Encoded::rawKey).toList(),
                    encoded.stream().map(Encoded::stored).toList(),
                    lasting.ttl());
        }
    }

    /**
     * Removes those.
     *
     * @throws CacheWriterException if the writer has not deleted all; those it has are removed
     */
    void removeAll(Set<? extends K> keys) {
        Map<K, RawKey> rawKeys = new LinkedHashMap<>();
        keys.forEach(key -> rawKeys.put(key, entries.rawKey(key)));
        Set<K> undeleted = new LinkedHashSet<>(rawKeys.keySet());
        try {
            origin.deleteAll(undeleted);
        } catch (CacheWriterException e) {
            rawKeys.keySet().removeAll(undeleted);
            remove(rawKeys);
            throw e;
        }
        remove(rawKeys);
    }

    private void remove(Map<K, RawKey> rawKeys) {
        if (listeners.isEmpty()) {
            statistics.removal(entries.removeAll(List.copyOf(rawKeys.values())));
        } else {
            rawKeys.forEach(
                    (key, rawKey) -> changes.applyWritten(key, rawKey, found -> Step.remove()));
        }
    }

    /** Removes every entry, as if by its key; where nobody is to know of them, all at once. */
    void removeAll() {
        if (listeners.isEmpty() && !origin.isWriteThrough() && !statistics.isEnabled()) {
            entries.clear();
            return;
        }
        Entries.Page page;
        long cursor = ScanPage.START;
        do {
            page = entries.scan(cursor);
            Set<K> keys = new LinkedHashSet<>();
            page.rawKeys().forEach(rawKey -> entries.key(rawKey).ifPresent(keys::add));
            removeAll(keys);
            cursor = page.nextCursor();
        } while (!page.isLast());
    }

    /** Loads those, or those of them that are missing, and stores what there is. */
    void loadAll(Set<? extends K> keys, boolean replacesExisting) {
        Map<K, Encoded<V>> loaded = new LinkedHashMap<>();
        origin.loadAll(replacesExisting ? new LinkedHashSet<>(keys) : missing(keys))
                .forEach((key, value) -> loaded.put(key, encoded(key, value)));
        Optional<Lifetime.Lasting> blind = changes.blindWrite();
        if (replacesExisting && blind.isPresent()) {
            storeBlindly(loaded.values(), blind.get());
            return;
        }
        loaded.forEach(
                (key, entry) ->
                        changes.applyWritten(
                                key,
                                entry.rawKey,
                                found ->
                                        found == null || replacesExisting
                                                ? Step.load(entry.value)
                                                : Step.leave()));
    }

    private Set<K> missing(Set<? extends K> wanted) {
        List<K> keys = new ArrayList<>(wanted);
        List<?> values = entries.readValues(keys.stream().map(entries::rawKey).toList());
        Set<K> missing = new LinkedHashSet<>();
        for (int index = 0; index < keys.size(); index++) {
            if (values.get(index) == null) {
                missing.add(keys.get(index));
            }
        }
        return missing;
    }

    /** {@link NullPointerException} if a key is null. */
    static void requireKeys(Set<?> keys) {
        Objects.requireNonNull(keys, "keys");
        keys.forEach(key -> Objects.requireNonNull(key, "key"));
    }
}

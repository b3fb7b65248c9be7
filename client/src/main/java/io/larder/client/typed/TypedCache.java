package io.larder.client.typed;

import io.larder.client.api.AsyncCache;
import io.larder.client.api.BulkLoader;
import io.larder.client.api.BytesCache;
import io.larder.client.api.Cache;
import io.larder.client.api.Codec;
import io.larder.client.api.Entry;
import io.larder.client.api.IfChanged;
import io.larder.client.api.KeyPage;
import io.larder.client.api.KeyResult;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.Loader;
import io.larder.client.api.PutOptions;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The user's types over one {@link BytesCache}. Any thread; encodes and decodes on the caller's.
 */
public final class TypedCache<K, V> implements Cache<K, V> {
    private final BytesCache bytes;
    private final Codecs<K, V> codecs;
    private final AsyncCache<K, V> async;

    public TypedCache(BytesCache bytes, Codec<K> keys, Codec<V> values) {
        this(bytes, new Codecs<>(keys, values));
    }

    private TypedCache(BytesCache bytes, Codecs<K, V> codecs) {
        this.bytes = bytes;
        this.codecs = codecs;
        this.async = new TypedAsyncCache<>(bytes.async(), codecs);
    }

    @Override
    public AsyncCache<K, V> async() {
        return async;
    }

    @Override
    public BytesCache bytes() {
        return bytes;
    }

    @Override
    public Cache<K, V> withTimeout(Duration timeout) {
        return new TypedCache<>(bytes.withTimeout(timeout), codecs);
    }

    @Override
    public Optional<V> get(K key) {
        return codecs.value(bytes.getStored(codecs.key(key)));
    }

    @Override
    public Optional<Entry<V>> getEntry(K key) {
        return codecs.entry(bytes.getEntry(codecs.key(key)));
    }

    @Override
    public IfChanged<V> getIfChanged(K key, long knownVersion) {
        return codecs.ifChanged(bytes.getIfChanged(codecs.key(key), knownVersion));
    }

    @Override
    public Map<K, V> getAll(Collection<? extends K> keys) {
        Codecs.Reading<K, V> reading = new Codecs.Reading<>(codecs, keys);
        return reading.result(bytes.getAllStored(reading.rawKeys));
    }

    @Override
    public Optional<V> getOrLoad(K key, LoadOptions options, Loader<K, V> loader) {
        return codecs.value(
                bytes.getOrLoadStored(codecs.key(key), options, codecs.loader(key, loader)));
    }

    @Override
    public Map<K, V> getOrLoadAll(
            Collection<? extends K> keys, LoadOptions options, BulkLoader<K, V> loader) {
        Codecs.Reading<K, V> reading = new Codecs.Reading<>(codecs, keys);
        return reading.result(
                bytes.getOrLoadAllStored(reading.rawKeys, options, reading.loader(loader)));
    }

    @Override
    public Optional<Entry<V>> getAndTouch(K key, Ttl ttl) {
        return codecs.touchedEntry(bytes.getAndTouch(codecs.key(key), ttl));
    }

    @Override
    public WriteResult put(K key, V value, PutOptions options) {
        return bytes.putStored(codecs.key(key), codecs.values().encode(value), options);
    }

    @Override
    public Map<K, KeyResult<WriteResult>> putAll(
            Map<? extends K, ? extends V> entries, PutOptions options) {
        Codecs.Writing<K, V> writing = new Codecs.Writing<>(codecs, entries);
        return writing.result(bytes.putAll(writing.rawKeys, writing.rawValues, options));
    }

    @Override
    public boolean remove(K key) {
        return bytes.delete(codecs.key(key));
    }

    @Override
    public WriteResult removeIfVersion(K key, long expectedVersion) {
        return bytes.deleteIfVersion(codecs.key(key), expectedVersion);
    }

    @Override
    public boolean touch(K key, Ttl ttl) {
        return bytes.touch(codecs.key(key), ttl);
    }

    @Override
    public OptionalLong increment(K key, long delta) {
        codecs.requireCounter();
        return bytes.increment(codecs.key(key), delta);
    }

    @Override
    public long increment(K key, long delta, long initial, Ttl ttl) {
        codecs.requireCounter();
        return bytes.increment(codecs.key(key), delta, initial, ttl);
    }

    @Override
    public WriteResult append(K key, V suffix) {
        codecs.requireAppendable();
        return bytes.append(codecs.key(key), codecs.values().toBytes(suffix));
    }

    @Override
    public KeyPage<K> scan(String prefix, long cursor, int count) {
        return codecs.page(bytes.scan(Codecs.prefix(prefix), cursor, count));
    }

    @Override
    public void clear() {
        bytes.clear();
    }

    @Override
    public void invalidateTag(String tag) {
        bytes.invalidateTag(tag);
    }

    @Override
    public void invalidatePrefix(String prefix) {
        bytes.invalidatePrefix(Codecs.prefix(prefix));
    }
}

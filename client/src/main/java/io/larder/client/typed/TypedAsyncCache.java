package io.larder.client.typed;

import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.AsyncCache;
import io.larder.client.api.BulkLoader;
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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The user's types over one {@link AsyncBytesCache}. Any thread. */
final class TypedAsyncCache<K, V> implements AsyncCache<K, V> {
    private final AsyncBytesCache bytes;
    private final Codecs<K, V> codecs;

    TypedAsyncCache(AsyncBytesCache bytes, Codecs<K, V> codecs) {
        this.bytes = bytes;
        this.codecs = codecs;
    }

    @Override
    public AsyncBytesCache bytes() {
        return bytes;
    }

    @Override
    public AsyncCache<K, V> withTimeout(Duration timeout) {
        return new TypedAsyncCache<>(bytes.withTimeout(timeout), codecs);
    }

    @Override
    public CompletableFuture<Optional<V>> get(K key) {
        return Derived.of(bytes.getStored(codecs.key(key)), codecs::value);
    }

    @Override
    public CompletableFuture<Optional<Entry<V>>> getEntry(K key) {
        return Derived.of(bytes.getEntry(codecs.key(key)), codecs::entry);
    }

    @Override
    public CompletableFuture<IfChanged<V>> getIfChanged(K key, long knownVersion) {
        return Derived.of(bytes.getIfChanged(codecs.key(key), knownVersion), codecs::ifChanged);
    }

    @Override
    public CompletableFuture<Map<K, V>> getAll(Collection<? extends K> keys) {
        Codecs.Reading<K, V> reading = new Codecs.Reading<>(codecs, keys);
        return Derived.of(bytes.getAllStored(reading.rawKeys), reading::result);
    }

    @Override
    public CompletableFuture<Optional<V>> getOrLoad(
            K key, LoadOptions options, Loader<K, V> loader) {
        return Derived.of(
                bytes.getOrLoadStored(codecs.key(key), options, codecs.loader(key, loader)),
                codecs::value);
    }

    @Override
    public CompletableFuture<Map<K, V>> getOrLoadAll(
            Collection<? extends K> keys, LoadOptions options, BulkLoader<K, V> loader) {
        Codecs.Reading<K, V> reading = new Codecs.Reading<>(codecs, keys);
        return Derived.of(
                bytes.getOrLoadAllStored(reading.rawKeys, options, reading.loader(loader)),
                reading::result);
    }

    @Override
    public CompletableFuture<Optional<Entry<V>>> getAndTouch(K key, Ttl ttl) {
        return Derived.of(bytes.getAndTouch(codecs.key(key), ttl), codecs::touchedEntry);
    }

    @Override
    public CompletableFuture<WriteResult> put(K key, V value, PutOptions options) {
        return bytes.putStored(codecs.key(key), codecs.values().encode(value), options);
    }

    @Override
    public CompletableFuture<Map<K, KeyResult<WriteResult>>> putAll(
            Map<? extends K, ? extends V> entries, PutOptions options) {
        Codecs.Writing<K, V> writing = new Codecs.Writing<>(codecs, entries);
        return Derived.of(
                bytes.putAll(writing.rawKeys, writing.rawValues, options), writing::result);
    }

    @Override
    public CompletableFuture<Boolean> remove(K key) {
        return bytes.delete(codecs.key(key));
    }

    @Override
    public CompletableFuture<WriteResult> removeIfVersion(K key, long expectedVersion) {
        return bytes.deleteIfVersion(codecs.key(key), expectedVersion);
    }

    @Override
    public CompletableFuture<Boolean> touch(K key, Ttl ttl) {
        return bytes.touch(codecs.key(key), ttl);
    }

    @Override
    public CompletableFuture<OptionalLong> increment(K key, long delta) {
        codecs.requireCounter();
        return bytes.increment(codecs.key(key), delta);
    }

    @Override
    public CompletableFuture<Long> increment(K key, long delta, long initial, Ttl ttl) {
        codecs.requireCounter();
        return bytes.increment(codecs.key(key), delta, initial, ttl);
    }

    @Override
    public CompletableFuture<WriteResult> append(K key, V suffix) {
        codecs.requireAppendable();
        return bytes.append(codecs.key(key), codecs.values().toBytes(suffix));
    }

    @Override
    public CompletableFuture<KeyPage<K>> scan(String prefix, long cursor, int count) {
        return Derived.of(bytes.scan(Codecs.prefix(prefix), cursor, count), codecs::page);
    }

    @Override
    public CompletableFuture<@Nullable Void> clear() {
        return bytes.clear();
    }

    @Override
    public CompletableFuture<@Nullable Void> invalidateTag(String tag) {
        return bytes.invalidateTag(tag);
    }

    @Override
    public CompletableFuture<@Nullable Void> invalidatePrefix(String prefix) {
        return bytes.invalidatePrefix(Codecs.prefix(prefix));
    }
}

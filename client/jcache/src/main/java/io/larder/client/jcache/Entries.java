package io.larder.client.jcache;

import io.larder.client.api.BytesCache;
import io.larder.client.api.Codec;
import io.larder.client.api.CodecException;
import io.larder.client.api.Entry;
import io.larder.client.api.KeyResult;
import io.larder.client.api.LarderException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.ScanPage;
import io.larder.client.api.StoredValue;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * A cache's entries in its region, by the bytes of their keys: what can be asked of the server, in
 * the cache's types. A value whose bytes make none is no entry: it is counted and removed. Any
 * thread.
 *
 * <p>Locking: every method that asks parks the calling thread until there is an answer; without one
 * it throws a {@link CacheException}.
 */
final class Entries<K, V> {
    /** How many requests are sent before their answers are awaited. */
    private static final int PIPELINED_MAX = 512;

    private final BytesCache bytes;
    private final Codec<K> keys;
    private final Codec<V> values;
    private final Class<K> keyType;
    private final Class<V> valueType;
    private final Availability availability;
    private final CacheStatistics statistics;

    Entries(
            BytesCache bytes,
            LarderConfiguration<K, V> configuration,
            CodecSource codecs,
            ClassLoader loader,
            Availability availability,
            CacheStatistics statistics) {
        this.bytes = bytes;
        this.keyType = configuration.getKeyType();
        this.valueType = configuration.getValueType();
        this.keys = configuration.keyCodec().orElseGet(() -> codecs.keys(keyType, loader));
        this.values = configuration.valueCodec().orElseGet(() -> codecs.values(valueType, loader));
        this.availability = availability;
        this.statistics = statistics;
    }

    /** The region. */
    BytesCache bytes() {
        return bytes;
    }

    /**
     * A key's bytes.
     *
     * @throws NullPointerException if it is null
     * @throws ClassCastException if it is not of the configured type
     * @throws CacheException if it has none
     */
    RawKey rawKey(K key) {
        K typed = keyType.cast(Objects.requireNonNull(key, "key"));
        return new RawKey(availability.ask(() -> keys.toBytes(typed)));
    }

    /**
     * A value's bytes.
     *
     * @throws NullPointerException if it is null
     * @throws ClassCastException if it is not of the configured type
     * @throws CacheException if it has none
     */
    StoredValue rawValue(V value) {
        V typed = valueType.cast(Objects.requireNonNull(value, "value"));
        return availability.ask(() -> values.encode(typed));
    }

    /** The value of what {@link #rawValue} made. */
    V value(StoredValue stored) {
        return availability.ask(() -> values.decode(stored));
    }

    /** The key of such bytes; empty if they are no key of this cache's. */
    Optional<K> key(RawKey rawKey) {
        try {
            return Optional.of(keyType.cast(keys.fromBytes(rawKey.bytes())));
        } catch (CodecException | ClassCastException e) {
            return Optional.empty();
        }
    }

    // ---- reading ----

    /** The entry, which all changes begin with; null if there is none. */
    @Nullable Found<V> find(RawKey rawKey) {
        return found(rawKey, availability.ask(() -> bytes.getEntry(rawKey.bytes())));
    }

    /** {@link #find} of a caller who would do without the server. */
    @Nullable Found<V> read(RawKey rawKey) {
        return found(
                rawKey,
                availability.askOrMiss(
                        () -> bytes.getEntry(rawKey.bytes()), Optional.empty(), statistics));
    }

    /** The value alone, which may come from this program's memory; null if there is none. */
    @Nullable V readValue(RawKey rawKey) {
        Optional<StoredValue> stored =
                availability.askOrMiss(
                        () -> bytes.getStored(rawKey.bytes()), Optional.empty(), statistics);
        return stored.isEmpty() ? null : decoded(rawKey, stored.get());
    }

    /** The value of an entry that now lives so long; null if there is none. */
    @Nullable V readAndTouch(RawKey rawKey, Ttl ttl) {
        Found<V> found =
                found(
                        rawKey,
                        availability.askOrMiss(
                                () -> bytes.getAndTouch(rawKey.bytes(), ttl),
                                Optional.empty(),
                                statistics));
        return found == null ? null : found.value();
    }

    /** The values of many keys, in their order; null where there is none. */
    List<@Nullable V> readValues(List<RawKey> rawKeys) {
        List<Optional<StoredValue>> stored =
                availability.askOrMiss(
                        () -> bytes.getAllStored(raw(rawKeys)),
                        rawKeys.stream().map(key -> Optional.<StoredValue>empty()).toList(),
                        statistics);
        List<@Nullable V> result = new ArrayList<>(stored.size());
        for (int index = 0; index < stored.size(); index++) {
            Optional<StoredValue> value = stored.get(index);
            result.add(value.isEmpty() ? null : decoded(rawKeys.get(index), value.get()));
        }
        return result;
    }

    /** Some keys, see {@link BytesCache#scan}. */
    Page scan(long cursor) {
        ScanPage page = availability.ask(() -> bytes.scan(new byte[0], cursor, 0));
        return new Page(page.keys().stream().map(RawKey::new).toList(), page.nextCursor());
    }

    /**
     * Some keys.
     *
     * @param nextCursor {@link ScanPage#START}: no page follows
     */
    record Page(List<RawKey> rawKeys, long nextCursor) {
        boolean isLast() {
            return nextCursor == ScanPage.START;
        }
    }

    /** What was read, or null of a value that is none, which is then removed. */
    private @Nullable V decoded(RawKey rawKey, StoredValue stored) {
        try {
            return values.decode(stored);
        } catch (CodecException e) {
            Found<V> found = read(rawKey); // with its version: another one may be there by now
            return found == null ? null : found.value();
        }
    }

    private @Nullable Found<V> found(RawKey rawKey, Optional<Entry<byte[]>> answer) {
        if (answer.isEmpty()) {
            return null;
        }
        Entry<byte[]> entry = answer.get();
        try {
            V value = values.decode(new StoredValue(entry.value(), entry.format()));
            return new Found<>(value, entry.version(), entry.expiresInMillis());
        } catch (CodecException e) {
            statistics.undecodable();
            remove(rawKey, entry.version());
            return null;
        }
    }

    // ---- writing ----

    /** Stores it whatever was there. */
    void store(RawKey rawKey, StoredValue value, Ttl ttl) {
        availability.ask(() -> bytes.putStored(rawKey.bytes(), value, PutOptions.DEFAULT.ttl(ttl)));
    }

    /**
     * Stores many, whatever was there.
     *
     * @throws CacheException if one could not be stored; others may have been
     */
    void storeAll(List<RawKey> rawKeys, List<StoredValue> rawValues, Ttl ttl) {
        List<KeyResult<WriteResult>> results =
                availability.ask(
                        () -> bytes.putAll(raw(rawKeys), rawValues, PutOptions.DEFAULT.ttl(ttl)));
        results.forEach(result -> availability.ask(result::get));
    }

    /** Stores it if there is none; else false. */
    boolean create(RawKey rawKey, StoredValue value, Ttl ttl) {
        return put(rawKey, value, PutOptions.DEFAULT.ttl(ttl).onlyIfAbsent());
    }

    /** Stores it over that version; if there is another one, or none, false. */
    boolean replace(RawKey rawKey, long version, StoredValue value, Ttl ttl) {
        return put(rawKey, value, PutOptions.DEFAULT.ttl(ttl).ifVersion(version));
    }

    private boolean put(RawKey rawKey, StoredValue value, PutOptions options) {
        return availability.ask(() -> bytes.putStored(rawKey.bytes(), value, options)).isApplied();
    }

    /** Removes that version; if there is another one, or none, false. */
    boolean remove(RawKey rawKey, long version) {
        return availability.ask(() -> bytes.deleteIfVersion(rawKey.bytes(), version)).isApplied();
    }

    /** Removes whatever is there; false if nothing was. */
    boolean remove(RawKey rawKey) {
        return availability.ask(() -> bytes.delete(rawKey.bytes()));
    }

    /** Removes many; how many were there. */
    long removeAll(List<RawKey> rawKeys) {
        return pipelined(rawKeys, key -> bytes.async().delete(key.bytes())).stream()
                .filter(wasThere -> wasThere)
                .count();
    }

    /** The entry lives so long from now on, if it is there. */
    void touch(RawKey rawKey, Ttl ttl) {
        availability.ask(() -> bytes.touch(rawKey.bytes(), ttl));
    }

    /** Each entry lives so long from now on, if it is there. */
    void touchAll(Map<RawKey, Ttl> ttls) {
        pipelined(
                List.copyOf(ttls.entrySet()),
                touch -> bytes.async().touch(touch.getKey().bytes(), touch.getValue()));
    }

    /** Removes all. */
    void clear() {
        availability.ask(
                () -> {
                    bytes.clear();
                    return true;
                });
    }

    private static List<byte[]> raw(List<RawKey> keys) {
        return keys.stream().map(RawKey::bytes).toList();
    }

    private <T, R> List<R> pipelined(List<T> items, Function<T, CompletableFuture<R>> request) {
        List<R> answers = new ArrayList<>(items.size());
        for (int from = 0; from < items.size(); from += PIPELINED_MAX) {
            List<T> part = items.subList(from, Math.min(items.size(), from + PIPELINED_MAX));
            List<CompletableFuture<R>> sent = part.stream().map(request).toList();
            sent.forEach(future -> answers.add(answer(future)));
        }
        return answers;
    }

    private static <R> R answer(CompletableFuture<R> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LarderException cause) {
                throw new CacheException(cause.getMessage(), cause);
            }
            throw e;
        }
    }
}

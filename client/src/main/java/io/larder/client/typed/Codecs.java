package io.larder.client.typed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.api.BulkLoader;
import io.larder.client.api.Codec;
import io.larder.client.api.CodecException;
import io.larder.client.api.Entry;
import io.larder.client.api.IfChanged;
import io.larder.client.api.KeyPage;
import io.larder.client.api.KeyResult;
import io.larder.client.api.Loader;
import io.larder.client.api.ScanPage;
import io.larder.client.api.StoredValue;
import io.larder.client.api.WriteResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A cache's two codecs, and what both of its views make with them. Immutable. */
record Codecs<K, V>(Codec<K> keys, Codec<V> values) {
    Codecs {
        Objects.requireNonNull(keys, "keys");
        Objects.requireNonNull(values, "values");
    }

    byte[] key(K key) {
        return keys.toBytes(Objects.requireNonNull(key, "key"));
    }

    static byte[] prefix(String prefix) {
        return prefix.getBytes(UTF_8);
    }

    Optional<V> value(Optional<StoredValue> found) {
        return found.map(values::decode);
    }

    Optional<Entry<V>> entry(Optional<Entry<byte[]>> found) {
        return found.map(this::entry);
    }

    private Entry<V> entry(Entry<byte[]> found) {
        return found.map(bytes -> values.decode(new StoredValue(bytes, found.format())));
    }

    /** {@link #entry(Optional)} of an item that was changed by the same call. */
    Optional<Entry<V>> touchedEntry(Optional<Entry<byte[]>> found) {
        try {
            return entry(found);
        } catch (CodecException e) {
            throw new CodecException("touched, but: " + e.getMessage(), e, true);
        }
    }

    IfChanged<V> ifChanged(IfChanged<byte[]> answer) {
        return answer.entry()
                .map(found -> IfChanged.changed(entry(found)))
                .orElseGet(
                        () -> answer.isUnchanged() ? IfChanged.unchanged() : IfChanged.missing());
    }

    KeyPage<K> page(ScanPage page) {
        return new KeyPage<>(page.keys().stream().map(keys::fromBytes).toList(), page.nextCursor());
    }

    /** The loader of a raw key that asks the user's for this one. */
    Loader<byte[], StoredValue> loader(K key, Loader<K, V> loader) {
        return raw -> loader.load(key).map(values::encode);
    }

    /** Keys to be read together, each once, in their order, and what becomes of the answers. */
    static final class Reading<K, V> {
        private final Codecs<K, V> codecs;
        private final List<K> keys;
        final List<byte[]> rawKeys;

        Reading(Codecs<K, V> codecs, Collection<? extends K> keys) {
            this.codecs = codecs;
            this.keys = new ArrayList<>(new LinkedHashSet<>(keys));
            this.rawKeys = this.keys.stream().map(codecs::key).toList();
        }

        /** The loader of raw keys that asks the user's for those keys. */
        BulkLoader<byte[], StoredValue> loader(BulkLoader<K, V> loader) {
            Map<ByteBuffer, K> byRawKey = new HashMap<>();
            for (int index = 0; index < keys.size(); index++) {
                byRawKey.put(ByteBuffer.wrap(rawKeys.get(index)), keys.get(index));
            }
            return missing ->
                    loader
                            .loadAll(
                                    missing.stream()
                                            .map(raw -> byRawKey.get(ByteBuffer.wrap(raw)))
                                            .toList())
                            .stream()
                            .map(value -> value.map(codecs.values::encode))
                            .toList();
        }

        Map<K, V> result(List<Optional<StoredValue>> found) {
            Map<K, V> result = new LinkedHashMap<>();
            for (int index = 0; index < found.size(); index++) {
                Optional<StoredValue> value = found.get(index);
                if (value.isPresent()) {
                    result.put(keys.get(index), codecs.values.decode(value.get()));
                }
            }
            return Collections.unmodifiableMap(result);
        }
    }

    /** Values to be written together; those that cannot be encoded have failed before. */
    static final class Writing<K, V> {
        private final Map<K, KeyResult<WriteResult>> results = new LinkedHashMap<>();
        private final List<K> sent = new ArrayList<>();
        final List<byte[]> rawKeys = new ArrayList<>();
        final List<StoredValue> rawValues = new ArrayList<>();

        Writing(Codecs<K, V> codecs, Map<? extends K, ? extends V> entries) {
            entries.forEach((key, value) -> add(codecs, key, value));
        }

        private void add(Codecs<K, V> codecs, K key, V value) {
            results.put(key, KeyResult.of(WriteResult.NOT_STORED)); // keeps the place
            try {
                byte[] rawKey = codecs.key(key);
                rawValues.add(codecs.values.encode(value));
                rawKeys.add(rawKey);
                sent.add(key);
            } catch (CodecException e) {
                results.put(key, KeyResult.failed(e));
            }
        }

        Map<K, KeyResult<WriteResult>> result(List<KeyResult<WriteResult>> written) {
            for (int index = 0; index < written.size(); index++) {
                results.put(sent.get(index), written.get(index));
            }
            return Collections.unmodifiableMap(results);
        }
    }

    /**
     * @throws UnsupportedOperationException unless the server can count with the values
     */
    void requireCounter() {
        if (!values.isCounter()) {
            throw unsupported("increment", "Codec.longs()");
        }
    }

    /**
     * @throws UnsupportedOperationException unless bytes after bytes are a value after a value
     */
    void requireAppendable() {
        if (!values.isAppendable()) {
            throw unsupported("append", "Codec.utf8() or Codec.bytes(), not compressed");
        }
    }

    private UnsupportedOperationException unsupported(String operation, String expected) {
        return new UnsupportedOperationException(
                operation + ": the values' codec is " + values + " (expected: " + expected + ")");
    }
}

package io.larder.client.jcache;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/**
 * Where a cache's values come from and go to: the program's loader and writer, as far as it has
 * configured them. What they throw is a {@link CacheLoaderException} or {@link
 * CacheWriterException} here. Any thread; runs the program's code.
 */
final class Origin<K, V> {
    private final @Nullable CacheLoader<K, V> loader;
    private final @Nullable CacheWriter<? super K, ? super V> writer;
    private final boolean isReadThrough;

    Origin(CompleteConfiguration<K, V> configuration) {
        this.loader = made(configuration.getCacheLoaderFactory());
        this.writer =
                configuration.isWriteThrough() ? made(configuration.getCacheWriterFactory()) : null;
        this.isReadThrough = configuration.isReadThrough() && loader != null;
    }

    private static <T> @Nullable T made(@Nullable Factory<T> factory) {
        return factory == null ? null : factory.create();
    }

    /** Whether reads that miss load. */
    boolean isReadThrough() {
        return isReadThrough;
    }

    boolean hasLoader() {
        return loader != null;
    }

    boolean isWriteThrough() {
        return writer != null;
    }

    /** The key's value; null if there is none, or no loader. */
    @Nullable V load(K key) {
        if (loader == null) {
            return null;
        }
        try {
            return loader.load(key);
        } catch (Exception e) {
            throw failedLoad(e);
        }
    }

    /** The values of those keys that have one. */
    Map<K, V> loadAll(Set<K> keys) {
        if (loader == null || keys.isEmpty()) {
            return Map.of();
        }
        try {
            Map<K, V> loaded = new HashMap<>(loader.loadAll(keys));
            loaded.values().removeIf(value -> value == null);
            return loaded;
        } catch (Exception e) {
            throw failedLoad(e);
        }
    }

    static CacheLoaderException failedLoad(Throwable failure) {
        return failure instanceof CacheLoaderException already
                ? already
                : new CacheLoaderException(failure);
    }

    void write(K key, V value) {
        if (writer != null) {
            try {
                writer.write(new Pair<>(key, value));
            } catch (RuntimeException e) {
                throw failedWrite(e);
            }
        }
    }

    void delete(K key) {
        if (writer != null) {
            try {
                writer.delete(key);
            } catch (RuntimeException e) {
                throw failedWrite(e);
            }
        }
    }

    /**
     * Writes many.
     *
     * @param entries those written are taken out; all if it does not throw
     */
    void writeAll(Collection<Cache.Entry<? extends K, ? extends V>> entries) {
        if (writer != null && !entries.isEmpty()) {
            try {
                writeAll(writer, entries);
                entries.clear();
            } catch (RuntimeException e) {
                throw failedWrite(e);
            }
        }
    }

    @SuppressWarnings("unchecked") // the writer only takes out of the collection
    private static <K, V> void writeAll(
            CacheWriter<? super K, ? super V> writer,
            Collection<Cache.Entry<? extends K, ? extends V>> entries) {
        ((CacheWriter<K, V>) writer).writeAll(entries);
    }

    /**
     * Deletes many.
     *
     * @param keys those deleted are taken out; all if it does not throw
     */
    void deleteAll(Collection<K> keys) {
        if (writer != null && !keys.isEmpty()) {
            try {
                writer.deleteAll(keys);
                keys.clear();
            } catch (RuntimeException e) {
                throw failedWrite(e);
            }
        }
    }

    private static CacheWriterException failedWrite(RuntimeException failure) {
        return failure instanceof CacheWriterException already
                ? already
                : new CacheWriterException(failure);
    }

    /** Closes both, if they want to be closed. */
    void close() {
        Closing.close(loader);
        Closing.close(writer);
    }
}

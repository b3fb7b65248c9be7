package io.larder.client.api;

import java.util.List;
import java.util.Optional;

/** Gets the values of many keys at once from where they come from; else as a {@link Loader}. */
@FunctionalInterface
public interface BulkLoader<K, V> {
    /**
     * The keys' values.
     *
     * @param keys those of which the cache has none, each once; unmodifiable
     * @return as many as there are keys, in their order; empty ones where the origin has none
     * @throws Exception if they cannot be had now
     */
    List<Optional<V>> loadAll(List<K> keys) throws Exception;
}

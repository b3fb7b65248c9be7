package io.larder.client.api;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A {@link Loader} that begins to get a value and does not wait for it: no thread is held while it
 * comes.
 */
@FunctionalInterface
public interface AsyncLoader<K, V> {
    /**
     * Begins to get the key's value.
     *
     * @return empty if the origin has none; fails if it cannot be had now
     * @throws Exception if it cannot even be begun; the same as a failed future
     */
    CompletableFuture<Optional<V>> load(K key) throws Exception;
}

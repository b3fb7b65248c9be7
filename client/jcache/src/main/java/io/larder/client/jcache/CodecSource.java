package io.larder.client.jcache;

import io.larder.client.api.Codec;

/**
 * Where the caches of a manager get their codecs from, unless a {@link LarderConfiguration} names
 * them: named by the property {@link LarderCachingProvider#CODECS}, made by its constructor without
 * arguments. Any thread.
 *
 * <p>Without one, types say enough: text and whole numbers are what {@link Codec} makes of them,
 * other scalar types and caches of {@code Object} have bytes that name the type, and other classes
 * are values as JSON.
 */
public interface CodecSource {
    /**
     * The codec of a cache's keys; equal keys must have equal bytes.
     *
     * @param type of the cache's configuration; {@code Object} if it gives none
     * @param loader of the cache manager, for classes that are named in bytes
     * @throws IllegalArgumentException if there is none, saying what to do
     */
    <K> Codec<K> keys(Class<K> type, ClassLoader loader);

    /**
     * The codec of a cache's values.
     *
     * @param type of the cache's configuration; {@code Object} if it gives none
     * @param loader of the cache manager, for classes that are named in bytes
     * @throws IllegalArgumentException if there is none, saying what to do
     */
    <V> Codec<V> values(Class<V> type, ClassLoader loader);
}

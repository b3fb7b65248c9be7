package io.larder.client.jcache;

import javax.cache.Cache;

/** A key and its value, for the program. */
record Pair<K, V>(K key, V value) implements Cache.Entry<K, V> {
    @Override
    public K getKey() {
        return key;
    }

    @Override
    public V getValue() {
        return value;
    }

    @Override
    public <T> T unwrap(Class<T> wanted) {
        return Unwrapping.as(wanted, this);
    }
}

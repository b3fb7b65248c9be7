package io.larder.client.jcache;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Whoever a cache tells of the changes that it makes in this program: synchronous listeners before
 * the operation returns, on its thread; others soon after, on the manager's. Each hears of the
 * changes of one key in their order. What other programs change, and what the server expires or
 * evicts by itself, is not told.
 *
 * <p>Any thread. Locking: called with the key locked; runs the program's code.
 */
final class Listeners<K, V> {
    private final List<Registration<K, V>> registrations = new CopyOnWriteArrayList<>();
    private final Background background;

    Listeners(Background background) {
        this.background = background;
    }

    boolean isEmpty() {
        return registrations.isEmpty();
    }

    void add(CacheEntryListenerConfiguration<K, V> configuration) {
        registrations.add(new Registration<>(configuration));
    }

    void remove(CacheEntryListenerConfiguration<K, V> configuration) {
        List<Registration<K, V>> leaving =
                registrations.stream().filter(one -> one.isOf(configuration)).toList();
        registrations.removeAll(leaving);
        leaving.forEach(Registration::close);
    }

    void created(Cache<K, V> source, K key, V value) {
        publish(source, EventType.CREATED, key, value, null);
    }

    void updated(Cache<K, V> source, K key, V value, V oldValue) {
        publish(source, EventType.UPDATED, key, value, oldValue);
    }

    void removed(Cache<K, V> source, K key, V lastValue) {
        publish(source, EventType.REMOVED, key, lastValue, lastValue);
    }

    void expired(Cache<K, V> source, K key, V lastValue) {
        publish(source, EventType.EXPIRED, key, lastValue, lastValue);
    }

    /** Tells all; of what synchronous listeners throw, the first is thrown in the end. */
    private void publish(Cache<K, V> source, EventType type, K key, V value, @Nullable V oldValue) {
        if (registrations.isEmpty()) {
            return;
        }
        CacheEntryEvent<K, V> event = new EntryEvent<>(source, type, key, value, oldValue);
        RuntimeException failure = null;
        for (Registration<K, V> registration : registrations) {
            try {
                tell(registration, event);
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void tell(Registration<K, V> registration, CacheEntryEvent<K, V> event) {
        if (!registration.wants(event)) {
            return;
        }
        if (registration.isSynchronous()) {
            registration.tell(event);
        } else {
            background.tell(() -> registration.tell(event));
        }
    }

    /** Takes leave of all. */
    void close() {
        registrations.forEach(Registration::close);
        registrations.clear();
    }
}

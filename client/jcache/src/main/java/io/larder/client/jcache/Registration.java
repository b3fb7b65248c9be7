package io.larder.client.jcache;

import java.util.List;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import org.jspecify.annotations.Nullable;

/** One listener of a cache with its filter. Any thread; runs the program's code. */
final class Registration<K, V> {
    private final CacheEntryListenerConfiguration<K, V> configuration;
    private final CacheEntryListener<? super K, ? super V> listener;
    private final @Nullable CacheEntryEventFilter<? super K, ? super V> filter;

    Registration(CacheEntryListenerConfiguration<K, V> configuration) {
        this.configuration = configuration;
        this.listener = configuration.getCacheEntryListenerFactory().create();
        Factory<CacheEntryEventFilter<? super K, ? super V>> filters =
                configuration.getCacheEntryEventFilterFactory();
        this.filter = filters == null ? null : filters.create();
    }

    boolean isOf(CacheEntryListenerConfiguration<K, V> wanted) {
        return configuration.equals(wanted);
    }

    boolean isSynchronous() {
        return configuration.isSynchronous();
    }

    /** Whether the listener listens to such events, and its filter lets this one pass. */
    boolean wants(CacheEntryEvent<K, V> event) {
        boolean listens =
                switch (event.getEventType()) {
                    case CREATED -> listener instanceof CacheEntryCreatedListener;
                    case UPDATED -> listener instanceof CacheEntryUpdatedListener;
                    case REMOVED -> listener instanceof CacheEntryRemovedListener;
                    case EXPIRED -> listener instanceof CacheEntryExpiredListener;
                };
        return listens && (filter == null || filter.evaluate(event));
    }

    /**
     * Tells it.
     *
     * @throws CacheEntryListenerException if it throws an exception
     */
    @SuppressWarnings("unchecked") // a listener of types above K and V takes events of K and V
    void tell(CacheEntryEvent<K, V> event) {
        List<CacheEntryEvent<? extends K, ? extends V>> events = List.of(event);
        try {
            switch (event.getEventType()) {
                case CREATED -> ((CacheEntryCreatedListener<K, V>) listener).onCreated(events);
                case UPDATED -> ((CacheEntryUpdatedListener<K, V>) listener).onUpdated(events);
                case REMOVED -> ((CacheEntryRemovedListener<K, V>) listener).onRemoved(events);
                case EXPIRED -> ((CacheEntryExpiredListener<K, V>) listener).onExpired(events);
            }
        } catch (CacheEntryListenerException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CacheEntryListenerException(e);
        }
    }

    /** Closes both, if they want to be closed. */
    void close() {
        Closing.close(listener);
        Closing.close(filter);
    }
}

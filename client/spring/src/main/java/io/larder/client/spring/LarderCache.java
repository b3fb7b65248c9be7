package io.larder.client.spring;

import io.larder.client.api.BytesCache;
import io.larder.client.api.CodecException;
import io.larder.client.api.LoaderException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.StoredValue;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.support.AbstractValueAdaptingCache;

/**
 * One of Spring's caches: a region, with keys as {@link CacheKeys} writes them and values by a
 * codec. Any thread.
 *
 * <p>Locking: {@code get}, {@code put} and {@code evict} park the calling thread until the server
 * has answered; on threads that must not wait ({@link Waiting}) what is put or evicted is only
 * sent.
 */
/*
 * A value whose bytes make none is a miss: it is counted and removed. A null is JSON's, which no
 * other value of a codec has as its bytes and type.
 *
 * sync = true goes by getOrLoad: of all who miss a key in all programs one runs its method. What was
 * loaded here is given as it is, without a way through bytes.
 */
public final class LarderCache extends AbstractValueAdaptingCache {
    private static final Logger LOG = LoggerFactory.getLogger(LarderCache.class);
    private static final int TRIES_MAX = 10;

    private final String name;
    private final BytesCache bytes;
    private final StoredForm form;
    private final CacheSettings settings;
    private final Availability availability;
    private final LongAdder undecodable = new LongAdder();

    LarderCache(String name, BytesCache bytes, CacheSettings settings, Availability availability) {
        super(settings.storesNulls());
        this.name = name;
        this.bytes = bytes;
        this.form = new StoredForm(settings.values());
        this.settings = settings;
        this.availability = availability;
    }

    @Override
    public String getName() {
        return name;
    }

    /** The region: {@link BytesCache}. */
    @Override
    public BytesCache getNativeCache() {
        return bytes;
    }

    /** Values that could not be decoded, and were removed. */
    public long undecodable() {
        return undecodable.sum();
    }

    // ---- reading ----

    @Override
    protected @Nullable Object lookup(Object key) {
        byte[] raw = CacheKeys.bytes(key);
        Optional<StoredValue> found =
                availability.orElse(() -> bytes.getStored(raw), Optional.empty());
        return found.isEmpty() ? null : decoded(raw, found.get());
    }

    /** The value as it is stored, null's stand-in included; null if the bytes make none. */
    private @Nullable Object decoded(byte[] raw, StoredValue stored) {
        try {
            return form.decode(stored);
        } catch (CodecException e) {
            undecodable.increment();
            LOG.debug("{}: a value that is none is removed", name, e);
            var unused = bytes.async().delete(raw);
            return null;
        }
    }

    @Override
    public CompletableFuture<?> retrieve(Object key) {
        byte[] raw = CacheKeys.bytes(key);
        return bytes.async()
                .getStored(raw)
                .handleAsync(
                        (found, failure) -> failure == null ? wrapped(raw, found) : missed(failure),
                        appsThreads());
    }

    private @Nullable ValueWrapper wrapped(byte[] raw, Optional<StoredValue> found) {
        availability.answered();
        return found.isEmpty() ? null : toValueWrapper(decoded(raw, found.get()));
    }

    private @Nullable ValueWrapper missed(Throwable failure) {
        if (availability.isBorne(failure)) {
            return null;
        }
        throw new CompletionException(failure);
    }

    /** What goes on with a value is the program's: it must not run on the client's event loop. */
    private static ForkJoinPool appsThreads() {
        return ForkJoinPool.commonPool();
    }

    // ---- loading ----

    @Override
    @SuppressWarnings("unchecked") // what the cache has under the key is the caller's to know
    public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
        byte[] raw = CacheKeys.bytes(key);
        try {
            Object loaded = getOrLoad(raw, valueLoader);
            return (T) (loaded != null ? fromStoreValue(loaded) : null);
        } catch (LoaderException e) {
            throw new ValueRetrievalException(key, valueLoader, e.getCause());
        }
    }

    private @Nullable Object getOrLoad(byte[] raw, Callable<?> valueLoader) {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            Loading own = new Loading();
            Optional<StoredValue> found =
                    bytes.getOrLoadStored(
                            raw, settings.loading(), any -> own.loaded(valueLoader.call()));
            if (own.isDone) {
                own.afterwards(raw);
                return own.value;
            }
            Object value = found.isEmpty() ? null : decoded(raw, found.get());
            if (value != null) {
                return value;
            }
        }
        throw undecodableByAll();
    }

    @Override
    public <T> CompletableFuture<T> retrieve(
            Object key, Supplier<CompletableFuture<T>> valueLoader) {
        byte[] raw = CacheKeys.bytes(key);
        CompletableFuture<T> result = new CompletableFuture<>();
        retrieve(raw, valueLoader, result, TRIES_MAX);
        return result;
    }

    private <T> void retrieve(
            byte[] raw,
            Supplier<CompletableFuture<T>> valueLoader,
            CompletableFuture<T> result,
            int triesLeft) {
        Loading own = new Loading();
        var unused =
                bytes.async()
                        .getOrLoadStoredAsync(
                                raw,
                                settings.loading(),
                                any -> valueLoader.get().thenApply(own::loaded))
                        .whenCompleteAsync(
                                (found, failure) -> {
                                    if (failure != null) {
                                        result.completeExceptionally(reason(failure));
                                    } else if (!isGiven(raw, own, found, result)) {
                                        again(raw, valueLoader, result, triesLeft - 1);
                                    }
                                },
                                appsThreads());
    }

    /** Gives what was loaded here or found; false if that cannot be decoded. */
    @SuppressWarnings("unchecked") // what the cache has under the key is the caller's to know
    private <T> boolean isGiven(
            byte[] raw, Loading own, Optional<StoredValue> found, CompletableFuture<T> result) {
        if (own.isDone) {
            own.afterwards(raw);
            result.complete((T) own.plain());
            return true;
        }
        Object value = found.isEmpty() ? null : decoded(raw, found.get());
        if (value != null) {
            result.complete((T) fromStoreValue(value));
        }
        return value != null;
    }

    private <T> void again(
            byte[] raw,
            Supplier<CompletableFuture<T>> valueLoader,
            CompletableFuture<T> result,
            int triesLeft) {
        if (triesLeft > 0) {
            retrieve(raw, valueLoader, result, triesLeft);
        } else {
            result.completeExceptionally(undecodableByAll());
        }
    }

    private IllegalStateException undecodableByAll() {
        return new IllegalStateException(
                name + ": others store values that this program cannot decode");
    }

    private static Throwable reason(Throwable failure) {
        Throwable cause = failure instanceof LoaderException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }

    /** What a call of this program has loaded, if the load fell to it. */
    private final class Loading {
        private volatile boolean isDone;
        private @Nullable Object value; // null's stand-in for a null; written before isDone

        Optional<StoredValue> loaded(@Nullable Object result) {
            Object stored = result == null ? null : toStoreValue(result);
            if (result == null && isAllowNullValues()) {
                stored = toStoreValue(null);
            }
            value = stored;
            isDone = true;
            return stored == null ? Optional.empty() : Optional.of(form.encode(stored));
        }

        @Nullable Object plain() {
            return value == null ? null : fromStoreValue(value);
        }

        /** A null that was stored with the values' TTL has its own. */
        void afterwards(byte[] raw) {
            Duration nullTtl = settings.nullTtl();
            if (nullTtl != null && value != null && plain() == null) {
                var unused = bytes.async().touch(raw, Ttl.of(nullTtl));
            }
        }
    }

    // ---- changing ----

    @Override
    public void put(Object key, @Nullable Object value) {
        byte[] raw = CacheKeys.bytes(key);
        StoredValue stored = form.encode(toStoreValue(value));
        PutOptions options = value == null ? settings.puttingNull() : settings.putting();
        if (Waiting.isAllowed()) {
            var unused =
                    availability.orElse(
                            () -> bytes.putStored(raw, stored, options), WriteResult.NOT_STORED);
        } else {
            var unused =
                    bytes.async()
                            .putStored(raw, stored, options)
                            .whenComplete((result, failure) -> sent(failure));
        }
    }

    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        byte[] raw = CacheKeys.bytes(key);
        StoredValue stored = form.encode(toStoreValue(value));
        PutOptions options =
                (value == null ? settings.puttingNull() : settings.putting()).onlyIfAbsent();
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            WriteResult result =
                    availability.orElse(
                            () -> bytes.putStored(raw, stored, options), WriteResult.NOT_STORED);
            if (!result.equals(WriteResult.EXISTS)) {
                return null;
            }
            ValueWrapper present = get(key);
            if (present != null) {
                return present;
            }
        }
        throw new IllegalStateException(name + ": the key comes and goes too often");
    }

    @Override
    public void evict(Object key) {
        evictIfPresent(key);
    }

    /** Whether there was one; on a thread that must not wait, true: nobody knows. */
    @Override
    public boolean evictIfPresent(Object key) {
        byte[] raw = CacheKeys.bytes(key);
        if (Waiting.isAllowed()) {
            return bytes.delete(raw);
        }
        var unused = bytes.async().delete(raw).whenComplete((result, failure) -> sent(failure));
        return true;
    }

    /** Empties the region, in the same short time however much is in it. */
    @Override
    public void clear() {
        if (Waiting.isAllowed()) {
            bytes.clear();
        } else {
            var unused = bytes.async().clear().whenComplete((result, failure) -> sent(failure));
        }
    }

    private void sent(@Nullable Throwable failure) {
        if (failure == null) {
            availability.answered();
        } else if (!availability.isBorne(failure)) {
            LOG.warn("{}: a change that nobody waited for has failed", name, failure);
        }
    }
}

package io.larder.client.near;

import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.AsyncLoader;
import io.larder.client.api.BulkLoader;
import io.larder.client.api.Entry;
import io.larder.client.api.IfChanged;
import io.larder.client.api.KeyResult;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.Loader;
import io.larder.client.api.NearStats;
import io.larder.client.api.PutOptions;
import io.larder.client.api.RegionStats;
import io.larder.client.api.ScanPage;
import io.larder.client.api.StoredValue;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult;
import io.larder.client.net.LayeredCall;
import io.larder.client.net.TrackingCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A region read through copies of its values. Reads of one or many keys ask the copies first; all
 * else goes to the server, and ends the copies that it may have made old before its future
 * completes. Misses are not kept. Any thread.
 */
final class NearAsyncCache implements AsyncBytesCache {
    /** Keys of one {@link #getAll} that are kept; where more are missing, none of them is. */
    private static final int KEPT_TOGETHER_MAX = 256;

    private final NearCache near;
    private final TrackingCache region;

    NearAsyncCache(NearCache near, TrackingCache region) {
        this.near = near;
        this.region = region;
    }

    @Override
    public String region() {
        return region.region();
    }

    @Override
    public Optional<NearStats> nearStats() {
        return Optional.of(near.copies().stats());
    }

    @Override
    public CompletableFuture<RegionStats> stats() {
        return region.stats();
    }

    @Override
    public AsyncBytesCache withTimeout(Duration timeout) {
        return new NearAsyncCache(near, region.withTimeout(timeout));
    }

    @Override
    public CompletableFuture<Optional<byte[]>> get(byte[] key) {
        Copy copy = find(key, System.nanoTime());
        return copy != null
                ? CompletableFuture.completedFuture(Optional.of(copy.value()))
                : LayeredCall.map(fetch(key), found -> found.map(Entry::value));
    }

    @Override
    public CompletableFuture<Optional<StoredValue>> getStored(byte[] key) {
        Copy copy = find(key, System.nanoTime());
        return copy != null
                ? CompletableFuture.completedFuture(Optional.of(copy.stored()))
                : LayeredCall.map(fetch(key), found -> found.map(NearAsyncCache::stored));
    }

    private static StoredValue stored(Entry<byte[]> entry) {
        return new StoredValue(entry.value(), entry.format());
    }

    @Override
    public CompletableFuture<Optional<Entry<byte[]>>> getEntry(byte[] key) {
        long nowNanos = System.nanoTime();
        Copy copy = find(key, nowNanos);
        return copy != null
                ? CompletableFuture.completedFuture(Optional.of(copy.entry(nowNanos)))
                : fetch(key);
    }

    private @Nullable Copy find(byte[] key, long nowNanos) {
        return near.copies().find(new CopyKey(key), region.serverOf(key), nowNanos);
    }

    private CompletableFuture<Optional<Entry<byte[]>>> fetch(byte[] key) {
        Source source = near.sourceOf(region, key);
        CopyKey own = new CopyKey(key).copy();
        long token = source.token(own);
        boolean isKept = source.server().tellsChanges();
        long askedNanos = System.nanoTime();
        CompletableFuture<Optional<Entry<byte[]>>> answer = region.getTracked(source.server(), key);
        return !isKept
                ? answer
                : LayeredCall.map(
                        answer,
                        found -> {
                            found.ifPresent(
                                    entry ->
                                            near.copies()
                                                    .fill(own, source, token, askedNanos, entry));
                            return found;
                        });
    }

    @Override
    public CompletableFuture<List<Optional<byte[]>>> getAll(List<byte[]> keys) {
        return getAll(keys, Copy::value, Entry::value, region::getAll);
    }

    @Override
    public CompletableFuture<List<Optional<StoredValue>>> getAllStored(List<byte[]> keys) {
        return getAll(keys, Copy::stored, NearAsyncCache::stored, region::getAllStored);
    }

    private <T> CompletableFuture<List<Optional<T>>> getAll(
            List<byte[]> keys,
            Function<Copy, T> ofCopy,
            Function<Entry<byte[]>, T> ofEntry,
            Function<List<byte[]>, CompletableFuture<List<Optional<T>>>> unkept) {
        long nowNanos = System.nanoTime();
        List<Optional<T>> values = new ArrayList<>(keys.size());
        List<byte[]> missing = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (byte[] key : keys) {
            Copy copy = find(key, nowNanos);
            if (copy == null) {
                missing.add(key);
                places.add(values.size());
            }
            values.add(Optional.ofNullable(copy).map(ofCopy));
        }
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(values);
        }
        CompletableFuture<List<Optional<T>>> answer =
                missing.size() > KEPT_TOGETHER_MAX
                        ? unkept.apply(missing)
                        : fetchAll(missing, ofEntry);
        return LayeredCall.map(
                answer,
                found -> {
                    for (int i = 0; i < found.size(); i++) {
                        values.set(places.get(i), found.get(i));
                    }
                    return values;
                });
    }

    private <T> CompletableFuture<List<Optional<T>>> fetchAll(
            List<byte[]> keys, Function<Entry<byte[]>, T> ofEntry) {
        AtomicReferenceArray<Optional<T>> values = new AtomicReferenceArray<>(keys.size());
        AtomicInteger unanswered = new AtomicInteger(keys.size());
        CompletableFuture<List<Optional<T>>> all = new CompletableFuture<>();
        for (int i = 0; i < keys.size(); i++) {
            int place = i;
            var unused =
                    fetch(keys.get(i))
                            .whenComplete(
                                    (found, failure) -> {
                                        if (failure != null) {
                                            all.completeExceptionally(failure);
                                            return;
                                        }
                                        values.set(place, found.map(ofEntry));
                                        if (unanswered.decrementAndGet() == 0) {
                                            all.complete(listOf(values));
                                        }
                                    });
        }
        return all;
    }

    private static <T> List<Optional<T>> listOf(AtomicReferenceArray<Optional<T>> values) {
        List<Optional<T>> list = new ArrayList<>(values.length());
        for (int i = 0; i < values.length(); i++) {
            list.add(values.get(i));
        }
        return list;
    }

    @Override
    public CompletableFuture<Optional<byte[]>> getOrLoad(
            byte[] key, LoadOptions options, Loader<byte[], byte[]> loader) {
        return LayeredCall.map(
                getOrLoadStored(key, options, it -> loader.load(it).map(StoredValue::raw)),
                found -> found.map(StoredValue::bytes));
    }

    @Override
    public CompletableFuture<Optional<StoredValue>> getOrLoadStored(
            byte[] key, LoadOptions options, Loader<byte[], StoredValue> loader) {
        return copyOrLoad(key, options, own -> region.getOrLoadStored(own, options, loader));
    }

    @Override
    public CompletableFuture<Optional<StoredValue>> getOrLoadStoredAsync(
            byte[] key, LoadOptions options, AsyncLoader<byte[], StoredValue> loader) {
        return copyOrLoad(key, options, own -> region.getOrLoadStoredAsync(own, options, loader));
    }

    /** A copy does not know when its value is to be loaded anew: then it is the server's matter. */
    private CompletableFuture<Optional<StoredValue>> copyOrLoad(
            byte[] key,
            LoadOptions options,
            Function<byte[], CompletableFuture<Optional<StoredValue>>> load) {
        if (options.storing().softTtl() != null) {
            return load.apply(key);
        }
        byte[] own = key.clone();
        CompletableFuture<Optional<StoredValue>> value = new CompletableFuture<>();
        var unused =
                getStored(own)
                        .whenComplete(
                                (found, failure) -> {
                                    if (failure == null && found.isPresent()) {
                                        value.complete(found);
                                    } else {
                                        load(own, load, value);
                                    }
                                });
        return value;
    }

    private static void load(
            byte[] key,
            Function<byte[], CompletableFuture<Optional<StoredValue>>> load,
            CompletableFuture<Optional<StoredValue>> value) {
        var unused =
                load.apply(key)
                        .whenComplete(
                                (loaded, failure) -> {
                                    if (failure == null) {
                                        value.complete(loaded);
                                    } else {
                                        value.completeExceptionally(failure);
                                    }
                                });
    }

    @Override
    public CompletableFuture<List<Optional<StoredValue>>> getOrLoadAllStored(
            List<byte[]> keys, LoadOptions options, BulkLoader<byte[], StoredValue> loader) {
        return region.getOrLoadAllStored(keys, options, loader);
    }

    @Override
    public CompletableFuture<IfChanged<byte[]>> getIfChanged(byte[] key, long knownVersion) {
        return region.getIfChanged(key, knownVersion);
    }

    @Override
    public CompletableFuture<Optional<Entry<byte[]>>> getAndTouch(byte[] key, Ttl ttl) {
        return ending(key, () -> region.getAndTouch(key, ttl));
    }

    @Override
    public CompletableFuture<WriteResult> putStored(
            byte[] key, StoredValue value, PutOptions options) {
        return ending(key, () -> region.putStored(key, value, options));
    }

    @Override
    public CompletableFuture<List<KeyResult<WriteResult>>> putAll(
            List<byte[]> keys, List<StoredValue> values, PutOptions options) {
        List<byte[]> own = keys.stream().map(byte[]::clone).toList();
        return LayeredCall.after(
                region.putAll(keys, values, options), () -> own.forEach(this::forget));
    }

    private void forget(byte[] key) {
        near.sourceOf(region, key).forget(new CopyKey(key));
    }

    @Override
    public CompletableFuture<Boolean> delete(byte[] key) {
        return ending(key, () -> region.delete(key));
    }

    @Override
    public CompletableFuture<WriteResult> deleteIfVersion(byte[] key, long expectedVersion) {
        return ending(key, () -> region.deleteIfVersion(key, expectedVersion));
    }

    @Override
    public CompletableFuture<Boolean> touch(byte[] key, Ttl ttl) {
        return ending(key, () -> region.touch(key, ttl));
    }

    @Override
    public CompletableFuture<OptionalLong> increment(byte[] key, long delta) {
        return ending(key, () -> region.increment(key, delta));
    }

    @Override
    public CompletableFuture<Long> increment(byte[] key, long delta, long initial, Ttl ttl) {
        return ending(key, () -> region.increment(key, delta, initial, ttl));
    }

    @Override
    public CompletableFuture<WriteResult> append(byte[] key, byte[] suffix) {
        return ending(key, () -> region.append(key, suffix));
    }

    @Override
    public CompletableFuture<WriteResult> prepend(byte[] key, byte[] prefix) {
        return ending(key, () -> region.prepend(key, prefix));
    }

    @Override
    public CompletableFuture<ScanPage> scan(byte[] prefix, long cursor, int count) {
        return region.scan(prefix, cursor, count);
    }

    @Override
    public CompletableFuture<ScanPage> scanFrom(byte[] startKey, byte[] prefix, int count) {
        return region.scanFrom(startKey, prefix, count);
    }

    @Override
    public CompletableFuture<@Nullable Void> clear() {
        return LayeredCall.after(region.clear(), near::forgetAll);
    }

    @Override
    public CompletableFuture<@Nullable Void> invalidateTag(String tag) {
        return LayeredCall.after(region.invalidateTag(tag), near::forgetAll);
    }

    @Override
    public CompletableFuture<@Nullable Void> invalidatePrefix(byte[] prefix) {
        return LayeredCall.after(region.invalidatePrefix(prefix), near::forgetAll);
    }

    /**
     * A write: whatever becomes of it, the copy ends before its future completes. A value that a
     * read under way brings later, of before the write, is not kept: the token is another one.
     */
    private <T> CompletableFuture<T> ending(byte[] key, Supplier<CompletableFuture<T>> write) {
        Source source = near.sourceOf(region, key);
        CopyKey own = new CopyKey(key).copy();
        return LayeredCall.after(write.get(), () -> source.forget(own));
    }
}

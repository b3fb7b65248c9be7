package io.larder.client.net;

import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.BulkLoader;
import io.larder.client.api.BytesCache;
import io.larder.client.api.CallInterruptedException;
import io.larder.client.api.Entry;
import io.larder.client.api.IfChanged;
import io.larder.client.api.KeyResult;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.Loader;
import io.larder.client.api.PutOptions;
import io.larder.client.api.RegionStats;
import io.larder.client.api.ScanPage;
import io.larder.client.api.StoredValue;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The blocking view of one region: each operation is an asynchronous one that is waited for. */
final class RemoteCache implements BytesCache {
    private final AsyncBytesCache async; // as users get it: rejects when the window is full
    private final AsyncBytesCache patient; // the same, but waits for the window
    private final Waiter waiter;

    RemoteCache(RemoteAsyncCache async) {
        this(async, async.with(Admission.WAIT), new Waiter(async.router(), async.timeoutNanos()));
    }

    /**
     * @param async as users get it
     * @param patient the same, but waits for the window
     */
    RemoteCache(AsyncBytesCache async, AsyncBytesCache patient, Waiter waiter) {
        this.async = async;
        this.patient = patient;
        this.waiter = waiter;
    }

    @Override
    public AsyncBytesCache async() {
        return async;
    }

    @Override
    public BytesCache withTimeout(Duration timeout) {
        return new RemoteCache(
                async.withTimeout(timeout),
                patient.withTimeout(timeout),
                waiter.withTimeout(timeout));
    }

    @Override
    public Optional<byte[]> get(byte[] key) {
        waiter.requireMayWait();
        return waiter.await(patient.get(key));
    }

    @Override
    public Optional<StoredValue> getStored(byte[] key) {
        waiter.requireMayWait();
        return waiter.await(patient.getStored(key));
    }

    @Override
    public Optional<Entry<byte[]>> getEntry(byte[] key) {
        waiter.requireMayWait();
        return waiter.await(patient.getEntry(key));
    }

    @Override
    public IfChanged<byte[]> getIfChanged(byte[] key, long knownVersion) {
        waiter.requireMayWait();
        return waiter.await(patient.getIfChanged(key, knownVersion));
    }

    @Override
    public List<Optional<byte[]>> getAll(List<byte[]> keys) {
        waiter.requireMayWait();
        return waiter.await(patient.getAll(keys));
    }

    @Override
    public List<Optional<StoredValue>> getAllStored(List<byte[]> keys) {
        waiter.requireMayWait();
        return waiter.await(patient.getAllStored(keys));
    }

    @Override
    public Optional<byte[]> getOrLoad(
            byte[] key, LoadOptions options, Loader<byte[], byte[]> loader) {
        return load(options, here -> patient.getOrLoad(key, here, loader));
    }

    @Override
    public Optional<StoredValue> getOrLoadStored(
            byte[] key, LoadOptions options, Loader<byte[], StoredValue> loader) {
        return load(options, here -> patient.getOrLoadStored(key, here, loader));
    }

    @Override
    public List<Optional<StoredValue>> getOrLoadAllStored(
            List<byte[]> keys, LoadOptions options, BulkLoader<byte[], StoredValue> loader) {
        return load(options, here -> patient.getOrLoadAllStored(keys, here, loader));
    }

    /** Waits for a call whose loader, if it falls to it, runs here. */
    private <T> T load(LoadOptions options, Function<LoadOptions, CompletableFuture<T>> call) {
        waiter.requireMayWait();
        CallingThread here = new CallingThread(waiter.router().loads().executorOf(options));
        CompletableFuture<T> future = call.apply(options.executor(here));
        try {
            here.runUntilDone(future);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException("interrupted while waiting for a load", e, false);
        }
        return waiter.await(future);
    }

    @Override
    public Optional<Entry<byte[]>> getAndTouch(byte[] key, Ttl ttl) {
        waiter.requireMayWait();
        return waiter.await(patient.getAndTouch(key, ttl));
    }

    @Override
    public WriteResult putStored(byte[] key, StoredValue value, PutOptions options) {
        waiter.requireMayWait();
        return waiter.await(patient.putStored(key, value, options));
    }

    @Override
    public List<KeyResult<WriteResult>> putAll(
            List<byte[]> keys, List<StoredValue> values, PutOptions options) {
        waiter.requireMayWait();
        return waiter.await(patient.putAll(keys, values, options));
    }

    @Override
    public boolean delete(byte[] key) {
        waiter.requireMayWait();
        return waiter.await(patient.delete(key));
    }

    @Override
    public WriteResult deleteIfVersion(byte[] key, long expectedVersion) {
        waiter.requireMayWait();
        return waiter.await(patient.deleteIfVersion(key, expectedVersion));
    }

    @Override
    public boolean touch(byte[] key, Ttl ttl) {
        waiter.requireMayWait();
        return waiter.await(patient.touch(key, ttl));
    }

    @Override
    public OptionalLong increment(byte[] key, long delta) {
        waiter.requireMayWait();
        return waiter.await(patient.increment(key, delta));
    }

    @Override
    public long increment(byte[] key, long delta, long initial, Ttl ttl) {
        waiter.requireMayWait();
        return waiter.await(patient.increment(key, delta, initial, ttl));
    }

    @Override
    public WriteResult append(byte[] key, byte[] suffix) {
        waiter.requireMayWait();
        return waiter.await(patient.append(key, suffix));
    }

    @Override
    public WriteResult prepend(byte[] key, byte[] prefix) {
        waiter.requireMayWait();
        return waiter.await(patient.prepend(key, prefix));
    }

    @Override
    public ScanPage scan(byte[] prefix, long cursor, int count) {
        waiter.requireMayWait();
        return waiter.await(patient.scan(prefix, cursor, count));
    }

    @Override
    public ScanPage scanFrom(byte[] startKey, byte[] prefix, int count) {
        waiter.requireMayWait();
        return waiter.await(patient.scanFrom(startKey, prefix, count));
    }

    @Override
    public RegionStats stats() {
        waiter.requireMayWait();
        return waiter.await(patient.stats());
    }

    @Override
    public void clear() {
        waiter.requireMayWait();
        waiter.await(patient.clear());
    }

    @Override
    public void invalidateTag(String tag) {
        waiter.requireMayWait();
        waiter.await(patient.invalidateTag(tag));
    }

    @Override
    public void invalidatePrefix(byte[] prefix) {
        waiter.requireMayWait();
        waiter.await(patient.invalidatePrefix(prefix));
    }
}

package io.larder.server.embedded;

import static java.util.Objects.requireNonNull;

import io.larder.server.embedded.Carrier.Showing;
import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionTable;
import io.larder.server.store.Clock;
import io.larder.server.store.ItemView;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.Mutation.Presence;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.ValueSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The map of one region of a store. Owns nothing. */
public final class RegionMap implements LarderMap {
    private static final int READ_AHEAD = 16;

    /**
     * Who does parallel walks.
     *
     * @param executor the workers
     * @param threads how many there are
     */
    public record Workers(Executor executor, int threads) {}

    private final ShardedStore store;
    private final Clock clock;
    private final RegionTable regions;
    private final int regionId;
    private final Workers workers;
    private final RegionAccess region;
    private final Updates updates;

    /** The map of the region of this id. */
    public RegionMap(
            ShardedStore store, Clock clock, RegionTable regions, int regionId, Workers workers) {
        this.store = store;
        this.clock = clock;
        this.regions = regions;
        this.regionId = regionId;
        this.workers = workers;
        this.region = new RegionAccess(store, clock, regions, regionId);
        this.updates = new Updates(region);
    }

    // ---- reading

    @Override
    public byte @Nullable [] get(byte[] key) {
        Carrier carrier = Carrier.take();
        try {
            region.wrap(carrier.mutation, key);
            return read(carrier, carrier.mutation.key);
        } finally {
            carrier.release();
        }
    }

    private byte @Nullable [] read(Carrier carrier, Key key) {
        ReadStatus status = store.get(key, clock.nowMillis(), carrier.reading);
        return status == ReadStatus.HIT ? carrier.reading.value : null;
    }

    @Override
    public boolean get(byte[] key, int offset, int length, ValueSink sink) {
        Carrier carrier = Carrier.take();
        try {
            Key wrapped =
                    carrier.mutation.key.wrap(store.hasher(), region.space(), key, offset, length);
            Showing showing = carrier.showing.to(sink);
            ReadStatus status = store.get(wrapped, clock.nowMillis(), showing);
            return status == ReadStatus.HIT && !showing.isNegative();
        } finally {
            carrier.release();
        }
    }

    @Override
    public @Nullable Entry getEntry(byte[] key) {
        Carrier carrier = Carrier.take();
        try {
            region.wrap(carrier.mutation, key);
            long nowMillis = clock.nowMillis();
            @Nullable Entry[] entry = new @Nullable Entry[1];
            ReadStatus status =
                    store.get(
                            carrier.mutation.key,
                            nowMillis,
                            item ->
                                    entry[0] =
                                            item.negative()
                                                    ? null
                                                    : Entry.of(key.clone(), item, nowMillis));
            return status == ReadStatus.HIT ? entry[0] : null;
        } finally {
            carrier.release();
        }
    }

    @Override
    public boolean containsKey(byte[] key) {
        return get(key, PRESENCE);
    }

    private static final ValueSink PRESENCE =
            new ValueSink() {
                @Override
                public void accept(ItemView item) {}

                @Override
                public boolean countsAsUse() {
                    return false;
                }
            };

    @Override
    public List<byte @Nullable []> getAll(List<byte[]> keys) {
        Carrier carrier = Carrier.take();
        try {
            List<byte @Nullable []> values = new ArrayList<>(keys.size());
            for (int from = 0; from < keys.size(); from += READ_AHEAD) {
                int to = Math.min(keys.size(), from + READ_AHEAD);
                Key[] wrapped = wrapAll(keys.subList(from, to));
                for (int pass = 0; pass < 2; pass++) {
                    for (Key key : wrapped) {
                        store.prefetch(key, pass);
                    }
                }
                for (Key key : wrapped) {
                    values.add(read(carrier, key));
                }
            }
            return values;
        } finally {
            carrier.release();
        }
    }

    private Key[] wrapAll(List<byte[]> keys) {
        Key[] wrapped = new Key[keys.size()];
        for (int i = 0; i < wrapped.length; i++) {
            wrapped[i] = new Key().wrap(store.hasher(), region.space(), keys.get(i));
        }
        return wrapped;
    }

    // ---- writing

    @Override
    public void put(byte[] key, byte[] value) {
        put(key, value, region.expiryMillis(null), Presence.ANY);
    }

    @Override
    public void put(byte[] key, byte[] value, Duration timeToLive) {
        put(key, value, region.expiryMillis(requireNonNull(timeToLive)), Presence.ANY);
    }

    private boolean put(byte[] key, byte[] value, long expiryMillis, Presence presence) {
        Carrier carrier = Carrier.take();
        try {
            Mutation mutation = carrier.mutation;
            mutation.presence = presence;
            region.wrap(mutation, key);
            return put(mutation, value, expiryMillis);
        } finally {
            carrier.release();
        }
    }

    private boolean put(Mutation mutation, byte[] value, long expiryMillis) {
        mutation.value.wrap(value, 0, value.length);
        mutation.expiryMillis = expiryMillis;
        return region.isDone(store.put(mutation, clock.nowMillis()), mutation);
    }

    @Override
    public void put(
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength,
            long timeToLiveMillis) {
        long expiryMillis = region.expiryMillis(timeToLiveMillis);
        Carrier carrier = Carrier.take();
        try {
            Mutation mutation = carrier.mutation;
            mutation.key.wrap(store.hasher(), region.space(), key, keyOffset, keyLength);
            mutation.value.wrap(value, valueOffset, valueLength);
            mutation.expiryMillis = expiryMillis;
            region.isDone(store.put(mutation, clock.nowMillis()), mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public void putAll(Map<byte[], byte[]> entries) {
        long expiryMillis = region.expiryMillis(null);
        List<Map.Entry<byte[], byte[]>> ordered = new ArrayList<>(entries.entrySet());
        inOrderOfShards(ordered, Map.Entry::getKey);
        for (Map.Entry<byte[], byte[]> entry : ordered) {
            put(entry.getKey(), entry.getValue(), expiryMillis, Presence.ANY);
        }
    }

    /** Sorts by hash, whose topmost bits are the shard. */
    private <T> void inOrderOfShards(List<T> elements, Function<T, byte[]> keyOf) {
        record Hashed<T>(long hash, T element) {}
        List<Hashed<T>> hashed = new ArrayList<>(elements.size());
        Key key = new Key();
        for (T element : elements) {
            long hash = key.wrap(store.hasher(), region.space(), keyOf.apply(element)).hash();
            hashed.add(new Hashed<>(hash, element));
        }
        hashed.sort((left, right) -> Long.compareUnsigned(left.hash(), right.hash()));
        for (int i = 0; i < hashed.size(); i++) {
            elements.set(i, hashed.get(i).element());
        }
    }

    @Override
    public boolean putIfAbsent(byte[] key, byte[] value) {
        return put(key, value, region.expiryMillis(null), Presence.ABSENT);
    }

    @Override
    public boolean putIfAbsent(byte[] key, byte[] value, Duration timeToLive) {
        return put(key, value, region.expiryMillis(requireNonNull(timeToLive)), Presence.ABSENT);
    }

    @Override
    public boolean replace(byte[] key, byte[] value) {
        return put(key, value, region.expiryMillis(null), Presence.PRESENT);
    }

    @Override
    public boolean replace(byte[] key, long expectedVersion, byte[] value) {
        long expiryMillis = region.expiryMillis(null);
        Carrier carrier = Carrier.take();
        try {
            region.wrap(carrier.mutation, key);
            expect(carrier.mutation, expectedVersion);
            return put(carrier.mutation, value, expiryMillis);
        } finally {
            carrier.release();
        }
    }

    private static void expect(Mutation mutation, long expectedVersion) {
        mutation.presence = Presence.PRESENT;
        mutation.ifVersion = true;
        mutation.expectedVersion = expectedVersion;
    }

    @Override
    public boolean remove(byte[] key) {
        Carrier carrier = Carrier.take();
        try {
            region.wrap(carrier.mutation, key);
            return region.isDone(
                    store.delete(carrier.mutation, clock.nowMillis()), carrier.mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public boolean remove(byte[] key, long expectedVersion) {
        Carrier carrier = Carrier.take();
        try {
            region.wrap(carrier.mutation, key);
            expect(carrier.mutation, expectedVersion);
            return region.isDone(
                    store.delete(carrier.mutation, clock.nowMillis()), carrier.mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public long removeAll(Collection<byte[]> keys) {
        List<byte[]> ordered = new ArrayList<>(keys);
        inOrderOfShards(ordered, key -> key);
        return ordered.stream().filter(this::remove).count();
    }

    @Override
    public boolean touch(byte[] key, Duration timeToLive) {
        long expiryMillis = region.expiryMillis(requireNonNull(timeToLive));
        Carrier carrier = Carrier.take();
        try {
            region.wrap(carrier.mutation, key);
            carrier.mutation.expiryMillis = expiryMillis;
            return region.isDone(
                    store.touch(carrier.mutation, clock.nowMillis(), null), carrier.mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public boolean append(byte[] key, byte[] suffix) {
        return extend(key, suffix, true);
    }

    @Override
    public boolean prepend(byte[] key, byte[] prefix) {
        return extend(key, prefix, false);
    }

    private boolean extend(byte[] key, byte[] added, boolean atEnd) {
        Carrier carrier = Carrier.take();
        try {
            Mutation mutation = carrier.mutation;
            region.wrap(mutation, key);
            mutation.value.wrap(added, 0, added.length);
            return region.isDone(store.append(mutation, atEnd, clock.nowMillis()), mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public long increment(byte[] key, long delta) {
        long expiryMillis = region.expiryMillis(null);
        Carrier carrier = Carrier.take();
        try {
            Mutation mutation = carrier.mutation;
            region.wrap(mutation, key);
            mutation.delta = delta;
            mutation.createIfAbsent = true;
            mutation.keepExpiry = true;
            mutation.expiryMillis = expiryMillis;
            region.isDone(store.increment(mutation, clock.nowMillis()), mutation);
            return mutation.number;
        } finally {
            carrier.release();
        }
    }

    // ---- functions

    @Override
    public byte[] getOrInsert(byte[] key, byte[] value) {
        return getOrInsert(key, () -> value);
    }

    @Override
    public byte[] getOrInsert(byte[] key, Supplier<byte[]> supplier) {
        byte[] present = get(key);
        return present != null
                ? present
                : requireNonNull(
                        compute(
                                key,
                                entry ->
                                        entry == null
                                                ? Change.put(supplier.get())
                                                : Change.keep()));
    }

    @Override
    public byte @Nullable [] compute(
            byte[] key, Function<? super @Nullable Entry, Change> function) {
        return updates.compute(key, function);
    }

    @Override
    public byte @Nullable [] alter(byte[] key, Function<? super Entry, Change> function) {
        return updates.alter(key, function);
    }

    @Override
    public void swap(byte[] left, byte[] right) {
        updates.swap(left, right);
    }

    @Override
    public void updateAll(
            List<byte[]> keys, Function<? super List<@Nullable Entry>, List<Change>> function) {
        updates.updateAll(keys, function);
    }

    // ---- giving up

    @Override
    public Outcome tryPut(byte[] key, byte[] value, Duration timeout) {
        long expiryMillis = region.expiryMillis(null);
        Carrier carrier = Carrier.take();
        try {
            Mutation mutation = carrier.mutation;
            mutation.lockNanosMax = RegionAccess.nanos(timeout);
            region.wrap(mutation, key);
            mutation.value.wrap(value, 0, value.length);
            mutation.expiryMillis = expiryMillis;
            return region.outcome(store.put(mutation, clock.nowMillis()), mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public Outcome tryRemove(byte[] key, Duration timeout) {
        Carrier carrier = Carrier.take();
        try {
            Mutation mutation = carrier.mutation;
            mutation.lockNanosMax = RegionAccess.nanos(timeout);
            region.wrap(mutation, key);
            return region.outcome(store.delete(mutation, clock.nowMillis()), mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public Outcome tryCompute(
            byte[] key, Duration timeout, Function<? super @Nullable Entry, Change> function) {
        return updates.tryCompute(key, timeout, function);
    }

    @Override
    public Outcome tryUpdateAll(
            List<byte[]> keys,
            Duration timeout,
            Function<? super List<@Nullable Entry>, List<Change>> function) {
        return updates.tryUpdateAll(keys, timeout, function);
    }

    // ---- all entries

    private Walk walk() {
        return new Walk(store, clock, region.space());
    }

    @Override
    public Iterator<Entry> iterator() {
        return walk().iterator(entry -> remove(entry.key(), entry.version()));
    }

    private boolean isParallel(long parallelismThreshold) {
        return store.stats().items() >= parallelismThreshold;
    }

    @Override
    public void forEach(long parallelismThreshold, Consumer<? super Entry> action) {
        if (!isParallel(parallelismThreshold)) {
            walk().forEach(action);
            return;
        }
        walk().parallel(
                        workers.executor(),
                        workers.threads(),
                        entries -> {
                            entries.accept(action);
                            return true;
                        });
    }

    @Override
    public <R> @Nullable R reduce(
            long parallelismThreshold,
            Function<? super Entry, ? extends @Nullable R> transformer,
            BiFunction<? super R, ? super R, ? extends R> reducer) {
        Reduction<R> all = new Reduction<>(transformer, reducer);
        if (!isParallel(parallelismThreshold)) {
            walk().forEach(all);
            return all.result;
        }
        List<Reduction<R>> parts =
                walk().parallel(
                                workers.executor(),
                                workers.threads(),
                                entries -> {
                                    Reduction<R> part = new Reduction<>(transformer, reducer);
                                    entries.accept(part);
                                    return part;
                                });
        for (Reduction<R> part : parts) {
            all.add(part.result);
        }
        return all.result;
    }

    @Override
    public long removeIf(Predicate<? super Entry> predicate) {
        long[] removed = {0};
        walk().forEach(entry -> removed[0] += removeIf(entry, predicate) ? 1 : 0);
        return removed[0];
    }

    /** Ends when the entry is gone, accepted and removed, or refused; each round, another wrote. */
    private boolean removeIf(Entry met, Predicate<? super Entry> predicate) {
        Entry entry = met;
        while (entry != null && predicate.test(entry)) {
            if (remove(entry.key(), entry.version())) {
                return true;
            }
            entry = getEntry(entry.key());
        }
        return false;
    }

    @Override
    public long size() {
        return walk().count();
    }

    @Override
    public void clear() {
        try {
            regions.clear(regionId);
        } catch (RegionLimitException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}

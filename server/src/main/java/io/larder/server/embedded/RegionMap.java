package io.larder.server.embedded;

import static java.util.Objects.requireNonNull;

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
import io.larder.server.store.WriteStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final long EXPIRY_LAST_MILLIS = Mutation.NEVER - 1;

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

    /** The map of the region of this id. */
    public RegionMap(
            ShardedStore store, Clock clock, RegionTable regions, int regionId, Workers workers) {
        this.store = store;
        this.clock = clock;
        this.regions = regions;
        this.regionId = regionId;
        this.workers = workers;
    }

    private int space() {
        return regions.space(regionId);
    }

    private void wrap(Mutation mutation, byte[] key) {
        mutation.key.wrap(store.hasher(), space(), key);
    }

    /** The expiry of what is written now and lives so long, the region's default for null. */
    private long expiryMillis(@Nullable Duration timeToLive) {
        if (timeToLive == null) {
            return expiryMillis(regions.defaultTtlMillis(regionId));
        }
        if (timeToLive.isZero() || timeToLive.isNegative()) {
            throw new IllegalArgumentException("timeToLive: " + timeToLive + " (expected: > 0)");
        }
        boolean beyond = timeToLive.toSeconds() > EXPIRY_LAST_MILLIS / 1000;
        return beyond ? EXPIRY_LAST_MILLIS : expiryMillis(Math.max(1, timeToLive.toMillis()));
    }

    private long expiryMillis(long timeToLiveMillis) {
        if (timeToLiveMillis < 0) {
            throw new IllegalArgumentException(
                    "timeToLiveMillis: " + timeToLiveMillis + " (expected: >= 0)");
        }
        if (timeToLiveMillis == 0) {
            return Mutation.NEVER;
        }
        long nowMillis = clock.nowMillis();
        return timeToLiveMillis > EXPIRY_LAST_MILLIS - nowMillis
                ? EXPIRY_LAST_MILLIS
                : nowMillis + timeToLiveMillis;
    }

    /** Whether it was done; throws what a program should hear of. */
    private boolean isDone(WriteStatus status, Mutation mutation) {
        return switch (status) {
            case DONE -> true;
            case MISSING, EXISTS, VERSION_MISMATCH, NOT_NEWER -> false;
            case NOT_A_NUMBER ->
                    throw new NumberFormatException("value: no decimal number of 64 bits");
            case NUMBER_OVERFLOW ->
                    throw new ArithmeticException(
                            "number: "
                                    + mutation.number
                                    + " + "
                                    + mutation.delta
                                    + " (expected: within -2^63..2^63-1)");
            case TOO_LARGE ->
                    throw new IllegalArgumentException(
                            "value: too long (expected: at most "
                                    + store.valueBytesMax()
                                    + " bytes; of a function, what fits half a segment)");
            case OUT_OF_CAPACITY ->
                    throw new IllegalStateException(
                            "region: its quota is used up (expected: room, or eviction allowed)");
            case TIMED_OUT, BUSY -> throw new StoreBusyException();
        };
    }

    private Outcome outcome(WriteStatus status, Mutation mutation) {
        return switch (status) {
            case TIMED_OUT -> Outcome.TIMED_OUT;
            case BUSY -> Outcome.BUSY;
            default -> isDone(status, mutation) ? Outcome.DONE : Outcome.ABSENT;
        };
    }

    // ---- reading

    @Override
    public byte @Nullable [] get(byte[] key) {
        Carrier carrier = Carrier.take();
        try {
            wrap(carrier.mutation, key);
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
            Key wrapped = carrier.mutation.key.wrap(store.hasher(), space(), key, offset, length);
            return store.get(wrapped, clock.nowMillis(), sink) == ReadStatus.HIT;
        } finally {
            carrier.release();
        }
    }

    @Override
    public @Nullable Entry getEntry(byte[] key) {
        Carrier carrier = Carrier.take();
        try {
            wrap(carrier.mutation, key);
            long nowMillis = clock.nowMillis();
            Entry[] entry = new Entry[1];
            ReadStatus status =
                    store.get(
                            carrier.mutation.key,
                            nowMillis,
                            item -> entry[0] = Entry.of(key.clone(), item, nowMillis));
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
            wrapped[i] = new Key().wrap(store.hasher(), space(), keys.get(i));
        }
        return wrapped;
    }

    // ---- writing

    @Override
    public void put(byte[] key, byte[] value) {
        put(key, value, expiryMillis(null), Presence.ANY);
    }

    @Override
    public void put(byte[] key, byte[] value, Duration timeToLive) {
        put(key, value, expiryMillis(requireNonNull(timeToLive)), Presence.ANY);
    }

    private boolean put(byte[] key, byte[] value, long expiryMillis, Presence presence) {
        Carrier carrier = Carrier.take();
        try {
            Mutation mutation = carrier.mutation;
            mutation.presence = presence;
            wrap(mutation, key);
            return put(mutation, value, expiryMillis);
        } finally {
            carrier.release();
        }
    }

    private boolean put(Mutation mutation, byte[] value, long expiryMillis) {
        mutation.value.wrap(value, 0, value.length);
        mutation.expiryMillis = expiryMillis;
        return isDone(store.put(mutation, clock.nowMillis()), mutation);
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
        long expiryMillis = expiryMillis(timeToLiveMillis);
        Carrier carrier = Carrier.take();
        try {
            Mutation mutation = carrier.mutation;
            mutation.key.wrap(store.hasher(), space(), key, keyOffset, keyLength);
            mutation.value.wrap(value, valueOffset, valueLength);
            mutation.expiryMillis = expiryMillis;
            isDone(store.put(mutation, clock.nowMillis()), mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public void putAll(Map<byte[], byte[]> entries) {
        long expiryMillis = expiryMillis(null);
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
            long hash = key.wrap(store.hasher(), space(), keyOf.apply(element)).hash();
            hashed.add(new Hashed<>(hash, element));
        }
        hashed.sort((left, right) -> Long.compareUnsigned(left.hash(), right.hash()));
        for (int i = 0; i < hashed.size(); i++) {
            elements.set(i, hashed.get(i).element());
        }
    }

    @Override
    public boolean putIfAbsent(byte[] key, byte[] value) {
        return put(key, value, expiryMillis(null), Presence.ABSENT);
    }

    @Override
    public boolean putIfAbsent(byte[] key, byte[] value, Duration timeToLive) {
        return put(key, value, expiryMillis(requireNonNull(timeToLive)), Presence.ABSENT);
    }

    @Override
    public boolean replace(byte[] key, byte[] value) {
        return put(key, value, expiryMillis(null), Presence.PRESENT);
    }

    @Override
    public boolean replace(byte[] key, long expectedVersion, byte[] value) {
        long expiryMillis = expiryMillis(null);
        Carrier carrier = Carrier.take();
        try {
            wrap(carrier.mutation, key);
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
            wrap(carrier.mutation, key);
            return isDone(store.delete(carrier.mutation, clock.nowMillis()), carrier.mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public boolean remove(byte[] key, long expectedVersion) {
        Carrier carrier = Carrier.take();
        try {
            wrap(carrier.mutation, key);
            expect(carrier.mutation, expectedVersion);
            return isDone(store.delete(carrier.mutation, clock.nowMillis()), carrier.mutation);
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
        long expiryMillis = expiryMillis(requireNonNull(timeToLive));
        Carrier carrier = Carrier.take();
        try {
            wrap(carrier.mutation, key);
            carrier.mutation.expiryMillis = expiryMillis;
            return isDone(store.touch(carrier.mutation, clock.nowMillis(), null), carrier.mutation);
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
            wrap(mutation, key);
            mutation.value.wrap(added, 0, added.length);
            return isDone(store.append(mutation, atEnd, clock.nowMillis()), mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public long increment(byte[] key, long delta) {
        long expiryMillis = expiryMillis(null);
        Carrier carrier = Carrier.take();
        try {
            Mutation mutation = carrier.mutation;
            wrap(mutation, key);
            mutation.delta = delta;
            mutation.createIfAbsent = true;
            mutation.keepExpiry = true;
            mutation.expiryMillis = expiryMillis;
            isDone(store.increment(mutation, clock.nowMillis()), mutation);
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
        Decision decision = decision(key, function);
        Carrier carrier = Carrier.take();
        try {
            isDone(update(carrier, key, decision), carrier.mutation);
            return decision.value();
        } finally {
            carrier.release();
        }
    }

    @Override
    public byte @Nullable [] alter(byte[] key, Function<? super Entry, Change> function) {
        Decision decision = decision(key, entry -> function.apply(requireNonNull(entry)));
        Carrier carrier = Carrier.take();
        try {
            carrier.mutation.presence = Presence.PRESENT;
            boolean isPresent = isDone(update(carrier, key, decision), carrier.mutation);
            return isPresent ? decision.value() : null;
        } finally {
            carrier.release();
        }
    }

    private Decision decision(byte[] key, Function<? super @Nullable Entry, Change> function) {
        return decision(List.of(key), entries -> List.of(function.apply(entries.get(0))));
    }

    private Decision decision(
            List<byte[]> keys, Function<? super List<@Nullable Entry>, List<Change>> function) {
        List<byte[]> copies = keys.stream().map(byte[]::clone).toList();
        return new Decision(copies, function, this::expiryMillis, clock.nowMillis());
    }

    private WriteStatus update(Carrier carrier, byte[] key, Decision decision) {
        wrap(carrier.mutation, key);
        return store.update(carrier.alone, decision.nowMillis(), decision);
    }

    @Override
    public void swap(byte[] left, byte[] right) {
        if (Arrays.equals(left, right)) {
            return;
        }
        updateAll(
                List.of(left, right),
                entries -> List.of(become(entries.get(1)), become(entries.get(0))));
    }

    private static Change become(@Nullable Entry other) {
        return other == null ? Change.remove() : Change.copyOf(other);
    }

    @Override
    public void updateAll(
            List<byte[]> keys, Function<? super List<@Nullable Entry>, List<Change>> function) {
        Mutation first = new Mutation();
        isDone(updateAll(keys, Mutation.UNLIMITED, function), first);
    }

    private WriteStatus updateAll(
            List<byte[]> keys,
            long lockNanosMax,
            Function<? super List<@Nullable Entry>, List<Change>> function) {
        Decision decision = decision(keys, function);
        Mutation[] mutations = new Mutation[keys.size()];
        for (int i = 0; i < mutations.length; i++) {
            mutations[i] = new Mutation();
            mutations[i].lockNanosMax = lockNanosMax;
            wrap(mutations[i], keys.get(i));
        }
        Carrier carrier = Carrier.take();
        try {
            return store.update(mutations, decision.nowMillis(), decision);
        } finally {
            carrier.release();
        }
    }

    // ---- giving up

    @Override
    public Outcome tryPut(byte[] key, byte[] value, Duration timeout) {
        long expiryMillis = expiryMillis(null);
        Carrier carrier = Carrier.take();
        try {
            Mutation mutation = carrier.mutation;
            mutation.lockNanosMax = nanos(timeout);
            wrap(mutation, key);
            mutation.value.wrap(value, 0, value.length);
            mutation.expiryMillis = expiryMillis;
            return outcome(store.put(mutation, clock.nowMillis()), mutation);
        } finally {
            carrier.release();
        }
    }

    /** Below what means unlimited: a timeout of centuries is one all the same. */
    private static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        boolean beyond = timeout.toSeconds() >= Mutation.UNLIMITED / 1_000_000_000;
        return beyond ? Mutation.UNLIMITED - 1 : timeout.toNanos();
    }

    @Override
    public Outcome tryRemove(byte[] key, Duration timeout) {
        Carrier carrier = Carrier.take();
        try {
            Mutation mutation = carrier.mutation;
            mutation.lockNanosMax = nanos(timeout);
            wrap(mutation, key);
            return outcome(store.delete(mutation, clock.nowMillis()), mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public Outcome tryCompute(
            byte[] key, Duration timeout, Function<? super @Nullable Entry, Change> function) {
        Decision decision = decision(key, function);
        Carrier carrier = Carrier.take();
        try {
            carrier.mutation.lockNanosMax = nanos(timeout);
            return outcome(update(carrier, key, decision), carrier.mutation);
        } finally {
            carrier.release();
        }
    }

    @Override
    public Outcome tryUpdateAll(
            List<byte[]> keys,
            Duration timeout,
            Function<? super List<@Nullable Entry>, List<Change>> function) {
        return outcome(updateAll(keys, nanos(timeout), function), new Mutation());
    }

    // ---- all entries

    private Walk walk() {
        return new Walk(store, clock, space());
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

    private static final class Reduction<R> implements Consumer<Entry> {
        private final Function<? super Entry, ? extends @Nullable R> transformer;
        private final BiFunction<? super R, ? super R, ? extends R> reducer;
        @Nullable R result;

        Reduction(
                Function<? super Entry, ? extends @Nullable R> transformer,
                BiFunction<? super R, ? super R, ? extends R> reducer) {
            this.transformer = transformer;
            this.reducer = reducer;
        }

        @Override
        public void accept(Entry entry) {
            add(transformer.apply(entry));
        }

        void add(@Nullable R value) {
            if (value != null) {
                result = result == null ? value : reducer.apply(result, value);
            }
        }
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

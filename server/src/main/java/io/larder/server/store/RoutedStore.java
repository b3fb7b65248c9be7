package io.larder.server.store;

import io.larder.server.memory.Slice;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The store in front where some regions have an engine of their own: sends each operation to the
 * engine that keeps the key's space, or to the main store. Where no region has one, it is not
 * there. For any thread. Owns neither.
 */
public final class RoutedStore implements Store {
    private final Store main;

    /** Never changed once published; replaced under this. */
    private volatile Int2ObjectHashMap<Store> engines = new Int2ObjectHashMap<>();

    /** Sends everything to {@code main}, as long as nothing else is said. */
    public RoutedStore(Store main) {
        this.main = main;
    }

    /** From now on {@code engine} keeps the space. Before anybody knows of the space. */
    public synchronized void route(int space, Store engine) {
        Int2ObjectHashMap<Store> changed = new Int2ObjectHashMap<>(engines);
        changed.put(space, engine);
        engines = changed;
    }

    /**
     * Nobody begins anything with the space any more. Operations under way with it reach the main
     * store, which keeps nothing of it that can be found.
     */
    public synchronized void unroute(int space) {
        Int2ObjectHashMap<Store> changed = new Int2ObjectHashMap<>(engines);
        changed.remove(space);
        engines = changed;
    }

    private Store of(int space) {
        Store engine = engines.get(space);
        return engine == null ? main : engine;
    }

    private Store of(Key key) {
        return of(key.space());
    }

    @Override
    public KeyHasher hasher() {
        return main.hasher();
    }

    @Override
    public int valueBytesMax() {
        return main.valueBytesMax();
    }

    @Override
    public int valueBytesMax(int space) {
        return of(space).valueBytesMax();
    }

    @Override
    public @Nullable String capacityOf(int space) {
        return of(space).capacityOf(space);
    }

    @Override
    public ReadStatus get(Key key, long nowMillis, ValueSink sink) {
        return of(key).get(key, nowMillis, sink);
    }

    @Override
    public int prefetch(Key key, int pass) {
        return of(key).prefetch(key, pass);
    }

    @Override
    public WriteStatus put(Mutation mutation, long nowMillis) {
        return of(mutation.key).put(mutation, nowMillis);
    }

    /** Pieces are gathered in the main store's segments, whichever engine gets the value. */
    @Override
    public @Nullable ValueUpload upload(Key key, int valueLength) {
        return main.upload(key, valueLength);
    }

    @Override
    public WriteStatus put(Mutation mutation, ValueUpload upload, long nowMillis) {
        return of(mutation.key).put(mutation, upload, nowMillis);
    }

    @Override
    public long beginFill(Key key, long version, long nowMillis) {
        return of(key).beginFill(key, version, nowMillis);
    }

    /** A hash says nothing of its space; no two stores have a fill of one key. */
    @Override
    public void endFill(long hash, long fill) {
        main.endFill(hash, fill);
        for (Store engine : engines.values()) {
            engine.endFill(hash, fill);
        }
    }

    @Override
    public WriteStatus delete(Mutation mutation, long nowMillis) {
        return of(mutation.key).delete(mutation, nowMillis);
    }

    @Override
    public WriteStatus touch(Mutation mutation, long nowMillis, @Nullable ValueSink sink) {
        return of(mutation.key).touch(mutation, nowMillis, sink);
    }

    @Override
    public WriteStatus increment(Mutation mutation, long nowMillis) {
        return of(mutation.key).increment(mutation, nowMillis);
    }

    @Override
    public WriteStatus append(Mutation mutation, boolean atEnd, long nowMillis) {
        return of(mutation.key).append(mutation, atEnd, nowMillis);
    }

    /** A scan of all spaces is one of the main store. */
    @Override
    public void scan(Scan scan, long nowMillis, ScanSink sink) {
        of(scan.space).scan(scan, nowMillis, sink);
    }

    @Override
    public long cursorOf(Key key) {
        return of(key).cursorOf(key);
    }

    /**
     * @throws IllegalArgumentException also if the keys are not all kept by one engine
     */
    @Override
    public WriteStatus update(Mutation[] mutations, long nowMillis, EntryFunction function) {
        Store one = mutations.length == 0 ? main : of(mutations[0].key);
        for (Mutation mutation : mutations) {
            if (!of(mutation.key).equals(one)) {
                throw new IllegalArgumentException(
                        "keys: of several engines (expected: of one region's)");
            }
        }
        return one.update(mutations, nowMillis, function);
    }

    @Override
    public WriteStatus invalidateTag(int space, long tag, long nowMillis) {
        return of(space).invalidateTag(space, tag, nowMillis);
    }

    @Override
    public WriteStatus invalidatePrefix(int space, Slice prefix, long nowMillis) {
        return of(space).invalidatePrefix(space, prefix, nowMillis);
    }

    /** The main store's; an engine has figures of its own. */
    @Override
    public StoreStats stats() {
        return main.stats();
    }

    @Override
    public void close() {}
}

package io.larder.server.store;

import io.larder.server.memory.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Hands every operation on to another store: for those that do a little more with some of them. For
 * any thread. Does not own the other one.
 */
public abstract class ForwardingStore implements Store {
    /** The other one. */
    protected final Store target;

    /** Hands everything on to {@code target}. */
    protected ForwardingStore(Store target) {
        this.target = target;
    }

    @Override
    public KeyHasher hasher() {
        return target.hasher();
    }

    @Override
    public int valueBytesMax() {
        return target.valueBytesMax();
    }

    @Override
    public int valueBytesMax(int space) {
        return target.valueBytesMax(space);
    }

    @Override
    public @Nullable String capacityOf(int space) {
        return target.capacityOf(space);
    }

    @Override
    public ReadStatus get(Key key, long nowMillis, ValueSink sink) {
        return target.get(key, nowMillis, sink);
    }

    @Override
    public int prefetch(Key key, int pass) {
        return target.prefetch(key, pass);
    }

    @Override
    public WriteStatus put(Mutation mutation, long nowMillis) {
        return target.put(mutation, nowMillis);
    }

    @Override
    public @Nullable ValueUpload upload(Key key, int valueLength) {
        return target.upload(key, valueLength);
    }

    @Override
    public WriteStatus put(Mutation mutation, ValueUpload upload, long nowMillis) {
        return target.put(mutation, upload, nowMillis);
    }

    @Override
    public long beginFill(Key key, long version, long nowMillis) {
        return target.beginFill(key, version, nowMillis);
    }

    @Override
    public void endFill(long hash, long fill) {
        target.endFill(hash, fill);
    }

    @Override
    public WriteStatus delete(Mutation mutation, long nowMillis) {
        return target.delete(mutation, nowMillis);
    }

    @Override
    public WriteStatus touch(Mutation mutation, long nowMillis, @Nullable ValueSink sink) {
        return target.touch(mutation, nowMillis, sink);
    }

    @Override
    public WriteStatus increment(Mutation mutation, long nowMillis) {
        return target.increment(mutation, nowMillis);
    }

    @Override
    public WriteStatus append(Mutation mutation, boolean atEnd, long nowMillis) {
        return target.append(mutation, atEnd, nowMillis);
    }

    @Override
    public void scan(Scan scan, long nowMillis, ScanSink sink) {
        target.scan(scan, nowMillis, sink);
    }

    @Override
    public long cursorOf(Key key) {
        return target.cursorOf(key);
    }

    @Override
    public WriteStatus update(Mutation[] mutations, long nowMillis, EntryFunction function) {
        return target.update(mutations, nowMillis, function);
    }

    @Override
    public WriteStatus invalidateTag(int space, long tag, long nowMillis) {
        return target.invalidateTag(space, tag, nowMillis);
    }

    @Override
    public WriteStatus invalidatePrefix(int space, Slice prefix, long nowMillis) {
        return target.invalidatePrefix(space, prefix, nowMillis);
    }

    @Override
    public StoreStats stats() {
        return target.stats();
    }

    /** The other one is closed by its owner. */
    @Override
    public void close() {}
}

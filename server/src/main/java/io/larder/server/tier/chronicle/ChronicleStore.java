package io.larder.server.tier.chronicle;

import io.larder.server.memory.Slice;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.store.EntryFunction;
import io.larder.server.store.Key;
import io.larder.server.store.KeyHasher;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.Scan;
import io.larder.server.store.ScanSink;
import io.larder.server.store.Store;
import io.larder.server.store.StoreListener;
import io.larder.server.store.StoreStats;
import io.larder.server.store.ValueSink;
import io.larder.server.store.ValueUpload;
import io.larder.server.store.WriteStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The store of one region in a Chronicle Map: persistent, of a fixed number of entries, never
 * evicting. Means what every store means, with these bounds: a value has up to {@link
 * #valueBytesMax()} bytes, at most {@link #VALUE_BYTES_MAX}; a new key beyond the region's entries
 * is OUT_OF_CAPACITY; an invalidation by tag or prefix also ends the fills that are open.
 *
 * <p>Any thread may call anything. Who opened it calls {@link #define} with the region's space
 * before the first operation and in the course of each clear, and {@link #sweep} now and then.
 */
public final class ChronicleStore implements Store {
    /** The longest value: what an item shows without a chain. */
    public static final int VALUE_BYTES_MAX = 512 << 10;

    private final ChronicleRegion region;
    private final ChronicleWriter writer;
    private final ChronicleScan scans;
    private final ChronicleSweep sweep;
    private final Invalidations invalidations;
    private boolean isClosed; // guarded by this

    private ChronicleStore(ChronicleRegion region) {
        this.region = region;
        this.sweep = new ChronicleSweep(region);
        this.writer = new ChronicleWriter(region, sweep);
        this.scans = new ChronicleScan(region);
        this.invalidations = new Invalidations(region);
    }

    /**
     * Opens a region's file, or makes it; recovers it if its last server was killed.
     *
     * @param hasher the server's, which its keys are wrapped with
     * @param listener told of every change
     * @throws IOException naming the file and what is wrong with it
     */
    public static ChronicleStore open(
            ChronicleSettings settings, KeyHasher hasher, StoreListener listener)
            throws IOException {
        return new ChronicleStore(
                new ChronicleRegion(ChronicleFile.open(settings), hasher, listener));
    }

    /**
     * The region has this space from now on. The first one finds what the file holds; each further
     * one finds nothing of it.
     *
     * <p>Locking: all stripes.
     */
    public void define(int space) {
        region.define(space);
    }

    /**
     * Removes what is expired, cleared or invalidated from up to {@code segmentsMax} of the map's
     * segments.
     *
     * @param mayGoOn asked before each
     * @return records removed
     */
    public int sweep(int segmentsMax, long nowMillis, BooleanSupplier mayGoOn) {
        return sweep.sweep(segmentsMax, nowMillis, mayGoOn);
    }

    /** How many segments the map has. */
    public int segments() {
        return region.file.segments();
    }

    /** Adds the engine's figures, by the region's name. */
    public void registerMetrics(MetricsRegistry registry) {
        String name = region.file.settings().region().replaceAll("[^a-z0-9]", "_");
        String prefix = "chronicle_" + name.substring(0, Math.min(40, name.length())) + "_";
        registry.register(
                prefix + "records",
                "Records in the region's file, dead ones included",
                region.file::records);
        registry.register(
                prefix + "records_max",
                "Records the file was made for",
                () -> region.file.settings().entries());
        registry.register(prefix + "bytes", "Bytes of the region's file", region.file::bytes);
        registry.register(prefix + "hits", "Reads that found their key", region.hits::sum);
        registry.register(prefix + "misses", "Reads that did not", region.misses::sum);
        registry.register(
                prefix + "removed_dead",
                "Records removed because expired, cleared or invalidated",
                region.removedDead::sum);
        registry.register(prefix + "writes_full", "Writes refused as full", region.full::sum);
    }

    @Override
    public KeyHasher hasher() {
        return region.hasher;
    }

    @Override
    public int valueBytesMax() {
        return region.file.valueBytesMax();
    }

    @Override
    public String capacityOf(int space) {
        ChronicleSettings settings = region.file.settings();
        return settings.entries()
                + " entries of about "
                + (settings.keyBytes() + settings.valueBytes())
                + " bytes, region."
                + settings.region()
                + ".entries";
    }

    @Override
    public ReadStatus get(Key key, long nowMillis, ValueSink sink) {
        Workspace workspace = region.workspace();
        byte[] bytes = key.bytes().toByteArray();
        if (region.isCurrent(key.space())
                && region.file.read(bytes, workspace)
                && region.isLive(workspace.record, bytes, nowMillis)) {
            region.hits.increment();
            sink.accept(workspace.show(key.space(), key.bytes()));
            return ReadStatus.HIT;
        }
        region.misses.increment();
        return ReadStatus.MISS;
    }

    @Override
    public int prefetch(Key key, int pass) {
        return 0;
    }

    @Override
    public WriteStatus put(Mutation mutation, long nowMillis) {
        return writer.put(mutation, nowMillis);
    }

    /** This engine takes values whole: see {@link io.larder.server.store.RoutedStore}. */
    @Override
    public @Nullable ValueUpload upload(Key key, int valueLength) {
        throw new UnsupportedOperationException("upload (expected: the value as a whole)");
    }

    @Override
    public WriteStatus put(Mutation mutation, ValueUpload upload, long nowMillis) {
        byte[] value = upload.toByteArray();
        mutation.value.wrap(value, 0, value.length);
        return writer.put(mutation, nowMillis);
    }

    @Override
    public long beginFill(Key key, long version, long nowMillis) {
        Stripe stripe = region.stripe(key.hash());
        stripe.lock();
        try {
            byte[] bytes = key.bytes().toByteArray();
            Workspace workspace = region.workspace();
            boolean hasItem =
                    region.isCurrent(key.space())
                            && region.file.read(bytes, workspace)
                            && region.isLive(workspace.record, bytes, nowMillis);
            if (version != (hasItem ? workspace.record.version() : Mutation.VERSION_ABSENT)) {
                return Mutation.NO_FILL;
            }
            long fill = region.nextVersion(stripe, nowMillis);
            stripe.fills.begin(key.hash(), fill);
            return fill;
        } finally {
            stripe.unlock();
        }
    }

    @Override
    public void endFill(long hash, long fill) {
        Stripe stripe = region.stripe(hash);
        stripe.lock();
        try {
            stripe.fills.end(hash, fill);
        } finally {
            stripe.unlock();
        }
    }

    @Override
    public WriteStatus delete(Mutation mutation, long nowMillis) {
        return writer.delete(mutation, nowMillis);
    }

    @Override
    public WriteStatus touch(Mutation mutation, long nowMillis, @Nullable ValueSink sink) {
        return writer.touch(mutation, nowMillis, sink);
    }

    @Override
    public WriteStatus increment(Mutation mutation, long nowMillis) {
        return writer.increment(mutation, nowMillis);
    }

    @Override
    public WriteStatus append(Mutation mutation, boolean atEnd, long nowMillis) {
        return writer.append(mutation, atEnd, nowMillis);
    }

    /** Locking: a segment's lock of the map, not for the sink. Allocates. */
    @Override
    public void scan(Scan scan, long nowMillis, ScanSink sink) {
        scans.scan(scan, nowMillis, sink);
    }

    @Override
    public long cursorOf(Key key) {
        return scans.cursorOf(key);
    }

    @Override
    public WriteStatus update(Mutation[] mutations, long nowMillis, EntryFunction function) {
        return new ChronicleUpdate(region, mutations).run(nowMillis, function);
    }

    @Override
    public WriteStatus invalidateTag(int space, long tag, long nowMillis) {
        return region.isCurrent(space) ? invalidations.tag(tag, nowMillis) : WriteStatus.DONE;
    }

    @Override
    public WriteStatus invalidatePrefix(int space, Slice prefix, long nowMillis) {
        return region.isCurrent(space)
                ? invalidations.prefix(prefix.toByteArray(), nowMillis)
                : WriteStatus.DONE;
    }

    /** What a map can tell; items include dead ones that wait for the sweep. */
    @Override
    public StoreStats stats() {
        long bytes = region.file.bytes();
        return new StoreStats(
                region.file.records(),
                bytes,
                0,
                0,
                0,
                0,
                0,
                0,
                region.hits.sum(),
                region.misses.sum(),
                0,
                region.removedDead.sum(),
                0,
                0,
                0,
                0,
                region.full.sum(),
                0,
                0,
                0);
    }

    /** Closes the file, and waits for it to be on the disk. No operation may be under way. */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            region.file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

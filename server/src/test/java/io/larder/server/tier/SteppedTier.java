package io.larder.server.tier;

import io.larder.server.store.Key;
import io.larder.server.store.Liveness;
import io.larder.server.store.OverflowTwin;
import io.larder.server.store.ShardOverflow;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.ShardedStore.Reclaimed;
import io.larder.server.store.StoreConfig;
import io.larder.server.tier.OverflowTier.Fetched;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A store and its tier in real files, whose background work is done when a test says so. */
final class SteppedTier implements AutoCloseable {
    static final int SHARDS = 2;
    static final int SPACE = 1;
    private static final int SEGMENT_BYTES = 4096;
    private static final int SEGMENTS = 64;
    private static final long DISK_BYTES = TierConfig.BYTES_MIN;

    final ShardedStore store;
    final TierConfig config;
    final RocksOverflowTier tier;
    final ArrayDeque<Runnable> reads = new ArrayDeque<>();
    private final OverflowTwin twin;
    private final List<Victim> unnamed = new ArrayList<>(); // of the twin
    private final Map<Long, byte[]> everWritten = new HashMap<>(); // of the twin
    long nowMillis = 1;
    long nanos;

    SteppedTier(Path path, OverflowTwin twin) throws IOException {
        this(path, twin, StoreIdentity.NONE, log -> log);
    }

    SteppedTier(
            Path path, OverflowTwin twin, StoreIdentity identity, UnaryOperator<DiskLog> wrapper)
            throws IOException {
        this.twin = twin;
        this.store = twin.open(storeConfig(), () -> nowMillis);
        this.config =
                new TierConfig(
                        path, DISK_BYTES, TierConfig.MEMORY_BYTES_MIN, 1, 1_000, 1_000, 60_000);
        TierFiles files = TierFiles.take(path);
        this.tier =
                new RocksOverflowTier(
                        config,
                        new RocksOverflowTier.Services(store, () -> nowMillis, Liveness.ALL),
                        files,
                        () -> wrapper.apply(broken(new RocksLog(files.database(), config))),
                        reads::add,
                        () -> nanos);
        tier.begin(identity);
        if (twin == OverflowTwin.BATCH_NAMES_VOID) {
            store.attachOverflow(shard -> new Late(shard, tier.shards[shard]));
        }
    }

    static StoreConfig storeConfig() {
        return new StoreConfig(
                (long) SEGMENTS * SEGMENT_BYTES, SHARDS, SEGMENT_BYTES, 0x5eed, 0xcafe, 2);
    }

    static StoreIdentity identity(long stopId) {
        return new StoreIdentity(0x5eed, 0xcafe, SHARDS, stopId);
    }

    private DiskLog broken(DiskLog log) {
        return twin != OverflowTwin.BATCH_NAMES_VOID
                ? log
                : new ForwardingLog(log) {
                    @Override
                    public byte[] read(long name) {
                        return everWritten.get(name);
                    }
                };
    }

    /** Has the batch write all it was given, and name it then. */
    private final class Late implements ShardOverflow {
        private final int shard;
        private final ShardOverflow right;

        Late(int shard, ShardOverflow right) {
            this.shard = shard;
            this.right = right;
        }

        @Override
        public void evicted(long hash, long stamp, byte[] item) {
            right.evicted(hash, stamp, item);
            Victim victim = new Victim(shard, hash, stamp, item);
            unnamed.add(victim);
            everWritten.put(victim.name(), item);
        }

        @Override
        public boolean wants(int queue, int freq, int itemBytes) {
            return right.wants(queue, freq, itemBytes);
        }

        @Override
        public void segmentEvicted() {
            right.segmentEvicted();
        }

        @Override
        public long stamp(long hash) {
            return right.stamp(hash);
        }

        @Override
        public void changed(long hash) {
            right.changed(hash);
        }

        @Override
        public void read(long hash, long stamp) {
            right.read(hash, stamp);
        }

        @Override
        public void clear() {
            right.clear();
        }
    }

    Key key(String text) {
        return new Key().wrap(store.hasher(), SPACE, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Evicts the items of a shard's next segment, if it has one. */
    void evict(int shard) {
        Reclaimed reclaimed = Reclaimed.PART;
        while (reclaimed == Reclaimed.PART) {
            reclaimed = store.reclaim(shard, Liveness.ALL);
        }
    }

    /** Evicts everything. */
    void evictAll() {
        for (int shard = 0; shard < SHARDS; shard++) {
            for (int segment = 0; segment < SEGMENTS; segment++) {
                evict(shard);
            }
        }
    }

    /** Writes a batch, or does what else the writer does. */
    void stepWriter() {
        try {
            tier.step(0);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (Victim each : unnamed) {
            if (twin == OverflowTwin.BATCH_NAMES_VOID) {
                tier.shards[each.shard()].directory.put(each.hash(), each.stamp());
            }
        }
        unnamed.clear();
    }

    /** Writes all batches. */
    void writeAll() {
        store.endOverflowBatches();
        for (int batch = 0; batch < 2 * SEGMENTS; batch++) {
            stepWriter();
        }
    }

    /** Does all reads that were asked for. */
    void readAll() {
        while (!reads.isEmpty()) {
            reads.poll().run();
        }
    }

    /** What is kept under a key's present stamp, fetched at once; null if there is no stamp. */
    Fetched fetch(Key key, boolean takeBack) {
        long stamp = tier.stamp(key);
        if (stamp == ShardOverflow.NONE) {
            return null;
        }
        Fetched[] fetched = new Fetched[1];
        tier.fetch(key, stamp, takeBack, value -> fetched[0] = value);
        readAll();
        return fetched[0];
    }

    void advance(long millis) {
        nowMillis += millis;
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public void close() {
        tier.close();
    }
}

package io.larder.bench.replay;

import io.larder.bench.BenchException;
import io.larder.server.accesslog.AccessLog;
import io.larder.server.evict.Evictor;
import io.larder.server.insight.InsightSettings;
import io.larder.server.insight.KeyInsight;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.policy.Admission;
import io.larder.server.region.RegionTable;
import io.larder.server.store.HitSink;
import io.larder.server.store.Key;
import io.larder.server.store.Liveness;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.SpaceReclaimer;
import io.larder.server.store.StoreConfig;
import io.larder.server.store.StoreStats;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Larder's store in this process. What its background threads do, reclaiming and telling the policy
 * of hits, is done at once by the calling thread, so that a replay gives the same result each time.
 */
public final class StoreCache implements ReplayCache, SpaceReclaimer {
    private static final int SPACE = RegionTable.SPACE_FIRST;

    /** Each leaves some records at most, of the thousand there is room for. */
    private static final int DRAIN_ACCESSES = 32;

    private static final long SEED_0 = 0x243F6A8885A308D3L;
    private static final long SEED_1 = 0x13198A2E03707344L;
    private static final int CALIBRATIONS_MAX = 12;
    private static final int ITEMS_PER_COUNT = 64;

    private final StoreLayout layout;
    private final long segments;
    private final boolean sized;
    private final Admission admission;
    private final ShardedStore store;
    private final Key key = new Key();
    private final Mutation mutation = new Mutation();
    private final byte[] keyBytes = new byte[Long.BYTES];
    private byte[] value;
    private long nowMillis;
    private long sinceCount;
    private long itemsPeak;
    private @Nullable KeyInsight insight;
    private int sinceDrain;

    private StoreCache(StoreLayout layout, long segments, boolean sized) {
        this.layout = layout;
        this.segments = segments;
        this.sized = sized;
        this.value = new byte[layout.segmentBytes()];
        StoreConfig config =
                new StoreConfig(
                        segments * layout.segmentBytes(),
                        layout.shards(),
                        layout.segmentBytes(),
                        SEED_0,
                        SEED_1,
                        1);
        this.admission = Admission.ofBudget(config.memoryBytes(), config.shards());
        HitSink hits =
                (memory, slotPosition, slot, hash) -> {
                    HitSink.FREQUENCY.hit(memory, slotPosition, slot, hash);
                    admission.hit(AccessLog.hash(hash));
                };
        this.store =
                ShardedStore.open(
                        config,
                        OffHeapMemory::allocate,
                        () -> nowMillis,
                        hits,
                        this,
                        shard -> Evictor.policy(admission, shard));
    }

    /**
     * An empty store in which as many equal items fit as the layout says, within 1 % or, of mixed
     * sizes, a segment's worth.
     *
     * @param sized whether requests say how many bytes their values have
     * @throws BenchException if no number of segments does it
     */
    public static StoreCache open(StoreLayout layout, boolean sized) {
        StoreLayout filling = sized ? layout.inSmallItems() : layout;
        long tolerated = Math.max(filling.items() / 100, sized ? filling.segmentItems() : 0);
        long segments = filling.items() / filling.segmentItems() + 8L * filling.shards();
        long best = 0;
        long leastMissing = Long.MAX_VALUE;
        for (int attempt = 0;
                attempt < CALIBRATIONS_MAX && leastMissing > tolerated / 2;
                attempt++) {
            long missing = filling.items() - filled(filling, segments);
            if (Math.abs(missing) < leastMissing) {
                leastMissing = Math.abs(missing);
                best = segments;
            }
            long step = missing / filling.segmentItems();
            segments += step != 0 ? step : Long.signum(missing);
        }
        if (leastMissing > tolerated) {
            throw new BenchException(
                    "--capacity-items: "
                            + layout.items()
                            + " (expected: a number to which segments can be cut within 1 %)");
        }
        return new StoreCache(layout, best, sized);
    }

    /**
     * An empty store of another size.
     *
     * @param times the memory of this one
     */
    public StoreCache resized(double times) {
        return new StoreCache(layout, (long) (times * segments), sized);
    }

    /** Has what happens in the store learnt from at once. Before the first access. */
    public KeyInsight learn(InsightSettings settings) {
        RegionTable regions = new RegionTable(space -> {});
        KeyInsight learning =
                new KeyInsight(settings, regions, store::stats, hash -> null, () -> nowMillis);
        store.sample(learning.sampler());
        insight = learning;
        return learning;
    }

    /** How many equal items such a store holds at most, when many more are put into it. */
    private static long filled(StoreLayout layout, long segments) {
        StoreCache cache = new StoreCache(layout, segments, false);
        long puts = 2 * layout.items() + 100;
        for (long number = 0; number < puts; number++) {
            cache.access(new Request(number * 0x9E3779B97F4A7C15L, 0, 0), number);
        }
        return cache.itemsPeak();
    }

    @Override
    public boolean access(Request request, long now) {
        boolean isHit = look(request, now);
        KeyInsight learning = insight;
        if (learning != null && ++sinceDrain == DRAIN_ACCESSES) {
            sinceDrain = 0;
            learning.drain(Integer.MAX_VALUE);
        }
        return isHit;
    }

    private boolean look(Request request, long now) {
        nowMillis = now;
        ByteBuffer.wrap(keyBytes).putLong(request.key());
        key.wrap(store.hasher(), SPACE, keyBytes);
        if (store.get(key, now, item -> {}) == ReadStatus.HIT) {
            return true;
        }
        int valueBytes = sized ? request.bytes() : layout.valueBytes();
        if (valueBytes <= store.valueBytesMax()) {
            if (valueBytes > value.length) {
                value = new byte[valueBytes];
            }
            mutation.reset();
            mutation.key.wrap(store.hasher(), SPACE, keyBytes);
            mutation.value.wrap(value, 0, valueBytes);
            if (request.ttlMillis() > 0) {
                mutation.expiryMillis = now + request.ttlMillis();
            }
            store.put(mutation, now);
        }
        count();
        return false;
    }

    private void count() {
        if (++sinceCount * ITEMS_PER_COUNT >= layout.items()) {
            sinceCount = 0;
            itemsPeak = Math.max(itemsPeak, store.stats().items());
        }
    }

    @Override
    public long itemsPeak() {
        return Math.max(itemsPeak, store.stats().items());
    }

    /** Segments of the arena. */
    long segments() {
        return segments;
    }

    /** Bytes appended for each that a put appended. */
    double writeAmplification() {
        StoreStats stats = store.stats();
        return (double) (stats.bytesWritten() + stats.bytesRelocated())
                / Math.max(1, stats.bytesWritten());
    }

    @Override
    public void request(int shard) {
        while (store.segmentsFree() < store.lowWatermark() && reclaim(fullest(shard))) {
            // The next segment, until there are enough.
        }
    }

    @Override
    public boolean help(int shard) {
        return reclaim(fullest(shard));
    }

    private boolean reclaim(int shard) {
        ShardedStore.Reclaimed reclaimed;
        do {
            reclaimed = store.reclaim(shard, Liveness.ALL);
        } while (reclaimed == ShardedStore.Reclaimed.PART);
        return reclaimed == ShardedStore.Reclaimed.SEGMENT;
    }

    private int fullest(int preferred) {
        int fullest = preferred;
        for (int shard = 0; shard < store.shardCount(); shard++) {
            if (store.sealedSegments(shard) > store.sealedSegments(fullest)) {
                fullest = shard;
            }
        }
        return fullest;
    }
}

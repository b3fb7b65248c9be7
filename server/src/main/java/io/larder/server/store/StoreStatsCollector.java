package io.larder.server.store;

import java.util.ArrayList;
import java.util.List;

/** Adds the shards' accounts up. */
final class StoreStatsCollector {
    private StoreStatsCollector() {}

    /** Locking: each shard's lock in turn. */
    static StoreStats collect(
            Shard[] shards, SegmentTable segments, StoreCounters counters, long nowMillis) {
        long items = 0;
        long linked = 0;
        long live = 0;
        long dead = 0;
        long expired = 0;
        long index = 0;
        long beside = 0;
        long evictions = 0;
        long expirations = 0;
        long relocations = 0;
        long written = 0;
        long relocated = 0;
        for (Shard shard : shards) {
            shard.lock.lock();
            try {
                ShardAccount account = shard.account;
                account.expiry.advance(nowMillis);
                items += account.items();
                linked += account.itemsLinked();
                live += account.bytesLive();
                dead += account.bytesDead();
                expired += account.expiry.expiredBytes();
                index += shard.index.bytes();
                beside += account.bytesBesidePayload();
                evictions += account.evictions;
                expirations += account.expirations;
                relocations += account.relocations;
                written += account.bytesWritten;
                relocated += account.bytesRelocated;
            } finally {
                shard.lock.unlock();
            }
        }
        return new StoreStats(
                items,
                segments.budget().limitBytes(),
                live,
                dead,
                expired,
                index,
                (long) segments.free() * segments.segmentBytes(),
                linked == 0 ? 0 : (double) (index + beside) / linked,
                counters.hits.sum(),
                counters.misses.sum(),
                evictions,
                expirations,
                relocations,
                written,
                relocated,
                counters.readsLocked.sum(),
                counters.writesBusy.sum(),
                segments.segments(),
                segments.free(),
                segments.budget().withheld());
    }

    /** Locking: each shard's lock in turn. */
    static List<ShardStats> ofEach(Shard[] shards, long nowMillis) {
        List<ShardStats> each = new ArrayList<>(shards.length);
        for (Shard shard : shards) {
            shard.lock.lock();
            try {
                ShardAccount account = shard.account;
                account.expiry.advance(nowMillis);
                each.add(
                        new ShardStats(
                                shard.id,
                                account.items(),
                                account.bytesLive(),
                                account.bytesDead(),
                                account.expiry.expiredBytes(),
                                shard.index.bytes(),
                                account.bytesWritten,
                                account.bytesRelocated,
                                account.evictions,
                                account.expirations));
            } finally {
                shard.lock.unlock();
            }
        }
        return each;
    }
}

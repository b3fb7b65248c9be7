package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.metrics.StripedCounter;
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * Puts a shard's parts together. The one place where a checker's deliberately broken twin takes a
 * part's place, to show that the checker would notice.
 */
class ShardAssembly {
    HashIndex index(Memory arena, IndexChunks chunks) {
        return new HashIndex(arena, chunks);
    }

    SegmentLog log(SegmentTable segments, long nowMillis) {
        return new SegmentLog(segments, nowMillis);
    }

    Shard shard(
            int id,
            SegmentTable segments,
            HashIndex index,
            SegmentLog log,
            KeyHasher hasher,
            long nowMillis) {
        return new Shard(id, segments, index, log, hasher, nowMillis);
    }

    ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
        return new ShardReader(shard, hitSink, readsLocked);
    }

    ShardScanner scanner(Shard shard, int shards, StripedCounter readsLocked) {
        return new ShardScanner(shard, shards, readsLocked);
    }

    ShardWriter writer(WriteSteps steps) {
        return new ShardWriter(steps);
    }

    ShardReturns returns(WriteSteps steps, KeyHasher hasher) {
        return new ShardReturns(steps, hasher);
    }

    EntryUpdate update(
            Mutation[] mutations,
            Function<Key, ShardWriter> writerOf,
            EntryFunction function,
            long nowMillis) {
        return new EntryUpdate(mutations, writerOf, function, nowMillis);
    }

    Survivors survivors(Shard shard) {
        return new Survivors(shard);
    }

    ShardRebuild rebuild(
            Shard shard,
            KeyHasher hasher,
            LongPredicate isMine,
            ChainClaims claims,
            RebuildProgress progress) {
        return new ShardRebuild(shard, hasher, isMine, claims, progress);
    }

    SegmentRecycler recycler(Shard shard, ShardPolicy policy) {
        return new SegmentRecycler(shard, policy, survivors(shard));
    }
}

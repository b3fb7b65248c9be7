package io.larder.server.evict;

import io.larder.server.store.Liveness;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.ShardedStore.Reclaimed;
import io.larder.server.work.ShardTask;

/**
 * Reclaims one shard's segments while free ones are few. One unit of budget is one batch of items.
 */
final class EvictionTask implements ShardTask {
    private final ShardedStore store;
    private final int shard;
    private final Liveness liveness;
    private final SecondChance survival;
    private final Runnable onSegmentFree;

    EvictionTask(
            ShardedStore store,
            int shard,
            int segmentBytes,
            Liveness liveness,
            Runnable onSegmentFree) {
        this.store = store;
        this.shard = shard;
        this.liveness = liveness;
        this.survival = new SecondChance(segmentBytes);
        this.onSegmentFree = onSegmentFree;
    }

    @Override
    public int run(int budget) {
        for (int unit = 0; unit < budget; unit++) {
            Reclaimed reclaimed = step();
            if (reclaimed == Reclaimed.NOTHING_LEFT
                    || store.segmentsFree() >= store.highWatermark()) {
                return 0;
            }
        }
        return 1;
    }

    /**
     * Reclaims one whole segment, or the chain of a large value in it if that is room enough,
     * whatever the watermarks; false if the shard has none to give.
     */
    boolean runOnce() {
        Reclaimed reclaimed;
        int freeBefore = store.segmentsFree();
        do {
            reclaimed = step();
        } while (reclaimed == Reclaimed.PART && store.segmentsFree() <= freeBefore);
        return reclaimed != Reclaimed.NOTHING_LEFT;
    }

    private Reclaimed step() {
        int freeBefore = store.segmentsFree();
        Reclaimed reclaimed = store.reclaim(shard, survival, liveness);
        if (reclaimed == Reclaimed.SEGMENT) {
            survival.reset();
        }
        if (store.segmentsFree() > freeBefore) {
            onSegmentFree.run();
        }
        return reclaimed;
    }
}

package io.larder.server.evict;

import io.larder.server.store.Liveness;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.ShardedStore.Reclaimed;
import io.larder.server.work.ShardTask;

/**
 * Reclaims one shard's segments from when free ones are fewer than the low watermark until they are
 * as many as the high one, and while the store is over a lowered memory limit. One unit of budget
 * is one batch of items.
 */
final class EvictionTask implements ShardTask {
    /** Segments that may be reclaimed at once for nothing, everything in them being kept. */
    private static final int SEGMENTS_PER_HELP_MAX = 8;

    private final ShardedStore store;
    private final int shard;
    private final Liveness liveness;
    private final Runnable onSegmentFree;
    private boolean reclaiming;

    /** Segments reclaimed, and the most that were free, since that last became more. */
    private int fruitless;

    private int freeMost;

    EvictionTask(ShardedStore store, int shard, Liveness liveness, Runnable onSegmentFree) {
        this.store = store;
        this.shard = shard;
        this.liveness = liveness;
        this.onSegmentFree = onSegmentFree;
    }

    @Override
    public int run(int budget) {
        store.collectOverLimit(false);
        reclaiming |= store.segmentsFree() < store.lowWatermark() || store.segmentsOverLimit() > 0;
        for (int unit = 0; reclaiming && unit < budget; unit++) {
            Reclaimed reclaimed = step();
            reclaiming =
                    reclaimed != Reclaimed.NOTHING_LEFT
                            && (store.segmentsFree() < store.highWatermark()
                                    || store.segmentsOverLimit() > 0)
                            && !isInVain(reclaimed);
        }
        if (!reclaiming) {
            fruitless = 0;
            freeMost = 0;
        }
        return reclaiming ? 1 : 0;
    }

    /**
     * Whether each of the shard's segments was reclaimed and no more are free for it: all that it
     * has is kept, or writers take what it gives and ask again.
     */
    private boolean isInVain(Reclaimed reclaimed) {
        int free = store.segmentsFree();
        if (free > freeMost) {
            freeMost = free;
            fruitless = 0;
        } else if (reclaimed == Reclaimed.SEGMENT) {
            fruitless++;
        }
        return fruitless > store.sealedSegments(shard);
    }

    /** Makes room for a segment, whatever the watermarks; false if the shard has none to give. */
    boolean makeRoom() {
        int freeBefore = store.segmentsFree();
        for (int segments = 0; segments < SEGMENTS_PER_HELP_MAX; ) {
            Reclaimed reclaimed = step();
            if (reclaimed == Reclaimed.NOTHING_LEFT) {
                return segments > 0;
            }
            if (reclaimed == Reclaimed.SEGMENT) {
                segments++;
            }
            if (store.segmentsFree() > freeBefore && store.hasRoom()) {
                return true;
            }
        }
        return true;
    }

    private Reclaimed step() {
        int freeBefore = store.segmentsFree();
        Reclaimed reclaimed = store.reclaim(shard, liveness);
        if (reclaimed == Reclaimed.SEGMENT || store.segmentsFree() > freeBefore) {
            store.collectOverLimit(true);
            onSegmentFree.run();
        }
        return reclaimed;
    }
}

package io.larder.server.evict;

import io.larder.server.store.Liveness;
import io.larder.server.store.ShardedStore;
import io.larder.server.work.ShardTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Drops a shard's items that are no longer live, one full round over the index per request. One
 * unit of budget is one bucket.
 */
final class SweepTask implements ShardTask {
    private static final int BUCKETS_PER_HOLD = 64;

    private final ShardedStore store;
    private final int shard;
    private final Liveness liveness;
    private final AtomicInteger wanted = new AtomicInteger();

    // Of the running thread.
    private long nextBucket;
    private int begun;

    /** A sweep of one shard. */
    SweepTask(ShardedStore store, int shard, Liveness liveness) {
        this.store = store;
        this.shard = shard;
        this.liveness = liveness;
    }

    /** Wants a full round that begins after this call. */
    void want() {
        wanted.incrementAndGet();
    }

    @Override
    public int run(int budget) {
        for (int done = 0; done < budget; done += BUCKETS_PER_HOLD) {
            if (nextBucket == 0) {
                begun = wanted.get();
            }
            nextBucket = store.sweep(shard, nextBucket, BUCKETS_PER_HOLD, liveness);
            if (nextBucket < 0) {
                nextBucket = 0;
                return begun == wanted.get() ? 0 : 1;
            }
        }
        return 1;
    }
}

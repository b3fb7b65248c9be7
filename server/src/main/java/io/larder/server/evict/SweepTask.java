package io.larder.server.evict;

import io.larder.server.store.Liveness;
import io.larder.server.store.ShardedStore;
import io.larder.server.work.ShardTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Drops a shard's items that are no longer live, in one full round over the index for all requests
 * made before it begins; without one it does nothing. One unit of budget is one bucket.
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
                int last = wanted.get();
                if (begun == last) {
                    return 0;
                }
                begun = last;
            }
            long next = store.sweep(shard, nextBucket, BUCKETS_PER_HOLD, liveness);
            nextBucket = Math.max(0, next); // negative: the round is over
        }
        return nextBucket == 0 && begun == wanted.get() ? 0 : 1;
    }
}

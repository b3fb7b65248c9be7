package io.larder.server.expiry;

import io.larder.server.store.ShardedStore;
import io.larder.server.work.ShardTask;

/** Drops one shard's expired items. One unit of budget is one batch of items looked at. */
public final class ExpiryTask implements ShardTask {
    private final ShardedStore store;
    private final int shard;

    /** The task of one shard. */
    public ExpiryTask(ShardedStore store, int shard) {
        this.store = store;
        this.shard = shard;
    }

    @Override
    public int run(int budget) {
        for (int unit = 0; unit < budget; unit++) {
            if (!store.expire(shard)) {
                return 0;
            }
        }
        return 1;
    }
}

package io.larder.server.evict;

import io.larder.server.store.Liveness;
import io.larder.server.store.ShardedStore;
import io.larder.server.work.MaintenancePool;
import io.larder.server.work.ShardActor;
import java.util.function.Consumer;

/** Has all shards swept on the pool when something was cleared or invalidated. For any thread. */
final class Sweeper {
    /** Buckets per turn of one shard. */
    private static final int BUDGET = 512;

    private final SweepTask[] tasks;
    private final ShardActor[] actors;

    Sweeper(
            ShardedStore store,
            MaintenancePool pool,
            Liveness liveness,
            Consumer<Throwable> errors) {
        tasks = new SweepTask[store.shardCount()];
        actors = new ShardActor[tasks.length];
        for (int shard = 0; shard < tasks.length; shard++) {
            tasks[shard] = new SweepTask(store, shard, liveness);
            actors[shard] = new ShardActor(pool, tasks[shard], BUDGET, errors);
        }
    }

    /** Wants a round over each shard that begins after this call. Locking: none. */
    void request() {
        for (int shard = 0; shard < tasks.length; shard++) {
            tasks[shard].want();
            actors[shard].request();
        }
    }
}

package io.larder.server.evict;

import io.larder.server.store.Liveness;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.SpaceReclaimer;
import io.larder.server.work.MaintenancePool;
import io.larder.server.work.ShardActor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which shard reclaims, and who does it: the pool, or a writer that cannot wait. For any
 * thread.
 */
public final class Evictor implements SpaceReclaimer {
    /** Batches per turn of one shard: about a segment's worth, so that shards take turns. */
    private static final int BUDGET = 256;

    /** How long a starved writer waits for others' work before it looks again. */
    private static final long WAIT_MILLIS_MAX = 20;

    private static final class Shard {
        final EvictionTask task;
        final ShardActor actor;

        Shard(EvictionTask task, ShardActor actor) {
            this.task = task;
            this.actor = actor;
        }
    }

    private final ReentrantLock waiting = new ReentrantLock();
    private final Condition segmentFreed = waiting.newCondition();

    // Set once by attach, before the store is given to anybody.
    private @Nullable ShardedStore store;
    private @Nullable Sweeper sweeper;
    private Shard[] shards = {};

    /** Binds the evictor to the store it was given to. Before the store's first write. */
    public void attach(
            ShardedStore store,
            MaintenancePool pool,
            Liveness liveness,
            Consumer<Throwable> errors) {
        this.store = store;
        Shard[] all = new Shard[store.shardCount()];
        for (int id = 0; id < all.length; id++) {
            EvictionTask task =
                    new EvictionTask(store, id, store.segmentBytes(), liveness, this::signalFreed);
            all[id] = new Shard(task, new ShardActor(pool, task, BUDGET, errors));
        }
        this.shards = all;
        this.sweeper = new Sweeper(store, pool, liveness, errors);
    }

    /** Locking: none. */
    @Override
    public void request(int shard) {
        if (shards.length > 0) {
            shards[fullest(shard)].actor.request();
        }
    }

    /** Locking: none. */
    @Override
    public void sweep() {
        Sweeper attached = sweeper;
        if (attached != null) {
            attached.request();
        }
    }

    /**
     * Reclaims a segment of the fullest shard whose task is at rest; if all are busy, waits a
     * bounded time for one of them to free a segment.
     *
     * <p>Locking: shard locks, through the task; waits up to {@value #WAIT_MILLIS_MAX} ms.
     */
    @Override
    public boolean help(int shard) {
        ShardedStore attached = store;
        if (attached == null) {
            return false;
        }
        request(shard);
        int fullest = fullest(shard);
        if (reclaimOne(fullest)) {
            return true;
        }
        for (int i = 1; i < shards.length; i++) {
            int other = (fullest + i) & (shards.length - 1);
            if (attached.sealedSegments(other) > 0 && reclaimOne(other)) {
                return true;
            }
        }
        return awaitRoom(attached);
    }

    /** Reclaims a segment of a shard on this thread, unless its task runs or has none to give. */
    private boolean reclaimOne(int shard) {
        boolean[] reclaimed = {false};
        EvictionTask task = shards[shard].task;
        shards[shard].actor.tryRun(
                budget -> {
                    reclaimed[0] = task.runOnce();
                    return 0;
                });
        return reclaimed[0];
    }

    private boolean awaitRoom(ShardedStore attached) {
        waiting.lock();
        try {
            long leftNanos = TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS_MAX);
            while (!attached.hasRoom()) {
                if (leftNanos <= 0) {
                    return false;
                }
                leftNanos = segmentFreed.awaitNanos(leftNanos);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiting.unlock();
        }
    }

    private void signalFreed() {
        waiting.lock();
        try {
            segmentFreed.signalAll();
        } finally {
            waiting.unlock();
        }
    }

    /** The shard with the most sealed segments, {@code preferred} if it is among the fullest. */
    private int fullest(int preferred) {
        ShardedStore attached = store;
        if (attached == null) {
            return preferred;
        }
        int fullest = preferred;
        int most = attached.sealedSegments(preferred);
        for (int shard = 0; shard < shards.length; shard++) {
            int sealed = attached.sealedSegments(shard);
            if (sealed > most) {
                most = sealed;
                fullest = shard;
            }
        }
        return fullest;
    }
}

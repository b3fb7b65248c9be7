package io.larder.server.evict;

import io.larder.server.accesslog.AccessLog;
import io.larder.server.accesslog.AccessSink;
import io.larder.server.policy.Admission;
import io.larder.server.store.Liveness;
import io.larder.server.store.ShardPolicy;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.SpaceReclaimer;
import io.larder.server.work.MaintenancePool;
import io.larder.server.work.ShardActor;
import io.larder.server.work.ShardTask;
import io.larder.server.work.TaskPair;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;
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
        final EvictionTask eviction;
        final SweepTask sweep;
        final ShardActor actor;

        Shard(EvictionTask eviction, SweepTask sweep, ShardActor actor) {
            this.eviction = eviction;
            this.sweep = sweep;
            this.actor = actor;
        }
    }

    private final ReentrantLock waiting = new ReentrantLock();
    private final Condition segmentFreed = waiting.newCondition();

    // Set once by attach, before the store is given to anybody.
    private @Nullable ShardedStore store;
    private Shard[] shards = {};

    /** The policy of a shard of the store that this evictor is for. */
    public static ShardPolicy policy(Admission admission, int shard) {
        return new SegmentPolicy(admission, shard);
    }

    /**
     * Tells the policies of the hits that readers logged; of inserts they know by themselves. For
     * one thread at a time.
     */
    public static AccessSink accesses(Admission admission) {
        return (entries, count) -> {
            for (int i = 0; i < count; i++) {
                if (!AccessLog.isInsert(entries[i])) {
                    admission.hit(AccessLog.hash(entries[i]));
                }
            }
        };
    }

    /**
     * Binds the evictor to the store it was given to. Before the store's first write.
     *
     * @param upkeep what else is to be done for a shard, on the same actor and before eviction and
     *     sweeping
     */
    public void attach(
            ShardedStore store,
            MaintenancePool pool,
            Liveness liveness,
            IntFunction<ShardTask> upkeep,
            Consumer<Throwable> errors) {
        this.store = store;
        Shard[] all = new Shard[store.shardCount()];
        for (int id = 0; id < all.length; id++) {
            EvictionTask eviction = new EvictionTask(store, id, liveness, this::signalFreed);
            SweepTask sweep = new SweepTask(store, id, liveness);
            ShardTask everything = new TaskPair(new TaskPair(upkeep.apply(id), eviction), sweep);
            all[id] = new Shard(eviction, sweep, new ShardActor(pool, everything, BUDGET, errors));
        }
        this.shards = all;
    }

    /** Has the shard's upkeep done soon. Locking: none. */
    public void upkeep(int shard) {
        if (shards.length > 0) {
            shards[shard].actor.request();
        }
    }

    /**
     * Has every shard reclaim if the store is over a lowered memory limit: at once, and again and
     * again until it is not, since what holds a segment today may let go of it tomorrow.
     *
     * <p>Locking: none.
     */
    public void requestUnderLimit() {
        ShardedStore attached = store;
        if (attached != null && attached.segmentsOverLimit() > 0) {
            for (Shard shard : shards) {
                shard.actor.request();
            }
        }
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
        for (Shard shard : shards) {
            shard.sweep.want();
            shard.actor.request();
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
        EvictionTask eviction = shards[shard].eviction;
        shards[shard].actor.tryRun(
                budget -> {
                    reclaimed[0] = eviction.makeRoom();
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

    /**
     * The shard that has most to give: most dead bytes, if it has segments of them, so that nothing
     * live goes where dead bytes would do; else most sealed segments; {@code preferred} of equals.
     */
    private int fullest(int preferred) {
        ShardedStore attached = store;
        if (attached == null) {
            return preferred;
        }
        int fullest = preferred;
        long most = wealth(attached, preferred);
        for (int shard = 0; shard < shards.length; shard++) {
            long wealth = wealth(attached, shard);
            if (wealth > most) {
                most = wealth;
                fullest = shard;
            }
        }
        return fullest;
    }

    private static long wealth(ShardedStore store, int shard) {
        long deadSegments = store.bytesToCompact(shard) / store.segmentBytes();
        return (deadSegments > 1 ? deadSegments << Integer.SIZE : 0) + store.sealedSegments(shard);
    }
}

package io.larder.server.tier;

import io.larder.server.store.ShardOverflow;
import io.larder.server.store.ShardPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the tier knows of one shard: its directory, and the victims of the segment that is being
 * evicted, which become one batch. Under the shard's lock unless {@link ShardOverflow} says
 * otherwise; memory only.
 */
final class ShardVictims implements ShardOverflow {
    final Directory directory;
    private final int shard;
    private final TierHealth health;
    private final TierCounters counters;
    private final PendingVictims pending;
    private final Consumer<List<Victim>> onBatch;
    private List<Victim> batch = new ArrayList<>();

    /**
     * @param onBatch given each batch, under the lock; it only queues it
     */
    ShardVictims(
            int shard,
            Directory directory,
            TierHealth health,
            TierCounters counters,
            PendingVictims pending,
            Consumer<List<Victim>> onBatch) {
        this.shard = shard;
        this.directory = directory;
        this.health = health;
        this.counters = counters;
        this.pending = pending;
        this.onBatch = onBatch;
    }

    /** What MAIN gives up was read once; what SMALL gives up must have been. */
    @Override
    public boolean wants(int queue, int freq, int itemBytes) {
        if (!health.isOn() || (queue == ShardPolicy.SMALL && freq == 0)) {
            return false;
        }
        boolean hasRoom = pending.hasRoom(itemBytes);
        if (!hasRoom) {
            counters.victimsDropped.increment();
        }
        return hasRoom;
    }

    @Override
    public void evicted(long hash, long stamp, byte[] item) {
        Victim victim = new Victim(shard, hash, stamp, item);
        pending.add(victim); // before it can be found
        batch.add(victim);
        directory.put(hash, stamp);
        counters.victims.increment();
    }

    @Override
    public void segmentEvicted() {
        if (!batch.isEmpty()) {
            onBatch.accept(batch);
            batch = new ArrayList<>();
        }
    }

    @Override
    public long stamp(long hash) {
        return health.isOn() ? directory.stamp(hash) : NONE;
    }

    @Override
    public void changed(long hash) {
        if (directory.remove(hash)) {
            counters.voided.increment();
        }
    }

    @Override
    public void read(long hash, long stamp) {
        directory.markRead(hash, stamp);
    }

    @Override
    public void clear() {
        directory.clear();
        batch.forEach(pending::remove);
        batch = new ArrayList<>();
    }
}

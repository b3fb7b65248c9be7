package io.larder.server.tier;

import io.larder.server.store.ShardedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of victims, one after the other. Any thread submits; one writes. The queue is
 * bounded by the bytes of {@link PendingVictims}.
 */
final class VictimWriter {
    private final BlockingQueue<List<Victim>> batches = new LinkedBlockingQueue<>();
    private final ShardedStore store;
    private final ShardVictims[] shards;
    private final PendingVictims pending;
    private final TierHealth health;
    private final TierCounters counters;
    private final Supplier<@Nullable DiskLog> log;

    VictimWriter(
            ShardedStore store,
            ShardVictims[] shards,
            PendingVictims pending,
            TierHealth health,
            TierCounters counters,
            Supplier<@Nullable DiskLog> log) {
        this.store = store;
        this.shards = shards;
        this.pending = pending;
        this.health = health;
        this.counters = counters;
        this.log = log;
    }

    /** Takes a batch. Locking: none that blocks; called under a shard's lock. */
    void submit(List<Victim> batch) {
        batches.add(batch);
    }

    /** Writes the next batch, if one comes in time; says whether one came. */
    boolean step(long waitMillis) throws InterruptedException {
        List<Victim> batch = batches.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (batch != null) {
            write(batch);
        }
        return batch != null;
    }

    private void write(List<Victim> batch) {
        List<Victim> current = withoutVoid(batch);
        DiskLog open = log.get();
        boolean isWritten = false;
        if (health.isOn() && open != null) {
            isWritten = current.isEmpty() || write(open, current);
        }
        if (!isWritten) {
            current.forEach(victim -> store.forgetOverflowed(victim.hash(), victim.stamp()));
        }
        batch.forEach(pending::remove);
    }

    /** What was void by now is not written: nothing names it any more, so nobody could find it. */
    private List<Victim> withoutVoid(List<Victim> batch) {
        List<Victim> current = new ArrayList<>(batch.size());
        for (Victim victim : batch) {
            if (shards[victim.shard()].directory.stamp(victim.hash()) == victim.stamp()) {
                current.add(victim);
            }
        }
        counters.victimsSkipped.add(batch.size() - current.size());
        return current;
    }

    private boolean write(DiskLog open, List<Victim> victims) {
        try {
            open.write(victims);
        } catch (IOException e) {
            health.broken(e);
            return false;
        }
        counters.batches.increment();
        counters.bytesWritten.add(victims.stream().mapToLong(each -> each.item().length).sum());
        return true;
    }
}

package io.larder.server.tier;

import io.larder.server.store.Key;
import io.larder.server.store.OverflowedItem;
import io.larder.server.tier.OverflowTier.FetchWaiter;
import io.larder.server.tier.OverflowTier.Fetched;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Fetches under way: one for each stamp, however many wait for it. For any thread; the fetches are
 * an executor's. Bounded by {@link #WAITERS_MAX}; beyond it a fetch is refused.
 */
/*
 * A waiter joins a fetch while it is in the table, and is told by whoever takes it out: both inside
 * of the table's compute for that name, so none is forgotten and none is told twice.
 */
final class DiskReads {
    /** Waiters at a time. */
    static final int WAITERS_MAX = 1 << 14;

    /** Brings what is kept under a name, and takes it back into memory if that is wanted. */
    @FunctionalInterface
    interface Source {
        @Nullable OverflowedItem fetch(Fetch fetch);
    }

    /** A waiter, with the hash of its key: of two keys under one stamp each is told its own. */
    private record Waiting(FetchWaiter waiter, long hash) {}

    /** One fetch. Its list is guarded by the table. */
    static final class Fetch {
        final int shard;
        final long hash;
        final long stamp;
        private final List<Waiting> waiters = new ArrayList<>(1);
        private volatile boolean takesBack;

        Fetch(int shard, long hash, long stamp) {
            this.shard = shard;
            this.hash = hash;
            this.stamp = stamp;
        }

        long name() {
            return Victim.name(shard, stamp);
        }

        /** Whether somebody wants the item in memory, or it is worth it. */
        boolean takesBack() {
            return takesBack;
        }
    }

    private final ConcurrentHashMap<Long, Fetch> fetches = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Executor readers;
    private final Source source;
    private final TierCounters counters;

    DiskReads(Executor readers, Source source, TierCounters counters) {
        this.readers = readers;
        this.source = source;
        this.counters = counters;
    }

    /** Waiters of all fetches. */
    int waiting() {
        return waiting.get();
    }

    /** See {@link OverflowTier#fetch}. */
    boolean fetch(int shard, Key key, long stamp, boolean takeBack, FetchWaiter waiter) {
        if (waiting.incrementAndGet() > WAITERS_MAX) {
            waiting.decrementAndGet();
            counters.readsRefused.increment();
            return false;
        }
        Fetch fresh = new Fetch(shard, key.hash(), stamp);
        Fetch fetch =
                fetches.compute(
                        fresh.name(),
                        (name, present) ->
                                join(present, fresh, takeBack, new Waiting(waiter, key.hash())));
        if (fetch == fresh) {
            begin(fresh);
        } else {
            counters.readsJoined.increment();
        }
        return true;
    }

    private static Fetch join(
            @Nullable Fetch present, Fetch fresh, boolean takeBack, Waiting waiting) {
        Fetch fetch = present == null ? fresh : present;
        fetch.waiters.add(waiting);
        if (takeBack || fetch.waiters.size() > 1) {
            fetch.takesBack = true;
        }
        return fetch;
    }

    private void begin(Fetch fetch) {
        try {
            readers.execute(() -> carryOut(fetch));
        } catch (RejectedExecutionException closing) {
            carryOut(fetch); // finds nothing any more
        }
    }

    private void carryOut(Fetch fetch) {
        OverflowedItem item = null;
        try {
            item = source.fetch(fetch);
        } finally {
            List<Waiting> told = new ArrayList<>();
            fetches.compute(
                    fetch.name(),
                    (name, present) -> {
                        told.addAll(fetch.waiters);
                        return null;
                    });
            waiting.addAndGet(-told.size());
            for (Waiting each : told) {
                each.waiter.onFetched(new Fetched(each.hash, fetch.stamp, item));
            }
        }
    }
}

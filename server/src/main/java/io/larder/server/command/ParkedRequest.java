package io.larder.server.command;

import io.larder.server.lease.LeaseWaiter;
import io.larder.server.store.Key;
import io.larder.server.store.OverflowedItem;
import io.larder.server.tier.OverflowTier.FetchWaiter;
import io.larder.server.tier.OverflowTier.Fetched;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits until the lease of its key ends, or for values that are fetched from disk,
 * with a copy of its frame. Belongs to the connection's event loop, but for {@link #onLeaseEnd} and
 * {@link #onFetched}.
 */
final class ParkedRequest implements ParkedRequests.Waiting, LeaseWaiter, FetchWaiter {
    final ByteBuf frame; // on the heap
    final long arrivalMillis;

    /** Of the key whose lease it waits for. */
    long hash;

    /** How often it has waited for the disk. */
    int fetches;

    @Nullable Future<?> timer;
    private final ParkedRequests owner;
    private final AtomicInteger missing = new AtomicInteger();
    private final List<Fetched> fetched = new ArrayList<>(1); // guarded by itself

    ParkedRequest(ParkedRequests owner, ByteBuf frame, long arrivalMillis) {
        this.owner = owner;
        this.frame = frame;
        this.arrivalMillis = arrivalMillis;
    }

    @Override
    public void onLeaseEnd() {
        owner.wake(this);
    }

    /** Begins to wait for values: {@code count} calls of {@link #onFetched} or {@link #oneLess}. */
    void beginFetches(int count) {
        fetches++;
        synchronized (fetched) {
            fetched.clear();
        }
        missing.set(count);
    }

    @Override
    public void onFetched(Fetched value) {
        synchronized (fetched) {
            fetched.add(value);
        }
        oneLess();
    }

    /** One that was to come does not have to. */
    void oneLess() {
        if (missing.decrementAndGet() == 0) {
            owner.wake(this);
        }
    }

    /** Whether all it waited for has come. */
    boolean isFetched() {
        return missing.get() <= 0;
    }

    /** Notes on a key what was fetched for it in vain. */
    void noteOn(Key key) {
        Fetched value = fetched(key.hash());
        OverflowedItem item = value == null ? null : value.item();
        if (value != null && (item == null || !item.isOf(key))) {
            key.passOver(value.stamp());
        }
    }

    /** What was fetched for the key of a hash; null if nothing was, or is still to come. */
    @Nullable Fetched fetched(long keyHash) {
        synchronized (fetched) {
            for (Fetched value : fetched) {
                if (value.hash() == keyHash) {
                    return value;
                }
            }
        }
        return null;
    }
}

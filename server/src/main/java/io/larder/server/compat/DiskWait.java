package io.larder.server.compat;

import io.larder.server.command.CommandServices;
import io.larder.server.store.Key;
import io.larder.server.store.OverflowedItem;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardOverflow;
import io.larder.server.tier.OverflowTier;
import io.larder.server.tier.OverflowTier.FetchWaiter;
import io.larder.server.tier.OverflowTier.Fetched;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one connection for values that are on disk. Its protocols answer in order, so a
 * request whose key is there holds up those behind it: it stays in the input, all of its keys are
 * asked for at once, and when they have come it is carried out as if they had been in memory.
 * Belongs to the connection's event loop; fetches end on any thread.
 */
/*
 *              want, want, ...      await: something was asked for
 *   request -> (round of fetches) -----------------------> input rests, REPLIES BEFORE ARE SENT
 *                  | nothing to fetch                         | last fetch over, or late
 *                  v                                          v
 *              carried out <---------------- want, want, ... (the input is looked at again)
 *
 * A round counts its own fetches: what comes late for an earlier one finds its count elsewhere.
 */
public final class DiskWait {
    /** How often a request waits before it is answered as well as can be. */
    private static final int ROUNDS_MAX = 4;

    private final OverflowTier tier;
    private final Items items;
    private final Peer peer;
    private @Nullable Round round;
    private @Nullable Future<?> timer;
    private int rounds;

    private final class Round implements FetchWaiter {
        final Map<Long, Fetched> fetched = new ConcurrentHashMap<>();
        final AtomicInteger missing = new AtomicInteger(1); // one until all have been asked for

        @Override
        public void onFetched(Fetched value) {
            fetched.put(value.hash(), value);
            oneLess();
        }

        void oneLess() {
            if (missing.decrementAndGet() == 0) {
                peer.wake();
            }
        }
    }

    public DiskWait(CommandServices services, Items items, Peer peer) {
        this.tier = services.overflow();
        this.items = items;
        this.peer = peer;
    }

    /** Whether anything can be on disk at all; if not, the rest need not be called. */
    public boolean isPossible() {
        return tier.isAttached();
    }

    /** Whether a round of fetches is under way: nothing is to be carried out. */
    public boolean isWaiting() {
        Round present = round;
        return present != null && present.missing.get() > 0;
    }

    /** The next request needs the value of this key. */
    public void want(Key key, boolean takeBack) {
        Round before = round;
        if (before != null && before.missing.get() <= 0) {
            Fetched value = before.fetched.get(key.hash());
            OverflowedItem item = value == null ? null : value.item();
            if (value != null && (item == null || !item.isOf(key))) {
                key.passOver(value.stamp());
            }
        }
        items.fetched(null);
        long stamp = tier.stamp(key);
        if (rounds >= ROUNDS_MAX || stamp == ShardOverflow.NONE || items.exists(key)) {
            return;
        }
        if (!takeBack && before != null && before.fetched.containsKey(key.hash())) {
            return;
        }
        Round asking = asking(before);
        asking.missing.incrementAndGet();
        if (!tier.fetch(key, stamp, takeBack, asking)) {
            asking.missing.decrementAndGet();
        }
    }

    private Round asking(@Nullable Round before) {
        if (before != null && before.missing.get() > 0) {
            return before;
        }
        Round next = new Round();
        round = next;
        rounds++;
        return next;
    }

    /** All keys were wanted: whether the request has to wait. If not, it is to be carried out. */
    public boolean await() {
        Round asked = round;
        if (asked != null && asked.missing.get() > 0) {
            timer = peer.schedule(() -> late(asked), tier.fetchMillisMax());
            asked.oneLess();
            return true;
        }
        items.fetched(this);
        return false;
    }

    private void late(Round asked) {
        if (round == asked && asked.missing.getAndSet(0) > 0) {
            tier.fetchIsLate();
            rounds = ROUNDS_MAX;
            peer.wake();
        }
    }

    /** The request was carried out. */
    public void done() {
        round = null;
        rounds = 0;
        items.fetched(null);
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    boolean read(Key key, long nowMillis, ItemSink sink) {
        Round present = round;
        Fetched value = present == null ? null : present.fetched.get(key.hash());
        return value != null && tier.read(key, value, nowMillis, sink) == ReadStatus.HIT;
    }
}

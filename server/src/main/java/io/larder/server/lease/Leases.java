package io.larder.server.lease;

import io.larder.server.memory.Slice;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.StripedCounter;
import io.larder.server.store.Mutation;
import io.larder.server.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one server: for a key that is being loaded, who loads it, until when, and who
 * waits. Any thread may call anything.
 *
 * <p>Bounds: {@link LeaseLimits}; an entry takes about 200 bytes, and up to {@link #KEY_BYTES_KEPT}
 * of its key.
 */
/*
 *            acquire                    fill, release, change of the key, clear of its region,
 *   (none) -----------> held, waiters   of a prefix of it or of a tag, time over, holder gone
 *      ^                  |
 *      +------------------+  waiters are told, and ask again: the first to come has the next lease
 *
 * What a lease is worth is decided elsewhere: the store notes a fill when the lease is granted, and
 * stores a value for it only if nothing has changed the key since (io.larder.server.store.OpenFills),
 * in one hold of the shard's lock. This table is about who is granted one and who is told. If it
 * were late to learn of a change, somebody would load in vain; nothing stale would be stored.
 *
 * One at a time. A key's lease is looked up, granted and ended under its stripe. One whose time is
 * over is ended by the next one who asks, or by its holder.
 *
 * No waiter is forgotten. It joins a lease under the stripe, and who ends the lease takes it out of
 * the table under the stripe, with its waiters, then tells them. Either the waiter came before, and
 * is told, or it finds no lease. A value is stored before its lease is ended: who is told, and reads
 * again, finds it.
 *
 * Unused it costs a write one volatile read, of `count`. That this read is not too early: who
 * acquires raises `count` before it takes the shard's lock to note the fill. A write whose hold of
 * that lock comes later happens after, so it reads `count` raised, enters the stripe, and finds the
 * lease. One whose hold came earlier has nothing to end: the lease was granted on what it wrote.
 *
 * A clear is no change of a key, and does not know which keys it concerns: it looks through all
 * leases, once it holds for the store. A lease that it does not meet was granted in a stripe that it
 * had left, or while it read `count` as 0. Either way the fill was noted after the clear, so what is
 * loaded for it is no older. By tag it ends those that have named the tag when they asked. One that
 * has not, and whose value turns out to have it, is refused by the store when it comes.
 *
 * A lease is known by the 64-bit hash of its space and key. Should two keys share one, the second
 * waits for the first one's load, and a write to either ends it: slower, never wrong, since the
 * store has it the same way.
 */
public final class Leases {
    /** How {@link #acquire} ended. */
    public enum Answer {
        /** Granted; {@link LeaseRequest#token} names it. */
        YOURS,
        /** Another one has it. */
        OTHERS,
        /** Another one has it, and the waiter will be told. */
        PARKED,
        /** The key is not as it was read: to be read again. */
        CHANGED,
        /** There are too many leases. */
        FULL
    }

    /** Bytes of a key that its lease remembers, for clears by prefix and for listeners. */
    public static final int KEY_BYTES_KEPT = 256;

    private static final int STRIPES = 64;

    private final Store store;
    private final LeaseLimits limits;
    private final LeaseListener listener;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger parked = new AtomicInteger();
    private final StripedCounter granted = new StripedCounter();
    private final StripedCounter voided = new StripedCounter();

    /** Guarded by itself. */
    private static final class Stripe {
        final Long2ObjectHashMap<Lease> leases = new Long2ObjectHashMap<>();
    }

    /** A table of no leases for keys of this store. */
    public Leases(Store store, LeaseLimits limits) {
        this(store, limits, LeaseListener.NONE);
    }

    /** The same, with somebody who is told of them. */
    public Leases(Store store, LeaseLimits limits, LeaseListener listener) {
        this.listener = listener;
        this.store = store;
        this.limits = limits;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /** Adds what it counts to a registry. */
    public void registerMetrics(MetricsRegistry metrics) {
        metrics.register("leases", "Keys that somebody may load now", count::get);
        metrics.registerCounter(
                "leases_granted", "Rights to load that were given out", granted::sum);
        metrics.registerCounter(
                "leases_voided", "Leases ended by a change or a clear", voided::sum);
        metrics.register("parked_requests", "Requests that wait for a lease", parked::get);
    }

    /** The bounds. */
    public LeaseLimits limits() {
        return limits;
    }

    /**
     * Asks for the right to load a key.
     *
     * <p>Locking: the key's stripe, the shard's lock inside of it; ends a lease that is over.
     */
    public Answer acquire(LeaseRequest request) {
        long hash = request.key.hash();
        Stripe stripe = stripe(hash);
        Lease over = null;
        Lease made = null;
        synchronized (stripe) {
            Lease present = stripe.leases.get(hash);
            if (present != null && !present.isOver(request.nowMillis)) {
                request.endMillis = present.endMillis;
                return join(present, request.waiter) ? Answer.PARKED : Answer.OTHERS;
            }
            if (present != null) {
                over = present;
            } else if (count.incrementAndGet() > limits.leasesMax()) {
                count.decrementAndGet();
                return Answer.FULL;
            } else {
                made = grant(request, stripe);
            }
        }
        if (over != null) {
            end(over);
        }
        if (made == null) {
            return Answer.CHANGED;
        }
        listener.granted(made.space, hash, made.key, made.fill);
        return Answer.YOURS;
    }

    /** Null if the key is not as it was read. */
    private @Nullable Lease grant(LeaseRequest request, Stripe stripe) {
        long fill = store.beginFill(request.key, request.version, request.nowMillis);
        if (fill == Mutation.NO_FILL) {
            count.decrementAndGet();
            return null;
        }
        Lease lease = new Lease(request, fill);
        stripe.leases.put(lease.hash, lease);
        request.holder.leases.add(lease);
        request.token = fill;
        granted.increment();
        return lease;
    }

    private boolean join(Lease lease, @Nullable LeaseWaiter waiter) {
        if (waiter == null) {
            return false;
        }
        if (parked.incrementAndGet() > limits.parkedMax()) {
            parked.decrementAndGet();
            return false;
        }
        lease.waiters.add(waiter);
        return true;
    }

    /**
     * Has a waiter wait no more; false if it has been told already, or is about to be.
     *
     * <p>Locking: the key's stripe.
     */
    public boolean leave(long hash, LeaseWaiter waiter) {
        Stripe stripe = stripe(hash);
        synchronized (stripe) {
            Lease lease = stripe.leases.get(hash);
            if (lease == null || !lease.waiters.remove(waiter)) {
                return false;
            }
        }
        parked.decrementAndGet();
        return true;
    }

    /**
     * Whether a lease still holds. Locking: the key's stripe.
     *
     * @param hash of the key
     */
    public boolean holds(long hash, long token, long nowMillis) {
        Stripe stripe = stripe(hash);
        synchronized (stripe) {
            Lease lease = stripe.leases.get(hash);
            return lease != null && lease.fill == token && !lease.isOver(nowMillis);
        }
    }

    /**
     * Whether anybody has a key's lease. Locking: none if there are no leases; else the key's
     * stripe.
     *
     * @param hash of the key
     */
    public boolean isHeld(long hash, long nowMillis) {
        if (count.get() == 0) {
            return false;
        }
        Stripe stripe = stripe(hash);
        synchronized (stripe) {
            Lease lease = stripe.leases.get(hash);
            return lease != null && !lease.isOver(nowMillis);
        }
    }

    /**
     * Ends a lease, if it is not over: it has been used, or is given back.
     *
     * <p>Locking: the key's stripe, then the shard's lock; the waiters are told with none held.
     *
     * @param hash of the key
     * @return whether it was held
     */
    public boolean end(long hash, long token) {
        Lease lease = count.get() == 0 ? null : take(hash, token);
        return lease != null && finish(lease);
    }

    /**
     * The key has been written or deleted: ends its lease, if there is one.
     *
     * <p>Locking: none if there are no leases; else as {@link #end}.
     *
     * @param hash of the key
     * @param token of the lease that the value was stored for; {@link Mutation#NO_FILL} if for none
     */
    public void onChange(long hash, long token) {
        Lease lease = count.get() == 0 ? null : take(hash, Mutation.NO_FILL);
        if (lease != null) {
            if (lease.fill != token) {
                voided.increment();
            }
            finish(lease);
        }
    }

    /** Ends all leases in a space that a clear has left behind. Locking: as {@link #end}. */
    public void onSpaceCleared(int space) {
        endCleared(lease -> lease.space == space);
    }

    /**
     * Items under a prefix were cleared: ends the leases of keys under it, and perhaps of some
     * others where it is longer than {@link #KEY_BYTES_KEPT}. Locking: as {@link #end}.
     */
    public void onPrefixCleared(int space, Slice prefix) {
        endCleared(lease -> lease.mayBeUnder(space, prefix));
    }

    /**
     * Items with a tag were cleared: ends the leases that named it. Locking: as {@link #end}.
     *
     * @param tag its hash
     */
    public void onTagCleared(long tag) {
        endCleared(lease -> lease.isTagged(tag));
    }

    private void endCleared(Predicate<Lease> isMeant) {
        if (count.get() == 0) {
            return;
        }
        List<Lease> cleared = new ArrayList<>();
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                for (Lease lease : stripe.leases.values()) {
                    if (isMeant.test(lease)) {
                        cleared.add(lease);
                    }
                }
            }
        }
        for (Lease lease : cleared) {
            if (end(lease)) {
                voided.increment();
            }
        }
    }

    /** Ends the leases of a holder that are over. On its thread. Locking: as {@link #end}. */
    public void endOver(LeaseHolder holder, long nowMillis) {
        for (Lease lease : holder.leases) {
            if (lease.isOver(nowMillis)) {
                end(lease);
            }
        }
    }

    /** Ends all leases of a holder, which asks for no more. Locking: as {@link #end}. */
    public void endAll(LeaseHolder holder) {
        holder.leases.forEach(this::end);
    }

    private boolean end(Lease lease) {
        Lease taken = take(lease.hash, lease.fill);
        return taken != null && finish(taken);
    }

    /** Takes a lease out of the table: that with this token, or with any if it is NO_FILL. */
    private @Nullable Lease take(long hash, long token) {
        Stripe stripe = stripe(hash);
        Lease lease;
        synchronized (stripe) {
            lease = stripe.leases.get(hash);
            if (lease == null || (token != Mutation.NO_FILL && lease.fill != token)) {
                return null;
            }
            stripe.leases.remove(hash);
            lease.holder.leases.remove(lease);
        }
        count.decrementAndGet();
        return lease;
    }

    /** What follows once a lease is out of the table, and nobody can join it any more. */
    private boolean finish(Lease lease) {
        store.endFill(lease.hash, lease.fill);
        parked.addAndGet(-lease.waiters.size());
        lease.waiters.forEach(LeaseWaiter::onLeaseEnd);
        listener.ended(lease.space, lease.hash, lease.key, lease.fill);
        return true;
    }

    private Stripe stripe(long hash) {
        return stripes[(int) hash & STRIPES - 1];
    }
}

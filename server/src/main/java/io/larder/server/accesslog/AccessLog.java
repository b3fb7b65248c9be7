package io.larder.server.accesslog;

import io.larder.server.memory.Memory;
import io.larder.server.metrics.MetricsRegistry;
import io.larder.server.metrics.ThreadStripes;
import io.larder.server.store.HitSink;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which keys were read and which were new, for those who learn from it: a lossy log of hashes. Any
 * thread records, {@link #drain} is for one at a time; a drop costs the learners accuracy and
 * nothing else, and is counted.
 *
 * <p>An entry is a key's hash whose lowest bit tells an insert (1) from a hit (0). Learners know a
 * key by {@link #hash}, the other 63 bits.
 *
 * <p>Bounds: {@link ThreadStripes#COUNT} rings of their own for platform threads and {@link
 * ThreadStripes#SHARED_COUNT} shared ones for all others, each made when first used, of {@link
 * #RING_ENTRIES} entries.
 */
public final class AccessLog implements HitSink {
    /*
     *   platform thread --- stripe of its own ---> AccessRing --+
     *   platform thread --- stripe of its own ---> AccessRing --+
     *                                                           +--> drain --> AccessSink
     *   virtual thread ---+                                     |
     *   virtual thread ---+-- claim by CAS ------> AccessRing --+
     *   no stripe free ---+   else drop
     *
     * Each ring has one producer at a time. A stripe's owner is one until it dies, and what it
     * wrote happens before what the next owner does (ThreadStripes). The claim of a shared ring is
     * taken by CAS and given up by a release store. A virtual thread is not unmounted in between,
     * so a claim is held for some nanoseconds unless the system takes the processor away; whoever
     * meets it does not wait but drops.
     *
     * The one consumer at a time is the caller's business: an actor's turns happen one before the
     * other. It reads rings of dead threads as any other, so nothing is lost with a thread and no
     * ring is kept for one.
     *
     * A hit writes the slot and the tail of a ring that only this thread writes. Lines move
     * between processors when the consumer reads them, once in half a ring's length.
     */

    /** Entries per ring: 8 KiB, so that two fit the first-level cache beside what is worked on. */
    public static final int RING_ENTRIES = 1024;

    private static final int BATCH = 256;
    private static final long INSERT = 1;

    private final AccessRings rings;
    private volatile Runnable drainDue = () -> {};

    // Of the draining thread.
    private final long[] batch = new long[BATCH];
    private final AtomicLong drained = new AtomicLong(); // set by it alone, read by any

    /** An empty log. */
    public AccessLog() {
        this(RING_ENTRIES);
    }

    /** A log whose rings have {@code ringEntries} entries, a power of two and at least 2. */
    AccessLog(int ringEntries) {
        this.rings = new AccessRings(ringEntries);
    }

    /**
     * Has {@code drainDue} called whenever a thread has filled another half of its ring, on that
     * thread: it must not block, and be cheap.
     */
    public void onDrainDue(Runnable drainDue) {
        this.drainDue = drainDue;
    }

    /** Whether an entry stands for a new key rather than a hit. */
    public static boolean isInsert(long entry) {
        return (entry & INSERT) != 0;
    }

    /** What identifies a key here: its hash, or an entry for it, without the lowest bit. */
    public static long hash(long hashOrEntry) {
        return hashOrEntry & ~INSERT;
    }

    /** Raises the slot's frequency, then records the hit. Locking: none. */
    @Override
    public void hit(Memory memory, long slotPosition, long slot, long hash) {
        HitSink.FREQUENCY.hit(memory, slotPosition, slot, hash);
        recordHit(hash);
    }

    /** Records that the key with this hash was read. Locking: none. */
    public void recordHit(long hash) {
        append(hash & ~INSERT);
    }

    /** Records that a key with this hash is new. Locking: none. */
    public void recordInsert(long hash) {
        append(hash | INSERT);
    }

    private void append(long entry) {
        int own = ThreadStripes.own();
        if (own == ThreadStripes.NONE) {
            appendShared(entry);
            return;
        }
        if (rings.own(own).offer(entry)) {
            drainDue.run();
        }
    }

    private void appendShared(long entry) {
        AccessRing ring = rings.claimShared();
        if (ring == null) {
            return;
        }
        boolean due = ring.offer(entry);
        ring.unclaim();
        if (due) {
            drainDue.run();
        }
    }

    /**
     * Hands over what the rings hold, ring after ring, until {@code budget} entries are exceeded;
     * returns 0 if every ring was visited, else 1. For one thread at a time; entries of one thread
     * come in its order.
     */
    public int drain(AccessSink sink, int budget) {
        int taken = 0;
        for (int visited = 0; visited < rings.length(); visited++) {
            if (taken >= budget) {
                return 1;
            }
            AccessRing ring = rings.next();
            if (ring != null) {
                taken += drain(ring, sink);
            }
        }
        return 0;
    }

    /** One ring's length at most, however fast its producer is. */
    private int drain(AccessRing ring, AccessSink sink) {
        int taken = 0;
        int count;
        do {
            count = ring.drainTo(batch, Math.min(BATCH, rings.ringEntries() - taken));
            if (count > 0) {
                drained.lazySet(drained.getPlain() + count);
                sink.accept(batch, count);
            }
            taken += count;
        } while (count == BATCH && taken < rings.ringEntries());
        return taken;
    }

    /** Entries handed over so far. For any thread. */
    public long drained() {
        return drained.get();
    }

    /** Entries dropped so far, each ring's at some recent moment. For any thread. */
    public long dropped() {
        return rings.dropped();
    }

    /** Adds the log's figures. */
    public void registerMetrics(MetricsRegistry registry) {
        registry.registerCounter("accesses_drained", "Hits and inserts learned from", this::drained)
                .registerCounter(
                        "accesses_dropped",
                        "Hits and inserts not learned from, for want of time",
                        this::dropped);
    }

    /** How many rings were made. For any thread. */
    int rings() {
        return rings.made();
    }
}

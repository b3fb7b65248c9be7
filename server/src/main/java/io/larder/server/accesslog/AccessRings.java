package io.larder.server.accesslog;

import io.larder.server.metrics.StripedCounter;
import io.larder.server.metrics.ThreadStripes;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Rings to append to: one for each platform thread and shared ones for all others, each made when
 * first used. {@link #own}, {@link #claimShared} and {@link #dropped} are for any thread, {@link
 * #next} is for the one that drains.
 */
final class AccessRings {
    private final AtomicReferenceArray<AccessRing> rings =
            new AtomicReferenceArray<>(ThreadStripes.COUNT + ThreadStripes.SHARED_COUNT);

    /** What was dropped for a shared ring that was claimed. */
    private final StripedCounter claimDrops = new StripedCounter();

    private final int ringEntries;
    private int cursor; // of the draining thread

    /**
     * @param ringEntries of each ring, a power of two and at least 2
     */
    AccessRings(int ringEntries) {
        this.ringEntries = ringEntries;
    }

    int ringEntries() {
        return ringEntries;
    }

    /** How many rings there can be. */
    int length() {
        return rings.length();
    }

    /**
     * The ring of the thread that has this stripe, which asks.
     *
     * @param stripe what {@link ThreadStripes#own} says, not {@link ThreadStripes#NONE}
     */
    AccessRing own(int stripe) {
        AccessRing ring = rings.getPlain(stripe);
        return ring == null ? make(stripe) : ring;
    }

    /**
     * A shared ring, claimed for the caller until it gives it up; null if another has it, which
     * counts as a drop.
     */
    @Nullable AccessRing claimShared() {
        int index = ThreadStripes.COUNT + ThreadStripes.shared();
        AccessRing ring = rings.getAcquire(index);
        if (ring == null) {
            ring = make(index);
        }
        if (ring.tryClaim()) {
            return ring;
        }
        claimDrops.increment();
        return null;
    }

    private AccessRing make(int index) {
        AccessRing made = new AccessRing(ringEntries);
        AccessRing other = rings.compareAndExchange(index, null, made);
        return other == null ? made : other;
    }

    /** The next ring to drain, round and round; null if there is none in its place. */
    @Nullable AccessRing next() {
        AccessRing ring = rings.getAcquire(cursor);
        cursor = cursor + 1 == rings.length() ? 0 : cursor + 1;
        return ring;
    }

    /** What was dropped so far, each ring's at some recent moment. */
    long dropped() {
        long dropped = claimDrops.sum();
        for (int index = 0; index < rings.length(); index++) {
            AccessRing ring = rings.getAcquire(index);
            dropped += ring == null ? 0 : ring.drops();
        }
        return dropped;
    }

    /** How many rings were made. */
    int made() {
        int count = 0;
        for (int index = 0; index < rings.length(); index++) {
            count += rings.getAcquire(index) == null ? 0 : 1;
        }
        return count;
    }
}

package io.larder.server.tier;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Victims that were unlinked in memory and are not on disk yet: readable all the same. For any
 * thread. Bounded by bytes; beyond them victims are dropped, as if there were no disk.
 */
final class PendingVictims {
    /** What a victim takes beside its bytes: the objects around it, roughly. */
    private static final int OVERHEAD_BYTES = 128;

    private final ConcurrentHashMap<Long, byte[]> items = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final long bytesMax;

    PendingVictims(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    boolean hasRoom(int itemBytes) {
        return bytes.get() + itemBytes + OVERHEAD_BYTES <= bytesMax;
    }

    void add(Victim victim) {
        bytes.addAndGet(victim.item().length + OVERHEAD_BYTES);
        items.put(victim.name(), victim.item());
    }

    byte @Nullable [] get(long name) {
        return items.get(name);
    }

    /** It is on disk, or not to go there. */
    void remove(Victim victim) {
        if (items.remove(victim.name()) != null) {
            bytes.addAndGet(-(victim.item().length + OVERHEAD_BYTES));
        }
    }

    /** Bytes of those that wait. */
    long bytes() {
        return bytes.get();
    }
}

package io.larder.server.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The moment of a store's present or last snapshot, shared by its shards. Begun by one thread at a
 * time, read by any that holds a shard's lock.
 */
final class SnapshotCut {
    /** Bytes of items, of all shards, that may wait to be written: heap, so not many. */
    static final long BYTES_MAX = 16 << 20;

    /** Bytes after which the snapshot's own thread copies no further chain before it writes. */
    static final long BYTES_PER_HOLD = 256 << 10;

    private static final int MARK_MASK = 0xFF;

    final AtomicLong bytesHeld = new AtomicLong();

    /** Items left out, as a block could not hold them. */
    final AtomicLong omitted = new AtomicLong();

    // Set before the mark is raised; whoever reads the mark sees them.
    private long nowMillis;
    private Liveness liveness = Liveness.ALL;

    private volatile boolean lost;
    private volatile int mark;

    /** From here on no write belongs to the snapshot that has not read the mark yet. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one snapshot at a time
    void begin(long newNowMillis, Liveness newLiveness) {
        nowMillis = newNowMillis;
        liveness = newLiveness;
        lost = false;
        omitted.set(0);
        mark = mark + 1 & MARK_MASK;
    }

    /** The mark of chains that need no copy any more. */
    int mark() {
        return mark;
    }

    long nowMillis() {
        return nowMillis;
    }

    Liveness liveness() {
        return liveness;
    }

    /** The snapshot cannot be completed: nothing is copied any more. */
    void lose() {
        lost = true;
    }

    boolean isLost() {
        return lost;
    }
}

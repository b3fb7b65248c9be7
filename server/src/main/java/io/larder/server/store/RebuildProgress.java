package io.larder.server.store;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How far a rebuild has come and what it has found. For any thread. */
public final class RebuildProgress {
    final LongAdder items = new LongAdder();
    final LongAdder losers = new LongAdder();
    final LongAdder damaged = new LongAdder();
    final LongAdder dropped = new LongAdder();
    private final AtomicInteger segmentsDone = new AtomicInteger();
    private volatile int segments;

    void begin(int segmentsToScan) {
        segments = segmentsToScan;
    }

    void segmentDone() {
        segmentsDone.incrementAndGet();
    }

    /** Segments to look through; 0 before that is known. */
    public int segments() {
        return segments;
    }

    /** Segments looked through. */
    public int segmentsDone() {
        return segmentsDone.get();
    }

    /** Items found, once their shard is done. */
    public long items() {
        return items.sum();
    }

    /** Items that were not the newest of their key. */
    public long losers() {
        return losers.sum();
    }

    /** Items and ends of segments that were not what they had been. */
    public long damaged() {
        return damaged.sum();
    }

    /** Deletions, and items expired, cleared or invalidated. */
    public long dropped() {
        return dropped.sum();
    }
}

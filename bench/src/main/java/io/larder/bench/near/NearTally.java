package io.larder.bench.near;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the threads of a run have counted. Any thread. */
final class NearTally {
    final LongAdder reads = new LongAdder();
    final LongAdder failedReads = new LongAdder();
    final LongAdder writes = new LongAdder();
    final LongAdder failedWrites = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder wrong = new LongAdder();
    private final AtomicLong oldestNanos = new AtomicLong();

    /** A read has returned a value that was overwritten so long before. */
    void old(long nanos) {
        oldestNanos.accumulateAndGet(nanos, Math::max);
    }

    long oldestNanos() {
        return oldestNanos.get();
    }
}

package io.larder.bench.crash;

import java.util.concurrent.atomic.LongAdder;

/** What writers were answered and what was found later. For any thread. */
final class CrashTally {
    final LongAdder acknowledged = new LongAdder();
    final LongAdder deletes = new LongAdder();
    final LongAdder touches = new LongAdder();
    final LongAdder clears = new LongAdder();
    final LongAdder invalidations = new LongAdder();
    final LongAdder uncertain = new LongAdder();
    final LongAdder checked = new LongAdder();
    final LongAdder found = new LongAdder();
    final LongAdder corrupt = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder resurrected = new LongAdder();

    boolean holds() {
        return corrupt.sum() + stale.sum() + resurrected.sum() == 0;
    }
}

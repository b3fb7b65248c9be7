package io.larder.bench.soak;

import io.larder.bench.Progress;
import java.util.concurrent.atomic.LongAdder;

/** What the soaking threads count. For any thread. */
final class SoakTally {
    private static final int TOLD_MAX = 20;

    final LongAdder operations = new LongAdder();
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder busy = new LongAdder();
    private final LongAdder wrong = new LongAdder();

    /** Counts an answer that no history allows, and tells the first ones. */
    void wrong(String format, Object... arguments) {
        wrong.increment();
        if (wrong.sum() <= TOLD_MAX) {
            Progress.say("soak: wrong: " + format, arguments);
        }
    }

    long wrong() {
        return wrong.sum();
    }
}

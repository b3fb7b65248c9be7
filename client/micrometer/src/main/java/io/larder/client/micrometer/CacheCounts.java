package io.larder.client.micrometer;

import io.larder.client.api.CallListener.Ended;
import java.util.concurrent.atomic.LongAdder;

/** What this program's calls have come to in one region. Any thread. */
final class CacheCounts {
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder puts = new LongAdder();
    final LongAdder removals = new LongAdder();

    void count(Ended call) {
        switch (call.operation()) {
            case "GET", "GET_AND_TOUCH" -> read(call);
            case "BATCH" -> {
                if (call.isWrite()) {
                    puts.add(call.itemsDone());
                } else {
                    read(call);
                }
            }
            case "SET", "INCREMENT", "APPEND", "PREPEND" -> puts.add(call.itemsDone());
            case "DELETE" -> removals.add(call.itemsDone());
            default -> {}
        }
    }

    private void read(Ended call) {
        hits.add(call.itemsDone());
        misses.add(call.itemsMissed());
    }
}

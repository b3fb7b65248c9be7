package io.larder.server.compat.memcached;

import static java.util.Objects.requireNonNull;

import io.larder.server.metrics.StripedCounter;
import java.util.EnumMap;
import java.util.Locale;

/** What {@code stats} tells of commands, counted since the start or a reset. Any thread. */
final class Counts {
    /** What is counted, in the order it is told in; each is told by its name in lower case. */
    enum Count {
        CMD_GET,
        CMD_SET,
        CMD_FLUSH,
        CMD_TOUCH,
        CMD_META,
        GET_HITS,
        GET_MISSES,
        DELETE_MISSES,
        DELETE_HITS,
        INCR_MISSES,
        INCR_HITS,
        DECR_MISSES,
        DECR_HITS,
        CAS_MISSES,
        CAS_HITS,
        CAS_BADVAL,
        TOUCH_HITS,
        TOUCH_MISSES,
        STORE_TOO_LARGE,
        STORE_NO_MEMORY,
        BYTES_READ,
        BYTES_WRITTEN;

        final String label = name().toLowerCase(Locale.ROOT);
    }

    /** The same by prefixes of keys, if that is asked for. */
    final PrefixCounts prefixes = new PrefixCounts();

    private final EnumMap<Count, StripedCounter> counters = new EnumMap<>(Count.class);
    private final EnumMap<Count, Long> forgotten = new EnumMap<>(Count.class); // guarded by this

    Counts() {
        for (Count count : Count.values()) {
            counters.put(count, new StripedCounter());
        }
    }

    void count(Count what) {
        requireNonNull(counters.get(what)).increment();
    }

    void add(Count what, long number) {
        requireNonNull(counters.get(what)).add(number);
    }

    void count(boolean isHit, Count hits, Count misses) {
        count(isHit ? hits : misses);
    }

    synchronized long get(Count what) {
        return requireNonNull(counters.get(what)).sum() - forgotten.getOrDefault(what, 0L);
    }

    /** Begins to count anew. */
    synchronized void reset() {
        counters.forEach((count, counter) -> forgotten.put(count, counter.sum()));
        prefixes.reset();
    }
}

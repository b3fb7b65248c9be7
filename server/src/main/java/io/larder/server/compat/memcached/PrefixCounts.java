package io.larder.server.compat.memcached;

import io.larder.server.memory.Slice;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What {@code stats detail} tells: reads, hits, writes and deletions by what keys begin with, up to
 * their first colon. Counted while it is on; keys without a colon are not, nor are those whose
 * prefix a line cannot show or would be one too many. Any thread.
 */
final class PrefixCounts {
    private static final int PREFIXES_MAX = 4096;

    private static final byte DELIMITER = ':';

    private static final class Tally {
        final LongAdder reads = new LongAdder();
        final LongAdder hits = new LongAdder();
        final LongAdder writes = new LongAdder();
        final LongAdder deletions = new LongAdder();
    }

    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    private volatile boolean isOn;

    /** Begins to count, or ends; what was counted stays. */
    void turn(boolean on) {
        isOn = on;
    }

    boolean isOn() {
        return isOn;
    }

    void read(Slice key, boolean isHit) {
        Tally tally = tally(key);
        if (tally != null) {
            tally.reads.increment();
            if (isHit) {
                tally.hits.increment();
            }
        }
    }

    void written(Slice key) {
        Tally tally = tally(key);
        if (tally != null) {
            tally.writes.increment();
        }
    }

    void deleted(Slice key) {
        Tally tally = tally(key);
        if (tally != null) {
            tally.deletions.increment();
        }
    }

    /** What to count in; null if nothing is to be counted. */
    private @Nullable Tally tally(Slice key) {
        @Nullable String prefix = isOn ? prefix(key) : null;
        if (prefix == null) {
            return null;
        }
        Tally known = tallies.get(prefix);
        return known != null || tallies.size() >= PREFIXES_MAX
                ? known
                : tallies.computeIfAbsent(prefix, any -> new Tally());
    }

    private static @Nullable String prefix(Slice key) {
        StringBuilder prefix = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            byte next = key.getByte(i);
            if (next == DELIMITER) {
                return prefix.toString();
            }
            if (next >= 0 && next <= ' ') {
                return null;
            }
            prefix.append((char) (next & 0xFF));
        }
        return null;
    }

    /** A line for each prefix, without an end. */
    String text() {
        StringBuilder text = new StringBuilder();
        tallies.forEach(
                (prefix, tally) ->
                        text.append("PREFIX ")
                                .append(prefix)
                                .append(" get ")
                                .append(tally.reads.sum())
                                .append(" hit ")
                                .append(tally.hits.sum())
                                .append(" set ")
                                .append(tally.writes.sum())
                                .append(" del ")
                                .append(tally.deletions.sum())
                                .append("\r\n"));
        return text.toString();
    }

    /** Forgets what was counted. */
    void reset() {
        tallies.clear();
    }
}

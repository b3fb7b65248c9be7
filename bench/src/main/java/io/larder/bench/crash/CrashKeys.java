package io.larder.bench.crash;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one writer knows of its keys: of each the number of the last write that was acknowledged, 0
 * if it is absent, and those of writes of which nobody knows whether they took place. For one
 * thread at a time.
 */
final class CrashKeys {
    static final long ABSENT = 0;

    private final int writer;
    private final CrashTally tally;
    private final long[] acknowledged;
    private final Map<Integer, Set<Long>> uncertain = new HashMap<>();

    CrashKeys(int writer, int keys, CrashTally tally) {
        this.writer = writer;
        this.tally = tally;
        this.acknowledged = new long[keys];
    }

    int count() {
        return acknowledged.length;
    }

    /** A write of a key is about to be asked for. */
    void begin(int key, long number) {
        uncertain.computeIfAbsent(key, any -> new HashSet<>()).add(number);
    }

    /** It was acknowledged: nothing of before is possible any more. */
    void done(int key, long number) {
        acknowledged[key] = number;
        uncertain.remove(key);
        tally.acknowledged.increment();
    }

    /** All keys may be about to be removed at one stroke. */
    void beginAll() {
        for (int key = 0; key < acknowledged.length; key++) {
            if (acknowledged[key] != ABSENT) {
                begin(key, ABSENT);
            }
        }
    }

    /** They were. */
    void doneAll() {
        Arrays.fill(acknowledged, ABSENT);
        uncertain.clear();
        tally.acknowledged.increment();
    }

    /** Whether a read should find the key, unless it was evicted. */
    boolean isThere(int key) {
        return acknowledged[key] != ABSENT && !uncertain.containsKey(key);
    }

    /** Holds what was read of a key against what may be; what was read counts from then on. */
    void check(int key, byte[] value) {
        tally.checked.increment();
        tally.found.increment();
        long number = CrashValue.numberOf(writer, key, value);
        Set<Long> possible = uncertain.getOrDefault(key, Set.of());
        if (number == CrashValue.CORRUPT) {
            tally.corrupt.increment();
        } else if (number != acknowledged[key] && !possible.contains(number)) {
            boolean wasAbsent = acknowledged[key] == ABSENT;
            (wasAbsent ? tally.resurrected : tally.stale).increment();
        }
        acknowledged[key] = Math.max(ABSENT, number);
        uncertain.remove(key);
    }

    /** A key was not found: it may have been evicted. */
    void checkAbsent(int key) {
        tally.checked.increment();
        acknowledged[key] = ABSENT;
        uncertain.remove(key);
    }
}

package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;

/**
 * Five keys in an index of one bucket, which a sixth splits in two. The reader asks for one that
 * the split moves: one whose hash is odd.
 */
final class SplitScenario {
    private static final int RESIDENTS = 5;
    private static final int SPLITTER = 6;
    private static final int VALUE_BYTES = 16;

    private final StressCache cache;
    private final int moved;

    SplitScenario(Fault fault) {
        cache = new StressCache(16, 256, fault);
        int found = 0;
        for (int key = 1; key <= RESIDENTS; key++) {
            cache.put(key, 1, VALUE_BYTES);
            found = (cache.hash(key) & 1) == 1 ? key : found;
        }
        moved = found;
    }

    void write() {
        cache.put(SPLITTER, 2, VALUE_BYTES);
    }

    int read() {
        return cache.get(moved);
    }
}

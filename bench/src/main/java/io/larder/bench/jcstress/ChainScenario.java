package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;

/**
 * One key with a value of ones that takes a chain of segments. It is replaced by one of twos, and
 * the segments that come free take a third value, of another key.
 */
final class ChainScenario {
    private static final int KEY = 1;
    private static final int SEGMENT_BYTES = 512;
    private static final int VALUE_BYTES = 3 * SEGMENT_BYTES;

    /** One upload may take a quarter of them. */
    private static final int SEGMENTS = 12;

    private final StressCache cache;

    ChainScenario(Fault fault) {
        cache = new StressCache(SEGMENTS, SEGMENT_BYTES, fault);
        if (!cache.put(KEY, 1, VALUE_BYTES)) {
            throw new IllegalStateException("value: not stored (expected: room for it)");
        }
    }

    void write() {
        cache.put(KEY, 2, VALUE_BYTES);
        cache.put(2, 3, VALUE_BYTES);
    }

    int read() {
        return cache.getSlowly(KEY);
    }
}

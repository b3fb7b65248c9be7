package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;

/**
 * One key with a value of ones in a full segment. Recycling copies it on and frees the segment,
 * which is the next to be taken from the pool and filled, with twos, where the key's item was.
 */
final class RecycleScenario {
    private static final int KEY = 1;

    /** With header and key 256 bytes: two to a segment. */
    private static final int VALUE_BYTES = 232;

    private static final int SEGMENT_BYTES = 512;

    private final StressCache cache;

    RecycleScenario(Fault fault) {
        cache = new StressCache(10, SEGMENT_BYTES, fault);
        cache.put(KEY, 1, VALUE_BYTES);
        cache.put(2, 2, VALUE_BYTES);
        cache.put(3, 2, VALUE_BYTES); // seals the first segment
        cache.put(7, 2, VALUE_BYTES); // leaves no room but in a segment from the pool
        cache.delete(2);
    }

    void write() {
        cache.recycle();
        cache.put(4, 2, VALUE_BYTES);
        cache.put(5, 2, VALUE_BYTES);
        cache.put(6, 2, VALUE_BYTES);
    }

    int read() {
        return cache.getSlowly(KEY);
    }
}

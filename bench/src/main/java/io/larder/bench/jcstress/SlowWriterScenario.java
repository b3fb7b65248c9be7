package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;

/**
 * A value of ones too long to be copied under the lock goes into a segment that others fill with
 * twos, seal, and try to recycle and fill again while the copy may be under way.
 */
final class SlowWriterScenario {
    private static final int KEY = 1;
    private static final int REFUSED = 3;
    private static final int SEGMENT_BYTES = 16 << 10;
    private static final int SEGMENTS = 8;
    private static final int SLOW_BYTES = 12 << 10;
    private static final int FILLER_BYTES = 3 << 10;
    private static final int FILLERS = 8;

    private final StressCache cache;
    private boolean stored; // written by the storing actor, read by the arbiter after it

    SlowWriterScenario(Fault fault) {
        cache = new StressCache(SEGMENTS, SEGMENT_BYTES, fault);
    }

    void store() {
        stored = cache.put(KEY, 1, SLOW_BYTES);
    }

    void fill() {
        for (int key = 2; key < 2 + FILLERS; key++) {
            cache.put(key, 2, FILLER_BYTES);
        }
        cache.recycle();
        for (int key = 2; key < 2 + FILLERS; key++) {
            cache.put(key, 2, FILLER_BYTES);
        }
    }

    int read() {
        int value = cache.get(KEY);
        return !stored && value == StressCache.MISS ? REFUSED : value;
    }
}

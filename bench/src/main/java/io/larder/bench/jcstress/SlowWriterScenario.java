package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;

/**
 * A value of ones too long to be copied under the lock goes into a segment that two values of twos
 * fill and seal; it is tried to recycle it, and to fill it again, while the copy may be under way.
 */
final class SlowWriterScenario {
    private static final int KEY = 1;
    private static final int REFUSED = 3;
    private static final int SEGMENT_BYTES = 16 << 10;
    private static final int SEGMENTS = 8;
    private static final int SLOW_BYTES = (8 << 10) + 64;
    private static final int FILLER_BYTES = 4050;
    private static final int FILLERS = 10;

    private final StressCache cache;
    private boolean stored; // written by the storing actor, read by the arbiter after it

    SlowWriterScenario(Fault fault) {
        cache = new StressCache(SEGMENTS, SEGMENT_BYTES, fault);
    }

    void store() {
        stored = cache.put(KEY, 1, SLOW_BYTES);
    }

    void fill() {
        put(2, 2);
        cache.recycle();
        put(4, FILLERS);
    }

    private void put(int firstKey, int count) {
        for (int key = firstKey; key < firstKey + count; key++) {
            cache.put(key, 2, FILLER_BYTES);
        }
    }

    int read() {
        int value = cache.get(KEY);
        return !stored && value == StressCache.MISS ? REFUSED : value;
    }
}

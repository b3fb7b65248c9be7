package io.larder.bench.jcstress;

import io.larder.server.store.StressStore.Fault;

/** One key whose value of ones is replaced by one of twos. */
final class OverwriteScenario {
    private static final int KEY = 1;
    private static final int VALUE_BYTES = 900;

    private final StressCache cache;

    OverwriteScenario(Fault fault) {
        cache = new StressCache(8, 2048, fault);
        cache.put(KEY, 1, VALUE_BYTES);
    }

    void write() {
        cache.put(KEY, 2, VALUE_BYTES);
    }

    int read() {
        return cache.get(KEY);
    }
}

package io.larder.client.micrometer;

import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.RegionStats;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a region's servers have last said of it. Whoever reads it never waits: a figure that is
 * older than some seconds is asked for anew, for the next reader. Any thread.
 */
final class RecentStats {
    private static final long AGE_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

    private final AsyncBytesCache cache;
    private final AtomicLong askedNanos;
    private volatile RegionStats stats = new RegionStats(0, 0, 0, 0, 0, 0);

    RecentStats(AsyncBytesCache cache) {
        this.cache = cache;
        this.askedNanos = new AtomicLong(System.nanoTime());
        ask();
    }

    RegionStats get() {
        long asked = askedNanos.get();
        long now = System.nanoTime();
        if (now - asked > AGE_NANOS_MAX && askedNanos.compareAndSet(asked, now)) {
            ask();
        }
        return stats;
    }

    private void ask() {
        var unused = cache.stats().thenAccept(told -> stats = told);
    }
}

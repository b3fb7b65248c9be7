package io.larder.bench.fuzz;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what Netty's leak detector finds, beside its log. To be begun before the first buffer is
 * made. Any thread.
 */
final class Leaks {
    private static final AtomicLong FOUND = new AtomicLong();

    private Leaks() {}

    /** Has every buffer watched from now on. */
    static void watch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(
                new ResourceLeakDetectorFactory() {
                    @Override
                    @SuppressWarnings(
                            "deprecation") // the interval is what the detector is asked for
                    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                            Class<T> resource, int samplingInterval, long maxActive) {
                        return new Counting<>(resource, samplingInterval);
                    }

                    @Override
                    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                            Class<T> resource, int samplingInterval) {
                        return new Counting<>(resource, samplingInterval);
                    }
                });
    }

    private static final class Counting<T> extends ResourceLeakDetector<T> {
        Counting(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            FOUND.incrementAndGet();
            super.reportTracedLeak(resourceType, records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            FOUND.incrementAndGet();
            super.reportUntracedLeak(resourceType);
        }

        /** Else nothing is found unless somebody listens to the log. */
        @Override
        protected boolean needReport() {
            return true;
        }
    }

    /** Leaks found so far; those of buffers that a collection has found. */
    static long found() {
        return FOUND.get();
    }

    /** Buffers that were taken from the pool and not given back. */
    static long buffersInUse() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }
}

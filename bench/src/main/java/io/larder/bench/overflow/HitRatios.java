package io.larder.bench.overflow;

import io.larder.bench.Progress;
import io.larder.bench.store.Zipfian;
import io.larder.client.api.AsyncBytesCache;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The hit ratio of a program that reads values by Zipf's law and stores what it misses: in a small
 * memory, in the same one with a disk behind it, and in memory as large as both.
 */
final class HitRatios {
    private static final int MEMORY_MIB = 16;
    private static final int DATA_MIB = 4 * MEMORY_MIB;
    private static final int DISK_MIB = 64;
    private static final long SEED = 0x5EED;

    /**
     * What came of it, in percent of the reads of the second half.
     *
     * @param memory alone
     * @param tier with the disk
     * @param sameSize in memory as large as both
     */
    record Outcome(double memory, double tier, double sameSize) {}

    private HitRatios() {}

    static Outcome run(int reads, int valueBytes) throws IOException {
        return new Outcome(
                ratio("memory alone", MEMORY_MIB, 0, reads, valueBytes),
                ratio("with the disk", MEMORY_MIB, DISK_MIB, reads, valueBytes),
                ratio("memory as large as both", MEMORY_MIB + DISK_MIB, 0, reads, valueBytes));
    }

    private static double ratio(String what, int memoryMib, int diskMib, int reads, int valueBytes)
            throws IOException {
        Progress.say("overflow: %d reads, %s", reads, what);
        int keys = (int) ((long) DATA_MIB << 20) / valueBytes;
        Zipfian ranks = new Zipfian(keys, new SplittableRandom(SEED));
        Values values = new Values("z", valueBytes);
        AtomicLong hits = new AtomicLong();
        try (OverflowServer server = OverflowServer.start(memoryMib, diskMib)) {
            AsyncBytesCache cache = server.larder().cache().async();
            new Calls()
                    .each(
                            reads,
                            i -> {
                                int key = ranks.next();
                                boolean counts = i >= reads / 2;
                                return read(cache, values, key, counts ? hits : new AtomicLong());
                            });
            server.stop();
        }
        return 100.0 * hits.get() / (reads - reads / 2);
    }

    private static CompletableFuture<?> read(
            AsyncBytesCache cache, Values values, int key, AtomicLong hits) {
        return cache.get(values.key(key))
                .thenCompose(
                        value -> {
                            if (value.isPresent()) {
                                hits.incrementAndGet();
                                return CompletableFuture.completedFuture(null);
                            }
                            return cache.put(values.key(key), values.value(key));
                        });
    }
}

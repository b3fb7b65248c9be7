package io.larder.bench.overflow;

import io.larder.bench.BenchException;
import io.larder.bench.Median;
import io.larder.bench.Progress;
import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.BytesCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * How long those wait who read a few keys that are always in memory, while others read and write
 * more than memory holds: with a disk tier, which is busy then, and without.
 */
final class HotReads {
    private static final int MEMORY_MIB = 32;
    private static final int DISK_MIB = 512;
    private static final int HOT_KEYS = 100;
    private static final int COLD_KEYS = 60_000;
    private static final int COLD_PER_SECOND = 4_000;

    /**
     * Medians of the rounds.
     *
     * @param fromDisk reads that were answered from disk meanwhile
     */
    record Outcome(double p99MicrosWithout, double p99MicrosWith, long fromDisk, long reads) {
        double ratio() {
            return p99MicrosWith / p99MicrosWithout;
        }
    }

    private final int valueBytes;
    private final int seconds;
    private final AtomicLong reads = new AtomicLong();

    HotReads(int valueBytes, int seconds) {
        this.valueBytes = valueBytes;
        this.seconds = seconds;
    }

    Outcome run(int rounds) throws IOException {
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        try (OverflowServer plain = OverflowServer.start(MEMORY_MIB, 0);
                OverflowServer tiered = OverflowServer.start(MEMORY_MIB, DISK_MIB)) {
            fill(plain);
            fill(tiered);
            measure(plain); // warms up, as the next one does
            measure(tiered);
            for (int round = 1; round <= rounds; round++) {
                without.add(measure(plain));
                with.add(measure(tiered));
                Progress.say(
                        "overflow: round %d, p99 %.0f us without, %.0f with a disk",
                        round, without.get(round - 1), with.get(round - 1));
            }
            long fromDisk = tiered.stat("tier_hits") + tiered.stat("tier_taken_back");
            plain.stop();
            tiered.stop();
            if (fromDisk == 0) {
                throw new BenchException("overflow: 0 reads from disk (expected: some)");
            }
            return new Outcome(
                    Median.of(without).value(), Median.of(with).value(), fromDisk, reads.get());
        }
    }

    /** So that memory is full, and the disk has what it has no room for. */
    private void fill(OverflowServer server) {
        Values values = new Values("cold", valueBytes);
        AsyncBytesCache cache = server.larder().cache().async();
        new Calls()
                .each(
                        COLD_KEYS,
                        i ->
                                readTwice(cache, values, i)
                                        .thenCompose(there -> cache.get(values.key(i))));
    }

    /** The p99 of hot reads in microseconds, beside cold ones. */
    private double measure(OverflowServer server) {
        AtomicBoolean isOver = new AtomicBoolean();
        Thread cold = new Thread(() -> keepBusy(server, isOver), "cold");
        cold.setDaemon(true);
        cold.start();
        try {
            return readHot(server.larder().cache());
        } finally {
            isOver.set(true);
            join(cold);
        }
    }

    private double readHot(BytesCache cache) {
        Values values = new Values("hot", 100);
        for (int i = 0; i < HOT_KEYS; i++) {
            cache.put(values.key(i), values.value(i));
        }
        Histogram nanos = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; System.nanoTime() < end; i = (i + 1) % HOT_KEYS) {
            long start = System.nanoTime();
            boolean isFound = cache.get(values.key(i)).isPresent();
            if (isFound) {
                nanos.recordValue(System.nanoTime() - start);
                reads.incrementAndGet();
            } else {
                cache.put(values.key(i), values.value(i));
            }
        }
        return nanos.getValueAtPercentile(99) / 1000.0;
    }

    /** At a fixed rate, whatever the server does with it: a read, and a write where it misses. */
    private void keepBusy(OverflowServer server, AtomicBoolean isOver) {
        Values values = new Values("cold", valueBytes);
        AsyncBytesCache cache = server.larder().cache().async();
        SplittableRandom random = new SplittableRandom(1);
        long dueNanos = System.nanoTime();
        while (!isOver.get()) {
            new Calls()
                    .each(
                            COLD_PER_SECOND / 100,
                            i -> readTwice(cache, values, random.nextInt(COLD_KEYS)));
            dueNanos += TimeUnit.MILLISECONDS.toNanos(10);
            LockSupport.parkNanos(dueNanos - System.nanoTime());
        }
    }

    private static CompletableFuture<?> readTwice(AsyncBytesCache cache, Values values, int key) {
        byte[] keyBytes = values.key(key);
        return cache.get(keyBytes)
                .thenCompose(
                        value ->
                                value.isPresent()
                                        ? CompletableFuture.completedFuture(null)
                                        : cache.put(keyBytes, values.value(key)))
                .thenCompose(there -> cache.get(keyBytes));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

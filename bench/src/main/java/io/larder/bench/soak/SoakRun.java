package io.larder.bench.soak;

import io.larder.bench.BenchException;
import io.larder.bench.ProcessUsage;
import io.larder.bench.Progress;
import io.larder.server.LarderStore;
import io.larder.server.region.RegionLimitException;
import io.larder.server.region.RegionTable;
import io.larder.server.store.StoreStats;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One soak: opens a store, lets the threads at it, watches, and judges. For one thread. */
final class SoakRun {
    /**
     * What to do.
     *
     * @param seconds how long
     * @param memoryBytes the store's budget
     * @param threads that soak
     * @param shift whether the values' size changes with each third
     * @param seed of all that is random
     */
    record Plan(int seconds, long memoryBytes, int threads, boolean shift, long seed) {
        /** About the heap that the model takes. */
        long heapBytes() {
            long keys = new SoakSizes(shift).keysToFill(memoryBytes);
            return HEAP_BYTES_BASE + keys * (BYTES_PER_KEY + (long) Integer.BYTES * threads);
        }
    }

    /**
     * What came of it.
     *
     * @param last the store's counters at the end
     * @param items live ones at the end of each phase
     * @param memory resident, but for the heap's unused part
     * @param errors that background tasks threw
     */
    record Outcome(
            SoakTally tally,
            StoreStats last,
            List<Long> items,
            MemoryTrend memory,
            long residentBytesPeak,
            long clears,
            long errors) {}

    private static final long HEAP_BYTES_BASE = 96L << 20;
    private static final int BYTES_PER_KEY = 40;
    private static final int PROGRESS_SECONDS = 10;
    private static final int SAMPLES = 180;

    private final Plan plan;
    private final SoakSizes sizes;
    private final SoakTally tally = new SoakTally();
    private final SoakModel model;
    private final MemoryTrend memory = new MemoryTrend();
    private final List<Long> items = new ArrayList<>();
    private final AtomicLong errors = new AtomicLong();
    private volatile boolean stopped;

    private SoakRun(Plan plan) {
        this.plan = plan;
        this.sizes = new SoakSizes(plan.shift());
        this.model = new SoakModel(sizes.keysToFill(plan.memoryBytes()), plan.threads());
    }

    /**
     * Does it.
     *
     * @throws BenchException if it is interrupted
     */
    static Outcome run(Plan plan) {
        return new SoakRun(plan).run();
    }

    private Outcome run() {
        LarderStore[] opened = new LarderStore[1];
        RegionTable regions = new RegionTable(space -> opened[0].reclaimCleared());
        int workers = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        try (LarderStore store =
                LarderStore.open(
                        LarderStore.configOf(plan.memoryBytes(), workers),
                        workers,
                        regions,
                        this::failed)) {
            opened[0] = store;
            openRegions(regions);
            List<Thread> threads = start(store, regions);
            try {
                watch(store);
            } finally {
                stop(threads);
            }
            return new Outcome(
                    tally,
                    store.store().stats(),
                    List.copyOf(items),
                    memory,
                    ProcessUsage.of(ProcessHandle.current().pid()).residentBytesPeak(),
                    model.clears(),
                    errors.get());
        }
    }

    private static void openRegions(RegionTable regions) {
        try {
            for (int region = 1; region < Soaker.REGIONS; region++) {
                regions.open("soak-" + region);
            }
        } catch (RegionLimitException e) {
            throw new IllegalStateException(e);
        }
    }

    private void failed(Throwable error) {
        errors.incrementAndGet();
        Progress.say("soak: " + error);
    }

    private List<Thread> start(LarderStore store, RegionTable regions) {
        SplittableRandom random = new SplittableRandom(plan.seed());
        Soaker.Shared shared =
                new Soaker.Shared(model, tally, store.store(), store.clock(), regions, sizes);
        List<Thread> threads = new ArrayList<>();
        for (int id = 0; id < plan.threads(); id++) {
            Soaker soaker = new Soaker(id, shared, random.split());
            Thread thread = new Thread(() -> soak(soaker), "soak-" + id);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private void soak(Soaker soaker) {
        try {
            while (!stopped) {
                soaker.step();
            }
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** Samples and tells until the time is over. */
    private void watch(LarderStore store) {
        long start = System.nanoTime();
        int interval = Math.max(1, Math.min(PROGRESS_SECONDS, plan.seconds() / SAMPLES));
        int told = 0;
        for (int at = interval; at <= plan.seconds(); at += interval) {
            sleepUntil(start, at);
            memory.add(at, (double) memoryBytes());
            if (at - told >= PROGRESS_SECONDS) {
                told = at;
                tell(at, store.store().stats());
            }
            endPhases(SoakSizes.PHASES * at / plan.seconds(), store);
        }
        sleepUntil(start, plan.seconds());
        endPhases(SoakSizes.PHASES, store);
    }

    /** Notes what there is at the end of each phase, up to so many, and begins the next. */
    private void endPhases(int phasesOver, LarderStore store) {
        while (items.size() < phasesOver) {
            items.add(store.store().stats().items());
            sizes.setPhase(Math.min(items.size(), SoakSizes.PHASES - 1));
        }
    }

    private static void sleepUntil(long startNanos, int seconds) {
        long left = TimeUnit.SECONDS.toNanos(seconds) - (System.nanoTime() - startNanos);
        try {
            TimeUnit.NANOSECONDS.sleep(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("soak: interrupted", e);
        }
    }

    /**
     * What is resident, the heap counted by what a collection leaves of it: of a heap that is all
     * touched at the start, the resident part says nothing.
     */
    private static long memoryBytes() {
        System.gc();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long resident = ProcessUsage.of(ProcessHandle.current().pid()).residentBytes();
        return resident - heap.getCommitted() + heap.getUsed();
    }

    private void tell(int seconds, StoreStats stats) {
        Progress.say(
                "soak: %d s, %d operations, %d items, %d evictions, %.2f amplification, %d MiB,"
                        + " %d busy, %d wrong",
                seconds,
                tally.operations.sum(),
                stats.items(),
                stats.evictions(),
                amplification(stats),
                memoryBytes() >> 20,
                tally.busy.sum(),
                tally.wrong());
    }

    /** Bytes written to the log for each that a caller wrote. */
    static double amplification(StoreStats stats) {
        return (stats.bytesWritten() + stats.bytesRelocated())
                / (double) Math.max(1, stats.bytesWritten());
    }

    private void stop(List<Thread> threads) {
        stopped = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

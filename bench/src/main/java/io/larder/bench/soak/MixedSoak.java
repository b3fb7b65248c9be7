package io.larder.bench.soak;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.ServerProcess;
import io.larder.client.Larder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Values of 16 B to 1 MiB on a server in a process of its own, at four times its capacity and more,
 * whose sizes shift half-way: what of it the server's memory becomes. Used once, by one thread.
 */
final class MixedSoak {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int PROGRESS_SECONDS = 10;
    private static final int SAMPLES = 360;
    private static final double SECOND_HALF = 0.5;

    /**
     * What to do.
     *
     * @param memoryBytes the store's limit
     * @param threads that call, over a connection each
     */
    record Plan(int seconds, long memoryBytes, int threads, long seed) {}

    /**
     * What came of it.
     *
     * @param storeBytesMax the most that items and index took, of all looks at it
     * @param limitBytes what the server says is its limit
     * @param memory resident, over the second half
     */
    record Outcome(
            SoakTally tally,
            long evictions,
            long uncaughtErrors,
            long storeBytesMax,
            long limitBytes,
            long residentBytesAtStart,
            long residentBytesMax,
            MemoryTrend memory) {}

    private final Plan plan;
    private final MixedSizes sizes = new MixedSizes();
    private final SoakTally tally = new SoakTally();
    private final MemoryTrend memory = new MemoryTrend(SECOND_HALF);
    private long storeBytesMax;
    private long residentBytesMax;
    private volatile boolean isOver;
    private volatile @Nullable Throwable failure;

    private MixedSoak(Plan plan) {
        this.plan = plan;
    }

    /**
     * Does it. Locking: blocks.
     *
     * @throws BenchException if the server or a call fails
     */
    static Outcome run(Plan plan) {
        return new MixedSoak(plan).run();
    }

    private Outcome run() {
        try (ServerProcess server =
                        ServerProcess.open(List.of("store.memory=" + plan.memoryBytes()));
                Larder larder =
                        Larder.builder("larder://" + server.ready().data())
                                .requestTimeout(TIMEOUT)
                                .connectionsPerServer(plan.threads())
                                .clientName("bench-soak")
                                .connect()) {
            long atStart = server.usage().residentBytes();
            List<Thread> threads = start(larder);
            try {
                watch(server, larder);
            } finally {
                stop(threads);
            }
            Map<String, String> stats = larder.stats();
            Outcome outcome =
                    new Outcome(
                            tally,
                            figure(stats, "evictions"),
                            figure(stats, "uncaught_errors"),
                            storeBytesMax,
                            figure(stats, "memory_limit_bytes"),
                            atStart,
                            residentBytesMax,
                            memory);
            server.stop();
            return outcome;
        }
    }

    private List<Thread> start(Larder larder) {
        SplittableRandom random = new SplittableRandom(plan.seed());
        int keys = MixedSizes.keysToFill(plan.memoryBytes());
        List<Thread> threads = new ArrayList<>();
        for (int id = 0; id < plan.threads(); id++) {
            MixedSoaker soaker =
                    new MixedSoaker(
                            id, plan.threads(), keys, larder.cache(), sizes, tally, random.split());
            Thread thread = new Thread(() -> soak(soaker), "soak-" + id);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private void soak(MixedSoaker soaker) {
        try {
            while (!isOver) {
                soaker.step();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    /** Looks and tells until the time is over. */
    private void watch(ServerProcess server, Larder larder) {
        long startNanos = System.nanoTime();
        int interval = Math.max(1, Math.min(PROGRESS_SECONDS, plan.seconds() / SAMPLES));
        int told = 0;
        for (int at = interval; at <= plan.seconds(); at += interval) {
            sleepUntil(startNanos, at);
            requireSound();
            look(at, server, larder);
            if (at - told >= PROGRESS_SECONDS) {
                told = at;
                tell(at);
            }
            if (at >= plan.seconds() / 2) {
                sizes.shift();
            }
        }
    }

    private void requireSound() {
        Throwable thrown = failure;
        if (thrown != null) {
            throw new BenchException("soak: a call failed: " + thrown, thrown);
        }
    }

    private void look(int atSeconds, ServerProcess server, Larder larder) {
        Map<String, String> stats = larder.stats();
        long used =
                figure(stats, "bytes_live")
                        + figure(stats, "bytes_dead")
                        + figure(stats, "bytes_expired")
                        + figure(stats, "bytes_index");
        storeBytesMax = Math.max(storeBytesMax, used);
        long resident = server.usage().residentBytes();
        residentBytesMax = Math.max(residentBytesMax, resident);
        memory.add(atSeconds, (double) resident);
    }

    private static long figure(Map<String, String> stats, String name) {
        String figure = stats.get(name);
        if (figure == null) {
            throw new BenchException("stats: no " + name);
        }
        return Long.parseLong(figure);
    }

    private void tell(int seconds) {
        Progress.say(
                "soak: %d s, %d operations, %d hits, %d MiB of store, %d MiB resident, %d busy, %d"
                        + " wrong",
                seconds,
                tally.operations.sum(),
                tally.hits.sum(),
                storeBytesMax >> 20,
                residentBytesMax >> 20,
                tally.busy.sum(),
                tally.wrong());
    }

    private static void sleepUntil(long startNanos, int seconds) {
        long leftNanos = TimeUnit.SECONDS.toNanos(seconds) - (System.nanoTime() - startNanos);
        try {
            TimeUnit.NANOSECONDS.sleep(leftNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("soak: interrupted", e);
        }
    }

    private void stop(List<Thread> threads) {
        isOver = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

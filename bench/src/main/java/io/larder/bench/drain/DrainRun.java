package io.larder.bench.drain;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.ServerProcess;
import io.larder.client.Larder;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Stops one of two servers by SIGTERM, over and over, while callers go on through a client that
 * knows both, and starts a new one in its place each time. For one thread.
 */
final class DrainRun {
    private static final List<String> SETTINGS = List.of("store.memory=64m");
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final int WARM_UP_CALLS = 2_000;
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 5;

    /**
     * What came of it.
     *
     * @param calls by the callers, all in all
     * @param callsWhileStopping from the signal to the process's end, all in all
     * @param stopMillisMax from the signal to the process's end, the longest
     */
    record Outcome(
            long calls,
            long failed,
            long wrong,
            long callsWhileStopping,
            long stopMillisMax,
            long slowestCallMillis) {}

    private final int threads;
    private long calls;
    private long failed;
    private long wrong;
    private long callsWhileStopping;
    private long stopMillisMax;
    private long slowestCallNanos;

    DrainRun(int threads) {
        this.threads = threads;
    }

    /** Stops a server this many times. Locking: blocks. */
    Outcome run(int cycles) throws InterruptedException {
        try (ServerProcess stays = ServerProcess.open(SETTINGS)) {
            for (int cycle = 1; cycle <= cycles; cycle++) {
                try (ServerProcess stops = ServerProcess.open(SETTINGS)) {
                    stopUnderLoad(stays, stops);
                }
                Progress.say("drain: %d of %d: %d calls, %d failed", cycle, cycles, calls, failed);
            }
            stays.stop();
        }
        if (callsWhileStopping == 0) {
            throw new BenchException("drain: no call was made while a server stopped");
        }
        return new Outcome(
                calls,
                failed,
                wrong,
                callsWhileStopping,
                stopMillisMax,
                TimeUnit.NANOSECONDS.toMillis(slowestCallNanos));
    }

    private void stopUnderLoad(ServerProcess stays, ServerProcess stops)
            throws InterruptedException {
        String uri = "larder://" + stops.ready().data() + ',' + stays.ready().data();
        try (Larder larder =
                Larder.builder(uri)
                        .requestTimeout(REQUEST_TIMEOUT)
                        .whenDisconnected(WhenDisconnected.NEXT_SERVER)
                        .clientName("bench-drain")
                        .connect()) {
            DrainCallers callers = new DrainCallers(larder, threads);
            try (callers) {
                await(callers, WARM_UP_CALLS);
                requireCalls(stops);
                long before = callers.calls();
                long start = System.nanoTime();
                stops.stop();
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                stopMillisMax = Math.max(stopMillisMax, millis);
                callsWhileStopping += callers.calls() - before;
                await(callers, callers.calls() + WARM_UP_CALLS);
            }
            calls += callers.calls();
            failed += callers.failed();
            wrong += callers.wrong();
            slowestCallNanos = Math.max(slowestCallNanos, callers.slowestNanos());
        }
    }

    /** Otherwise nothing would be lost whatever the server did. */
    private static void requireCalls(ServerProcess server) {
        try (Larder direct = Larder.connect("larder://" + server.ready().data())) {
            Map<String, String> stats = direct.stats();
            if (stats.getOrDefault("misses", "0").equals("0")
                    && stats.getOrDefault("hits", "0").equals("0")) {
                throw new BenchException("drain: nobody has called the server that is to stop");
            }
        }
    }

    private static void await(DrainCallers callers, long calls) throws InterruptedException {
        long deadline = System.nanoTime() + WAIT.toNanos();
        while (callers.calls() < calls) {
            if (System.nanoTime() - deadline > 0) {
                throw new BenchException(
                        "drain: " + callers.calls() + " calls (expected: " + calls + " by now)");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}

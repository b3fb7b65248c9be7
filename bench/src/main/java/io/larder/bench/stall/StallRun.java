package io.larder.bench.stall;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.Progress;
import io.larder.bench.ServerProcess;
import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import io.larder.client.api.NearOptions;
import io.larder.client.api.PutOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * One of two servers stands still for a while, under callers of both through one client, and a near
 * cache. Used once, by one thread.
 */
final class StallRun {
    private static final List<String> SETTINGS = List.of("store.memory=64m");
    private static final Duration SIGNAL_TIMEOUT = Duration.ofSeconds(30);
    private static final long BEFORE_MILLIS = 2_000;
    private static final long RECOVERED_MILLIS_MAX = 60_000;
    private static final long SETTLED_MILLIS = 3_000;
    private static final long LOOK_MILLIS = 5;
    private static final int KEYS = 2_000;
    private static final int LASTING_KEYS = 1_000;
    private static final long LASTING_TTL_MILLIS = TimeUnit.MINUTES.toMillis(10);
    private static final NearOptions NEAR = NearOptions.DEFAULT;

    /**
     * What came of it. Calls are those to the server that stood still, unless they say otherwise.
     *
     * @param failed while it stood still, and until it was itself again
     * @param failedAfter then
     * @param otherFailed calls to the other server
     * @param lost items that were gone, though nobody had deleted them and they had not expired
     * @param slowestMillis of all calls, whatever their server
     * @param nearServedMillis how long after it stood still copies were served
     * @param recoveredMillis until all callers were answered again
     * @param connected connections that clients made to it from the stall on
     * @param connectionsMore than before, in the end
     */
    record Outcome(
            long calls,
            long failed,
            long failedAfter,
            long otherCalls,
            long otherFailed,
            long stale,
            long lost,
            long slowestMillis,
            long nearReads,
            long nearStale,
            long nearServedMillis,
            long recoveredMillis,
            long connected,
            long connectionsMore) {}

    private final long stallMillis;
    private final int threadsPerServer;
    private final Duration timeout;
    private final List<StallCaller> stalledCallers = new ArrayList<>();
    private final List<StallCaller> otherCallers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    StallRun(long stallMillis, int threadsPerServer, Duration timeout) {
        this.stallMillis = stallMillis;
        this.threadsPerServer = threadsPerServer;
        this.timeout = timeout;
    }

    /** How long a copy of the near cache may be served that is not known to be right. */
    static Duration nearBound() {
        return NEAR.bound();
    }

    /** Does it. Locking: blocks. */
    Outcome run() {
        try (ServerProcess stalled = ServerProcess.open(SETTINGS);
                ServerProcess other = ServerProcess.open(SETTINGS);
                Larder both = connect(stalled.ready().data() + ',' + other.ready().data());
                Larder alone = connect(stalled.ready().data());
                Larder near = connect(stalled.ready().data())) {
            begin(both, alone);
            NearWatch watch =
                    new NearWatch(
                            alone.cache("near"),
                            near.nearCache("near", NEAR),
                            NEAR.bound().toNanos());
            start(watch::write);
            start(watch::read);
            try {
                return stall(stalled, alone, watch);
            } finally {
                signal(stalled, "CONT"); // else it would not end either
                end(watch);
            }
        }
    }

    private Larder connect(String servers) {
        return Larder.builder("larder://" + servers)
                .requestTimeout(timeout)
                .clientName("bench-stall")
                .connect();
    }

    /** Fills both servers, and starts callers of each. */
    private void begin(Larder both, Larder alone) {
        BytesCache lasting = alone.cache("lasting");
        for (int i = 0; i < LASTING_KEYS; i++) {
            lasting.put(key(i), key(i));
            lasting.put(
                    key(LASTING_KEYS + i),
                    key(i),
                    PutOptions.DEFAULT.ttlMillis(LASTING_TTL_MILLIS));
        }
        BytesCache cache = both.cache();
        IntStream.range(0, KEYS).forEach(i -> cache.put(key(i), key(0)));
        List<byte[]> here = new ArrayList<>();
        List<byte[]> there = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            (alone.cache().get(key(i)).isPresent() ? here : there).add(key(i));
        }
        IntStream.range(0, KEYS).forEach(i -> cache.delete(key(i)));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < threadsPerServer; i++) {
            stalledCallers.add(new StallCaller(cache, share(here, i), random.split()));
            otherCallers.add(new StallCaller(cache, share(there, i), random.split()));
        }
        stalledCallers.forEach(this::start);
        otherCallers.forEach(this::start);
    }

    private static byte[] key(int number) {
        return ("key-" + number).getBytes(US_ASCII);
    }

    private List<byte[]> share(List<byte[]> keys, int thread) {
        return IntStream.range(0, keys.size())
                .filter(i -> i % threadsPerServer == thread)
                .mapToObj(keys::get)
                .toList();
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, "stall-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private Outcome stall(ServerProcess stalled, Larder alone, NearWatch watch) {
        sleep(BEFORE_MILLIS);
        requireCalm(watch);
        long connectedBefore = figure(alone, "connections_accepted");
        long openBefore = figure(alone, "connections");
        Progress.say("stall: the server stands still for %d ms", stallMillis);
        signal(stalled, "STOP");
        long stoppedNanos = System.nanoTime();
        sleep(stallMillis);
        long servedNanos = watch.servedNanos();
        long slowestNanos = slowestNanos();
        signal(stalled, "CONT");
        long resumedNanos = System.nanoTime();
        await(() -> stalledCallers.stream().allMatch(c -> c.answerNanos() - resumedNanos > 0));
        long recoveredMillis = millisSince(resumedNanos);
        Progress.say("stall: all are answered again after %d ms", recoveredMillis);
        sleep(SETTLED_MILLIS);
        long failed = failed(stalledCallers);
        sleep(SETTLED_MILLIS);
        return new Outcome(
                sum(stalledCallers, StallCaller::calls),
                failed,
                failed(stalledCallers) - failed,
                sum(otherCallers, StallCaller::calls),
                failed(otherCallers),
                sum(stalledCallers, StallCaller::stale) + sum(otherCallers, StallCaller::stale),
                sum(stalledCallers, StallCaller::lost)
                        + sum(otherCallers, StallCaller::lost)
                        + lasting(alone),
                TimeUnit.NANOSECONDS.toMillis(Math.max(slowestNanos, slowestNanos())),
                watch.reads(),
                watch.stale(),
                TimeUnit.NANOSECONDS.toMillis(Math.max(0, servedNanos - stoppedNanos)),
                recoveredMillis,
                figure(alone, "connections_accepted") - connectedBefore,
                figure(alone, "connections") - openBefore);
    }

    private void requireCalm(NearWatch watch) {
        long failures = failed(stalledCallers) + failed(otherCallers);
        boolean isCalm =
                failures == 0
                        && watch.reads() > 0
                        && stalledCallers.stream().allMatch(caller -> caller.calls() > 0)
                        && otherCallers.stream().allMatch(caller -> caller.calls() > 0);
        if (!isCalm) {
            throw new BenchException("stall: not all calls are answered before it begins");
        }
    }

    /** Items with long lives that are not there. */
    private static long lasting(Larder alone) {
        BytesCache cache = alone.cache("lasting");
        return IntStream.range(0, 2 * LASTING_KEYS)
                .filter(i -> cache.get(key(i)).isEmpty())
                .count();
    }

    private interface Count {
        long of(StallCaller caller);
    }

    private static long sum(List<StallCaller> callers, Count count) {
        return callers.stream().mapToLong(count::of).sum();
    }

    private static long failed(List<StallCaller> callers) {
        return sum(callers, StallCaller::failed);
    }

    private long slowestNanos() {
        return IntStream.range(0, threadsPerServer)
                .boxed()
                .flatMap(i -> List.of(stalledCallers.get(i), otherCallers.get(i)).stream())
                .map(StallCaller::slowestNanos)
                .max(Comparator.naturalOrder())
                .orElse(0L);
    }

    private static long figure(Larder larder, String name) {
        Map<String, String> stats = larder.stats();
        String figure = stats.get(name);
        if (figure == null) {
            throw new BenchException("stats: no " + name);
        }
        return Long.parseLong(figure);
    }

    /** By the shell, which has it everywhere. */
    private static void signal(ServerProcess server, String name) {
        String line = "kill -" + name + ' ' + server.pid();
        var unused = ChildProcess.output(List.of("sh", "-c", line), SIGNAL_TIMEOUT);
    }

    private static void await(BooleanSupplier holds) {
        long beganNanos = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (millisSince(beganNanos) > RECOVERED_MILLIS_MAX) {
                throw new BenchException(
                        "stall: not all are answered " + RECOVERED_MILLIS_MAX + " ms after it");
            }
            sleep(LOOK_MILLIS);
        }
    }

    private static long millisSince(long beganNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("stall: interrupted", e);
        }
    }

    private void end(NearWatch watch) {
        watch.end();
        stalledCallers.forEach(StallCaller::end);
        otherCallers.forEach(StallCaller::end);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.larder.bench.near;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderOptions;
import io.larder.client.api.NearOptions;
import io.larder.client.api.NearStats;
import io.larder.client.near.NearCache;
import io.larder.client.net.RemoteServers;
import io.larder.client.net.ServerAddress;
import io.larder.client.net.TrackingCache;
import io.larder.faults.FaultCounts;
import io.larder.faults.FaultProxy;
import io.larder.faults.FaultRates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Writers and near-cached readers of one server for a while, in phases, with faults on the readers'
 * connections: what counts is what a reader sees, and when. Used once.
 */
/*
 * Where there are many pushes, one that is missing is noticed by the next one; where there are few,
 * by the next SYNC at the earliest. So there are phases of both kinds, and some without faults, for
 * copies to be there when the next one begins.
 */
final class NearRun {
    private static final String REGION = "near";
    private static final int WRITERS = 2;
    private static final int CLIENTS = 2;
    private static final int READERS_PER_CLIENT = 2;
    private static final long PHASE_NANOS_MAX = TimeUnit.SECONDS.toNanos(4);

    /**
     * @param rates what befalls the readers' connections
     * @param pauseNanos how long a writer rests after each write
     * @param onlyHot whether so few keys are used that the server tracks them all
     */
    private record Phase(FaultRates rates, long pauseNanos, boolean onlyHot) {}

    private static final List<Phase> PHASES =
            List.of(
                    new Phase(
                            new FaultRates(0.02, 0.05, 1_500, 0.1, 0.00004, 2_500, 0.00005),
                            TimeUnit.MICROSECONDS.toNanos(300),
                            false),
                    new Phase(FaultRates.NONE, TimeUnit.MILLISECONDS.toNanos(2), true),
                    new Phase(
                            new FaultRates(0.3, 0.3, 1_500, 0.2, 0.00004, 2_500, 0.00005),
                            TimeUnit.MILLISECONDS.toNanos(100),
                            true));

    final WriteHistory history = new WriteHistory(NearWorkload.KEYS);
    final NearTally tally = new NearTally();
    private final NearOptions options;
    private final UnaryOperator<TrackingCache> twin;
    private final SplittableRandom seeds;
    private volatile Phase phase = PHASES.get(0);
    private volatile boolean over;

    /** What a run has come to. */
    record Outcome(NearTally tally, FaultCounts faults, long nearHits, long drops) {}

    /**
     * @param twin what the near caches are put over: the region as it is, or one that a test has
     *     spoilt
     */
    NearRun(NearOptions options, UnaryOperator<TrackingCache> twin, long seed) {
        this.options = options;
        this.twin = twin;
        this.seeds = new SplittableRandom(seed);
    }

    /** Another source of chance for each thread; to be asked by one thread. */
    SplittableRandom random() {
        return seeds.split();
    }

    long boundNanos() {
        return options.bound().toNanos();
    }

    boolean isOver() {
        return over;
    }

    /** How long a writer is to rest after each write. */
    long writePauseNanos() {
        return phase.pauseNanos();
    }

    /** The key to be used next. */
    int nextKey(SplittableRandom random) {
        return NearWorkload.nextKey(random, phase.onlyHot());
    }

    static void pause(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    /**
     * Runs against a server that tracks little, so that it forgets.
     *
     * @throws BenchException if nothing was put to the test
     */
    Outcome run(InetSocketAddress server, int seconds) throws IOException {
        try (FaultProxy proxy = new FaultProxy(server, FaultRates.NONE, seeds.nextLong());
                RemoteServers direct = connect(server.getPort())) {
            List<RemoteServers> clients = new ArrayList<>();
            try {
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(connect(proxy.port()));
                }
                return run(proxy, direct, clients, seconds);
            } finally {
                over = true;
                clients.forEach(RemoteServers::close);
            }
        }
    }

    private static RemoteServers connect(int port) {
        ServerAddress address = ServerAddress.parse("larder://127.0.0.1:" + port);
        RemoteServers servers = new RemoteServers(List.of(address), LarderOptions.DEFAULT);
        servers.awaitConnected();
        return servers;
    }

    private Outcome run(
            FaultProxy proxy, RemoteServers direct, List<RemoteServers> clients, int seconds) {
        List<NearWriter> writers = new ArrayList<>();
        for (int share = 0; share < WRITERS; share++) {
            writers.add(new NearWriter(this, direct.cache(REGION), share, WRITERS));
        }
        writers.forEach(NearWriter::fill);
        List<BytesCache> caches = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (RemoteServers client : clients) {
            NearCache near = NearCache.open(options);
            BytesCache cache = client.cache(REGION, region -> near.over(twin.apply(region)));
            caches.add(cache);
            for (int i = 0; i < READERS_PER_CLIENT; i++) {
                threads.add(new Thread(new NearReader(this, cache), "near-reader"));
            }
        }
        writers.forEach(writer -> threads.add(new Thread(writer, "near-writer")));
        threads.forEach(Thread::start);
        watch(proxy, caches, seconds);
        over = true;
        threads.forEach(NearRun::join);
        return outcome(proxy, caches);
    }

    private void watch(FaultProxy proxy, List<BytesCache> caches, int seconds) {
        long lengthNanos = TimeUnit.SECONDS.toNanos(seconds);
        long endNanos = System.nanoTime() + lengthNanos;
        long phaseNanos = Math.min(PHASE_NANOS_MAX, lengthNanos / PHASES.size()); // each, once
        for (int count = 0; endNanos - System.nanoTime() > 0; count++) {
            phase = PHASES.get(count % PHASES.size());
            proxy.rates(phase.rates());
            sleep(Math.min(endNanos - System.nanoTime(), phaseNanos));
            Progress.say(
                    "near: %d reads, %d of copies, %d faults, %d too old, the oldest by %d ms",
                    tally.reads.sum(),
                    hits(caches),
                    proxy.counts().faults(),
                    tally.stale.sum(),
                    TimeUnit.NANOSECONDS.toMillis(tally.oldestNanos()));
        }
    }

    private static void sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            throw new BenchException("near: interrupted", e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new BenchException("near: interrupted", e);
        }
    }

    private static long hits(List<BytesCache> caches) {
        return caches.stream().mapToLong(cache -> stats(cache).hits()).sum();
    }

    private static NearStats stats(BytesCache cache) {
        return cache.nearStats().orElseThrow();
    }

    private Outcome outcome(FaultProxy proxy, List<BytesCache> caches) {
        long drops =
                caches.stream()
                        .map(NearRun::stats)
                        .mapToLong(
                                stats ->
                                        stats.dropsTold()
                                                + stats.dropsForGap()
                                                + stats.dropsForSilence()
                                                + stats.dropsForDisconnection())
                        .sum();
        return new Outcome(tally, proxy.counts(), hits(caches), drops);
    }
}

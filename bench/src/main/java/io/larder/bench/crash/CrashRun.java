package io.larder.bench.crash;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.ServerProcess;
import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderOptions;
import io.larder.client.net.RemoteServers;
import io.larder.client.net.ServerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writers against a server that is killed again and again, at any moment, some of the time while it
 * looks for what the one before it left. Used once, by one thread.
 */
final class CrashRun {
    private static final int WRITERS = 8;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Writers' values of about 1,000 bytes fill this part of the memory. */
    private static final double FILL = 0.75;

    private static final int VALUE_BYTES = 1_700; // with what an item, its index and large ones add
    private static final int WRITE_MILLIS_MIN = 200;
    private static final int WRITE_MILLIS_MAX = 1_500;

    /** Every so many cycles the writers rest before the kill, and the hit ratio is taken. */
    private static final int STILL_ONE_IN = 4;

    private static final long REBUILD_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(100);

    private final CrashTally tally = new CrashTally();
    private final SplittableRandom random;
    private final CrashServer servers;
    private final List<CrashWriter> writers = new ArrayList<>();
    private final int keysPerWriter;
    private final List<Long> readyMillis = new ArrayList<>();
    private int killedWhileRebuilding;
    private double ratioBefore = Double.NaN;
    private double ratioBeforeMin = 1;
    private double ratioLostMax;
    private int stills;
    private int coldStarts;
    private volatile @Nullable Throwable failure;

    CrashRun(CrashServer servers, long memoryBytes, long seed) {
        this.servers = servers;
        this.random = new SplittableRandom(seed);
        this.keysPerWriter = (int) (memoryBytes * FILL / VALUE_BYTES / WRITERS);
    }

    /**
     * What a run has come to.
     *
     * @param readyMillis of each warm start
     * @param stills how often the hit ratio was taken before and after a kill
     * @param ratioBeforeMin the lowest one before
     * @param ratioLostMax by how much the hit ratio was lower after a kill than before, at most
     */
    record Outcome(
            CrashTally tally,
            List<Long> readyMillis,
            int killedWhileRebuilding,
            int coldStarts,
            int stills,
            double ratioBeforeMin,
            double ratioLostMax) {}

    Outcome run(int cycles) {
        for (int cycle = 0; cycle < cycles; cycle++) {
            live(cycle);
            for (int kills = random.nextInt(3) - 1; cycle + 1 < cycles && kills > 0; kills--) {
                servers.startAndKill(random.nextLong(REBUILD_NANOS_MAX));
                killedWhileRebuilding++;
            }
            Progress.say(
                    "crash: %d of %d cycles, %d acknowledged, %d found, %d corrupt, %d stale, %d"
                            + " resurrected",
                    cycle + 1,
                    cycles,
                    tally.acknowledged.sum(),
                    tally.found.sum(),
                    tally.corrupt.sum(),
                    tally.stale.sum(),
                    tally.resurrected.sum());
        }
        withServer(
                (server, client) -> {
                    resume(client);
                    server.stop();
                });
        return new Outcome(
                tally,
                readyMillis,
                killedWhileRebuilding,
                coldStarts,
                stills,
                ratioBeforeMin,
                ratioLostMax);
    }

    /** One server's life: what is there is checked, then written to until the server is killed. */
    private void live(int cycle) {
        withServer(
                (server, client) -> {
                    resume(client);
                    boolean isStill = cycle % STILL_ONE_IN == STILL_ONE_IN - 1;
                    write(server, client, isStill);
                });
    }

    private interface Life {
        void run(ServerProcess server, RemoteServers client);
    }

    private void withServer(Life life) {
        try (ServerProcess server = servers.start();
                RemoteServers client = connect(server)) {
            client.awaitConnected();
            servers.readyMillis().ifPresentOrElse(readyMillis::add, () -> coldStarts++);
            life.run(server, client);
        }
    }

    private static RemoteServers connect(ServerProcess server) {
        int port = server.ready().dataAddress().getPort();
        return new RemoteServers(
                List.of(ServerAddress.parse("larder://127.0.0.1:" + port)), LarderOptions.DEFAULT);
    }

    /** Gives the writers their next server, once they have checked what is there. */
    private void resume(RemoteServers client) {
        for (int number = 0; number < WRITERS; number++) {
            BytesCache cache = client.cache(CrashWriter.region(number)).withTimeout(TIMEOUT);
            if (number == writers.size()) {
                writers.add(
                        new CrashWriter(number, keysPerWriter, tally, random.nextLong(), cache));
            }
            writers.get(number).use(cache);
        }
        if (!Double.isNaN(ratioBefore)) {
            ratioLostMax = Math.max(ratioLostMax, ratioBefore - hitRatio());
            ratioBefore = Double.NaN;
        }
        join(start(CrashWriter::check));
    }

    private void write(ServerProcess server, RemoteServers client, boolean isStill) {
        List<Thread> threads = start(CrashWriter::run);
        sleep(random.nextInt(WRITE_MILLIS_MIN, WRITE_MILLIS_MAX));
        if (isStill) {
            writers.forEach(CrashWriter::stop);
            join(threads);
            ratioBefore = hitRatio();
            ratioBeforeMin = Math.min(ratioBeforeMin, ratioBefore);
            stills++;
            server.kill();
        } else {
            server.kill();
            client.close(); // nobody waits for an answer any more
            join(threads);
        }
    }

    private double hitRatio() {
        return writers.stream().mapToDouble(CrashWriter::hitRatio).average().orElse(1);
    }

    private List<Thread> start(Consumer<CrashWriter> work) {
        List<Thread> threads = new ArrayList<>();
        for (CrashWriter writer : writers) {
            Thread thread = new Thread(() -> attempt(writer, work), "crash-writer");
            threads.add(thread);
            thread.start();
        }
        return threads;
    }

    private void attempt(CrashWriter writer, Consumer<CrashWriter> work) {
        try {
            work.accept(writer);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new BenchException("crash: interrupted", e);
        }
        Throwable thrown = failure;
        if (thrown != null) {
            throw new BenchException("crash: a writer failed: " + thrown, thrown);
        }
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new BenchException("crash: interrupted", e);
        }
    }
}

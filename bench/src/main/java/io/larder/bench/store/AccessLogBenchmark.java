package io.larder.bench.store;

import io.larder.server.accesslog.AccessDrain;
import io.larder.server.accesslog.AccessLog;
import io.larder.server.metrics.StripedCounter;
import io.larder.server.work.MaintenancePool;
import io.larder.server.work.ShardActor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a hit pay for being recorded, and for being counted? With {@code -t 2} also what two
 * threads cost each other. {@link #nothing} is to be subtracted; drops are included, as a server's
 * are.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class AccessLogBenchmark {
    private static final int ENTRIES_PER_TURN = 8192;

    private final AccessLog log = new AccessLog();
    private final StripedCounter counter = new StripedCounter();
    private final MaintenancePool pool = new MaintenancePool(1, error -> {});

    /** A hash for each call. */
    @State(Scope.Thread)
    public static class Hashes {
        private long last;

        long next() {
            last += 0x9E3779B97F4A7C15L;
            return last;
        }
    }

    /** Has the log drained as a server does. */
    @Setup
    public void startDraining() {
        AccessDrain drain =
                new AccessDrain(
                        budget -> log.drain((entries, count) -> {}, budget),
                        AccessDrain.SHARE,
                        System::nanoTime,
                        Runtime.getRuntime().availableProcessors());
        ShardActor drainer = new ShardActor(pool, drain::run, ENTRIES_PER_TURN, error -> {});
        log.onDrainDue(
                () -> {
                    if (drain.isDue()) {
                        drainer.request();
                    }
                });
    }

    /** Ends the worker. */
    @TearDown
    public void stopDraining() {
        pool.close();
    }

    /** The hash alone. */
    @Benchmark
    public long nothing(Hashes hashes) {
        return hashes.next();
    }

    /** A hit into the log. */
    @Benchmark
    public long record(Hashes hashes) {
        long hash = hashes.next();
        log.recordHit(hash);
        return hash;
    }

    /** A hit into the counter. */
    @Benchmark
    public long count(Hashes hashes) {
        counter.increment();
        return hashes.next();
    }
}

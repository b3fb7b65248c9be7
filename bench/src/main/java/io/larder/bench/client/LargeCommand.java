package io.larder.bench.client;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.PacedCalls;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench large}: how long a small get waits behind large values on the same connection. */
@Command(
        name = "large",
        description =
                "Measures small gets beside large values that are stored and read over the same"
                        + " connection, and without them.",
        mixinStandardHelpOptions = true)
public final class LargeCommand implements Callable<Integer> {
    private static final byte[] SMALL_KEY = {'s'};
    private static final byte[] LARGE_KEY = {'l'};
    private static final int SECONDS_MAX = 3_600;

    @Option(names = "--seconds", description = "Of each phase; default ${DEFAULT-VALUE}.")
    private int seconds = 10;

    @Option(
            names = "--warmup",
            description =
                    "Seconds of both, not counted, in which the store's memory is touched for the"
                            + " first time; default ${DEFAULT-VALUE}.")
    private int warmupSeconds = 10;

    @Option(names = "--mebibytes", description = "Of a large value; default ${DEFAULT-VALUE}.")
    private int mebibytes = 32;

    @Option(names = "--rate", description = "Small gets a second; default ${DEFAULT-VALUE}.")
    private int rate = 500;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public LargeCommand() {}

    @Override
    public Integer call() throws Exception {
        requireRange(spec, "--seconds", seconds, 1, SECONDS_MAX);
        requireRange(spec, "--warmup", warmupSeconds, 1, SECONDS_MAX);
        requireRange(spec, "--mebibytes", mebibytes, 2, 64);
        requireRange(spec, "--rate", rate, 1, 10_000);
        PrintWriter out = spec.commandLine().getOut();
        try (ServerProcess server = ServerProcess.open(List.of("store.memory=512m"));
                Larder larder =
                        Larder.builder("larder://" + server.ready().data())
                                .requestTimeout(Duration.ofSeconds(60))
                                .connect()) {
            ResultLine result = measure(larder.cache());
            out.println(result);
            out.flush();
        }
        return 0;
    }

    private ResultLine measure(BytesCache cache) throws InterruptedException {
        cache.put(SMALL_KEY, new byte[100]);
        Progress.say("large: warming up");
        var unused = beside(cache, warmupSeconds, new AtomicLong());
        Histogram alone = smallGets(cache, seconds);
        AtomicLong transfers = new AtomicLong();
        Histogram beside = beside(cache, seconds, transfers);
        if (transfers.get() == 0) {
            throw new BenchException("large: no value was transferred in time");
        }
        return ResultLine.of("large")
                .put("alone_p50_micros", alone.getValueAtPercentile(50))
                .put("alone_p99_micros", alone.getValueAtPercentile(99))
                .put("alone_max_micros", alone.getMaxValue())
                .put("beside_p50_micros", beside.getValueAtPercentile(50))
                .put("beside_p99_micros", beside.getValueAtPercentile(99))
                .put("beside_max_micros", beside.getMaxValue())
                .put("gets", beside.getTotalCount())
                .put("large_transfers", transfers.get())
                .put("large_mib_per_second", transfers.get() * mebibytes / seconds)
                .put("large_mib", mebibytes)
                .put("seconds", seconds);
    }

    private Histogram beside(BytesCache cache, int seconds, AtomicLong transfers)
            throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        byte[] value = new byte[mebibytes << 20];
        Arrays.fill(value, (byte) 'v');
        Thread large =
                new Thread(
                        () -> {
                            while (!stop.get()) {
                                cache.put(LARGE_KEY, value);
                                transfers.incrementAndGet();
                                if (cache.get(LARGE_KEY).orElseThrow().length == value.length) {
                                    transfers.incrementAndGet();
                                }
                            }
                        },
                        "large-values");
        large.start();
        try {
            return smallGets(cache, seconds);
        } finally {
            stop.set(true);
            large.join();
        }
    }

    private Histogram smallGets(BytesCache cache, int seconds) {
        return PacedCalls.micros(
                rate,
                seconds,
                call -> {
                    var unused = cache.get(SMALL_KEY).orElseThrow();
                });
    }
}

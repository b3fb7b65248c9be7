package io.larder.bench.hostile;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench churn}: whether clients that come and go in every bad way leave anything behind. */
@Command(
        name = "churn",
        description =
                "Connects, disconnects, resets and leaves half frames at random; compares what the"
                        + " server holds before and after.",
        mixinStandardHelpOptions = true)
public final class ChurnCommand implements Callable<Integer> {
    private static final long SETTLE_MILLIS = 20_000;
    private static final int WARM_SECONDS = 5;
    private static final long BUFFER_BYTES_MAX_GROWN = 8 << 20;

    @Option(names = "--seconds", description = "How long; default ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Option(names = "--threads", description = "That churn; default ${DEFAULT-VALUE}.")
    private int threads = 4;

    @Option(names = "--seed", description = "Of all that is random; default another each time.")
    private long seed = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    private final Map<Churner.Way, LongAdder> counts = new EnumMap<>(Churner.Way.class);
    private final LongAdder wrong = new LongAdder();

    /** For picocli. */
    public ChurnCommand() {}

    /** What a server holds that nobody is connected to. */
    private record Held(long descriptors, long threads, long bufferBytes, long residentBytes) {}

    @Override
    public Integer call() {
        requireRange(spec, "--seconds", seconds, 1, 7 * 24 * 3_600);
        requireRange(spec, "--threads", threads, 1, 64);
        for (Churner.Way way : Churner.Way.values()) {
            counts.put(way, new LongAdder());
        }
        List<String> definitions =
                List.of(
                        "store.memory=64m",
                        "listeners.memcached.port=0",
                        "listeners.resp.port=0",
                        "limits.hello-timeout=3s",
                        "limits.frame-timeout=3s",
                        "limits.stall-timeout=3s",
                        "limits.idle-timeout=10s");
        try (ServerProcess server = ServerProcess.open(definitions)) {
            Map<String, InetSocketAddress> listeners =
                    Map.of(
                            "data", server.ready().dataAddress(),
                            "memcached", server.ready().address("memcached"),
                            "resp", server.ready().address("resp"));
            ServerFigures figures = new ServerFigures(server);
            SplittableRandom random = new SplittableRandom(seed);
            churn(listeners, random, WARM_SECONDS, "warm-up");
            Held before = settled(server, figures);
            counts.values().forEach(LongAdder::reset);
            churn(listeners, random, seconds, "churn");
            Held after = settled(server, figures);
            return judge(before, after, figures);
        }
    }

    private void churn(
            Map<String, InetSocketAddress> listeners,
            SplittableRandom random,
            int forSeconds,
            String name) {
        long beganNanos = System.nanoTime();
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Churner churner = new Churner(listeners, random.split(), counts, wrong);
            Thread thread =
                    new Thread(
                            () -> {
                                while (Waiting.millisSince(beganNanos) < forSeconds * 1_000L) {
                                    churner.step();
                                }
                            },
                            "churn-" + i);
            thread.setDaemon(true);
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            while (thread.isAlive()) {
                Waiting.sleep(1_000);
                if (Waiting.millisSince(beganNanos) % 10_000 < 1_000) {
                    Progress.say("churn: %s, %s", name, counts);
                }
            }
        }
    }

    /** When all have gone, or a while after. */
    private static Held settled(ServerProcess server, ServerFigures figures) {
        long millis = Waiting.until(() -> connections(figures) == 0, SETTLE_MILLIS);
        if (millis < 0) {
            throw new BenchException("churn: " + connections(figures) + " connections are left");
        }
        Waiting.sleep(1_000);
        return new Held(
                (long) figures.metric("process_open_fds"),
                (long) figures.metric("jvm_threads_current"),
                (long) figures.metric("larder_network_buffer_bytes"),
                server.usage().residentBytes());
    }

    private static long connections(ServerFigures figures) {
        return (long)
                (figures.metric("larder_connections")
                        + figures.metric("larder_memcached_connections")
                        + figures.metric("larder_resp_connections"));
    }

    private int judge(Held before, Held after, ServerFigures figures) {
        long taken = counts.values().stream().mapToLong(LongAdder::sum).sum();
        if (counts.values().stream().anyMatch(count -> count.sum() == 0)) {
            throw new BenchException("churn: " + counts + " (expected: some of each)");
        }
        long uncaught = (long) figures.metric("larder_uncaught_errors_total");
        long inFlight = (long) figures.metric("larder_in_flight_bytes");
        boolean isSound = figures.isSound();
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("churn")
                        .put("connections", taken)
                        .put("wrong", wrong.sum())
                        .put("uncaught_errors", uncaught)
                        .put("descriptors_before", before.descriptors())
                        .put("descriptors_after", after.descriptors())
                        .put("threads_before", before.threads())
                        .put("threads_after", after.threads())
                        .put("in_flight_bytes_after", inFlight)
                        .put("buffer_mib_before", before.bufferBytes() >> 20)
                        .put("buffer_mib_after", after.bufferBytes() >> 20)
                        .put("rss_mib_before", before.residentBytes() >> 20)
                        .put("rss_mib_after", after.residentBytes() >> 20)
                        .put("store_sound", isSound)
                        .put("seconds", seconds)
                        .put("seed", seed));
        out.flush();
        return wrong.sum() == 0
                        && uncaught == 0
                        && inFlight == 0
                        && isSound
                        && after.descriptors() <= before.descriptors()
                        && after.threads() <= before.threads()
                        && after.bufferBytes() <= before.bufferBytes() + BUFFER_BYTES_MAX_GROWN
                ? 0
                : BenchMain.EXIT_BROKEN;
    }
}

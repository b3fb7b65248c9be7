package io.larder.bench.trace;

import static io.larder.bench.OptionChecks.wrong;

import io.larder.bench.BenchException;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.replay.CaffeineCache;
import io.larder.bench.replay.ReplayCache;
import io.larder.bench.replay.S3FifoCache;
import io.larder.bench.replay.StoreCache;
import io.larder.bench.replay.StoreLayout;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code trace replay}: the hit ratio that a recorded trace has in Larder's store, Caffeine and
 * S3-FIFO at several sizes, as a table and a plot.
 */
@Command(
        name = "replay",
        description = "Replays a recorded trace at several sizes; ends in a table and an SVG plot.",
        mixinStandardHelpOptions = true)
final class ReplayRecordedCommand implements Callable<Integer> {
    private static final double[] TIMES = {0.5, 0.75, 1, 1.5, 2, 4};

    /** With fewer, a cache's queues are a few items long, and nothing follows from it. */
    private static final int ITEMS_MIN = 64;

    @Option(names = "--trace", required = true, description = "What trace record has written.")
    private Path trace = Path.of("");

    @Option(names = "--plot", description = "Where the plot goes; default: beside the trace.")
    private Path plot = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    ReplayRecordedCommand() {}

    @Override
    public Integer call() {
        if (!Files.isRegularFile(trace)) {
            throw wrong(spec, "--trace: " + trace + " (expected: a readable file)");
        }
        RecordedTrace recorded = RecordedTrace.open(trace);
        Progress.say(
                "trace: %,d reads of %,d keys, one key in %,d; %,d reads of keys without a value",
                recorded.reads(), recorded.keys(), 1L << recorded.bits(), recorded.unknown());
        if (TIMES[0] * recorded.itemsThatFit() < ITEMS_MIN) {
            throw new BenchException(
                    String.format(
                            Locale.ROOT,
                            "%s: %.0f items of the sample fit the server (expected: at least %.0f)",
                            trace,
                            recorded.itemsThatFit(),
                            ITEMS_MIN / TIMES[0]));
        }
        Map<String, List<Double>> ratios = replayAll(recorded);
        PrintWriter out = spec.commandLine().getOut();
        print(recorded, ratios, out);
        Path target = plot.toString().isEmpty() ? Path.of(trace + ".svg") : plot;
        write(recorded, ratios, target);
        ResultLine result =
                ResultLine.of("trace_replay")
                        .put("reads", recorded.reads())
                        .put("keys", recorded.keys());
        ratios.forEach((name, all) -> result.put(name, all.get(2), 4));
        out.println(result.put("plot", target));
        out.flush();
        return 0;
    }

    private static Map<String, List<Double>> replayAll(RecordedTrace recorded) {
        Map<String, LongFunction<ReplayCache>> caches = new LinkedHashMap<>();
        int mean = recorded.bytesMean();
        caches.put(
                "larder",
                items ->
                        StoreCache.open(
                                StoreLayout.ofSizes(items, mean, recorded.bytesMax()), true));
        caches.put("caffeine", items -> new CaffeineCache(items * mean, true));
        caches.put("s3fifo", items -> new S3FifoCache(items * mean, true));
        Map<String, List<Double>> ratios = new LinkedHashMap<>();
        caches.forEach(
                (name, cacheOfItems) -> {
                    List<Double> all = new ArrayList<>();
                    for (double times : TIMES) {
                        long items = Math.round(times * recorded.itemsThatFit());
                        all.add(hitRatio(recorded, cacheOfItems.apply(items)));
                    }
                    Progress.say("trace: %s: %s", name, all);
                    ratios.put(name, all);
                });
        return ratios;
    }

    private static double hitRatio(RecordedTrace recorded, ReplayCache cache) {
        long[] hits = {0};
        recorded.forEach(
                step -> {
                    boolean isHit = cache.access(step.request(), step.atMillis());
                    hits[0] += step.isRead() && isHit ? 1 : 0;
                });
        return (double) hits[0] / recorded.reads();
    }

    private static void print(
            RecordedTrace recorded, Map<String, List<Double>> ratios, PrintWriter out) {
        out.printf(Locale.ROOT, "%-8s %12s", "size", "MiB");
        ratios.keySet().forEach(name -> out.printf(Locale.ROOT, " %10s", name));
        out.println();
        for (int size = 0; size < TIMES.length; size++) {
            out.printf(
                    Locale.ROOT,
                    "%-8s %12.1f",
                    String.format(Locale.ROOT, "%.2f x", TIMES[size]),
                    TIMES[size] * recorded.limitBytes() / (1 << 20));
            for (List<Double> all : ratios.values()) {
                out.printf(Locale.ROOT, " %8.2f %%", 100 * all.get(size));
            }
            out.println();
        }
    }

    private static void write(
            RecordedTrace recorded, Map<String, List<Double>> ratios, Path target) {
        HitRatioPlot picture = new HitRatioPlot(recorded.limitBytes(), TIMES);
        ratios.forEach(picture::add);
        try {
            Files.writeString(target, picture.svg());
        } catch (IOException e) {
            throw new BenchException("--plot: " + target + ": " + e, e);
        }
    }
}

package io.larder.bench.replay;

import static io.larder.bench.OptionChecks.requireRange;
import static io.larder.bench.OptionChecks.wrong;

import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench replay}: the hit ratio of a trace, in Larder's store and in other caches. */
@Command(
        name = "replay",
        description = "Replays a trace of requests and tells the hit ratio.",
        mixinStandardHelpOptions = true)
public final class ReplayCommand implements Callable<Integer> {
    private static final long CAPACITY_ITEMS_MIN = 16;
    private static final long CAPACITY_ITEMS_MAX = 10_000_000;

    /** What a trace is replayed through. */
    enum Policy {
        larder,
        caffeine,
        s3fifo,
        lru,
        all
    }

    @Option(
            names = "--trace",
            required = true,
            description = "One key[,bytes[,ttlMillis]] a line, plain or .gz.")
    private Path trace = Path.of("");

    @Option(
            names = "--capacity-items",
            required = true,
            description =
                    "Items of one size that fit; with bytes in the trace, items of its mean size.")
    private long capacityItems;

    @Option(
            names = "--policy",
            description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Policy policy = Policy.larder;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public ReplayCommand() {}

    @Override
    public Integer call() {
        if (!Files.isReadable(trace) || Files.isDirectory(trace)) {
            throw wrong(spec, "--trace: " + trace + " (expected: a readable file)");
        }
        requireRange(
                spec, "--capacity-items", capacityItems, CAPACITY_ITEMS_MIN, CAPACITY_ITEMS_MAX);
        TraceFile file = new TraceFile(trace);
        TraceProfile profile = TraceProfile.of(file);
        Progress.say(
                "replay: %,d requests for %,d keys, %s",
                profile.requests(),
                profile.keys(),
                profile.sized()
                        ? "of " + profile.bytesMean() + " bytes on average"
                        : "all of one size");
        PrintWriter out = spec.commandLine().getOut();
        List<Policy> policies =
                policy == Policy.all
                        ? List.of(Policy.caffeine, Policy.s3fifo, Policy.lru, Policy.larder)
                        : List.of(policy);
        for (Policy each : policies) {
            out.println(replay(each, file, profile));
            out.flush();
        }
        return 0;
    }

    private ResultLine replay(Policy which, TraceFile file, TraceProfile profile) {
        if (which == Policy.larder) {
            return replayStore(file, profile);
        }
        boolean weighed = profile.sized();
        long capacity = weighed ? capacityItems * profile.bytesMean() : capacityItems;
        ReplayCache cache =
                switch (which) {
                    case caffeine -> new CaffeineCache(capacity, weighed);
                    case s3fifo -> new S3FifoCache(capacity, weighed);
                    default -> new LruCache(capacity, weighed);
                };
        return new Replay(cache).run(file).result(which.name());
    }

    private ResultLine replayStore(TraceFile file, TraceProfile profile) {
        StoreLayout layout =
                profile.sized()
                        ? StoreLayout.ofSizes(
                                capacityItems, profile.bytesMean(), profile.bytesMax())
                        : StoreLayout.ofItems(capacityItems);
        StoreCache cache = StoreCache.open(layout, profile.sized());
        return new Replay(cache)
                .run(file)
                .result(Policy.larder.name())
                .put("value_bytes", layout.valueBytes())
                .put("shards", layout.shards())
                .put("segment_bytes", layout.segmentBytes())
                .put("segments", cache.segments())
                .put("write_amplification", cache.writeAmplification(), 2);
    }
}

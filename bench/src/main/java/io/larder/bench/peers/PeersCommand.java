package io.larder.bench.peers;

import static io.larder.bench.OptionChecks.requireOnce;
import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchMain;
import io.larder.bench.OptionChecks;
import io.larder.bench.Progress;
import io.larder.bench.wire.KeySequence.Distribution;
import io.larder.bench.wire.WireItems;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench peers}: Larder beside memcached and Redis, by their own protocols. */
@Command(
        name = "peers",
        description =
                "Compares the server CPU, speed and latency of Larder, memcached and Redis under one"
                        + " generator, or the memory they take for an item.",
        mixinStandardHelpOptions = true)
public final class PeersCommand implements Callable<Integer> {
    private static final int DEPTH_MAX = 1024;
    private static final int VALUE_BYTES_MAX = 64 << 10;
    private static final int SECONDS_MAX = 3_600;
    private static final double PART_MIN = 0.01;

    private static final List<Crowd> FULL_CROWDS =
            List.of(new Crowd(50, 0), new Crowd(1, 0), new Crowd(200, 0), new Crowd(50, 950));

    @Option(names = "--full", description = "All workloads; some four hours.")
    private boolean full;

    @Option(names = "--memory", description = "Measure what an item takes, and nothing else.")
    private boolean memory;

    @Option(
            names = "--scale",
            description = "With --memory, of the numbers of items; default ${DEFAULT-VALUE}.")
    private double scale = 1;

    @Option(
            names = "--pairs",
            split = ",",
            description = "Of ${COMPLETION-CANDIDATES}; default all.")
    private List<Pair> pairs = List.of(Pair.values());

    @Option(
            names = "--placement",
            split = ",",
            description = "Of ${COMPLETION-CANDIDATES}; default all.")
    private List<Placement> placements = List.of(Placement.values());

    @Option(
            names = "--depth",
            split = ",",
            description =
                    "Requests sent before answers are awaited; default 1 on the same core, 16 and 64"
                            + " across, 16 unpinned.")
    private List<Integer> depths = List.of();

    @Option(
            names = "--connections",
            split = ",",
            paramLabel = "N[+IDLE]",
            converter = Crowd.Converter.class,
            description = "Default 50; with --full also 1, 200, and 50 beside 950 idle ones.")
    private List<Crowd> crowds = List.of();

    @Option(
            names = "--value-bytes",
            split = ",",
            description = "Default 100; with --full also 32, 1024 and 16384.")
    private List<Integer> valueBytes = List.of();

    @Option(
            names = "--set-percent",
            split = ",",
            description = "SETs among the GETs; default 5, with --full also 50.")
    private List<Integer> setPercents = List.of();

    @Option(
            names = "--distribution",
            split = ",",
            description = "Of ${COMPLETION-CANDIDATES}; default uniform, with --full both.")
    private List<Distribution> distributions = List.of();

    @Option(
            names = "--keys",
            description =
                    "Keys of 20 bytes, fewer where their values would exceed 1 GiB; default"
                            + " ${DEFAULT-VALUE}.")
    private int keys = 1_000_000;

    @Option(names = "--seconds", description = "Of each measurement; default ${DEFAULT-VALUE}.")
    private double seconds = 1;

    @Option(
            names = "--rounds",
            description = "Of which the medians count; default ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--warmup",
            description = "Seconds of each side before a workload; default ${DEFAULT-VALUE}.")
    private double warmupSeconds = 5;

    @Option(
            names = "--servers",
            paramLabel = "DIRECTORY",
            description =
                    "Where redis-server, redis-benchmark and memcached are, beside the PATH;"
                            + " packages unpacked there by dpkg -x will do.")
    private @Nullable Path servers;

    @Option(names = "-D", paramLabel = "KEY=VALUE", description = "A setting of Larder.")
    private List<String> definitions = List.of();

    @Mixin private Targets targets = new Targets();

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public PeersCommand() {}

    @Override
    public Integer call() {
        PeersPlan plan = plan();
        PrintWriter out = spec.commandLine().getOut();
        PeersRun.Outcome outcome =
                memory
                        ? new ItemMemory(plan, scale, out).run()
                        : new PeersRun(plan, targets, out).run();
        out.println(outcome.result());
        out.flush();
        if (!outcome.holds()) {
            Progress.say("peers: targets missed, or answers (expected: neither)");
            return BenchMain.EXIT_BROKEN;
        }
        return 0;
    }

    private PeersPlan plan() {
        PeersPlan.Scope scope =
                new PeersPlan.Scope(
                        placements,
                        depths,
                        chosen(crowds, List.of(new Crowd(50, 0)), FULL_CROWDS),
                        chosen(valueBytes, List.of(100), List.of(100, 32, 1024, 16 << 10)),
                        chosen(setPercents, List.of(5), List.of(5, 50)),
                        chosen(
                                distributions,
                                List.of(Distribution.uniform),
                                List.of(Distribution.values())));
        PeersPlan plan =
                new PeersPlan(
                        pairs, scope, keys, seconds, rounds, warmupSeconds, servers, definitions);
        check(plan);
        return plan;
    }

    private <T> List<T> chosen(List<T> asked, List<T> quick, List<T> all) {
        return asked.isEmpty() ? full ? all : quick : asked;
    }

    private void check(PeersPlan plan) {
        requireOnce(spec, "--pairs", plan.pairs());
        requireOnce(spec, "--placement", plan.scope().placements());
        requireOnce(spec, "--connections", plan.scope().crowds());
        requireOnce(spec, "--distribution", plan.scope().distributions());
        requireAll(
                "--value-bytes",
                plan.scope().valueBytes(),
                WireItems.VALUE_BYTES_MIN,
                VALUE_BYTES_MAX);
        requireAll("--set-percent", plan.scope().setPercents(), 0, 100);
        if (!depths.isEmpty()) {
            requireAll("--depth", depths, 1, DEPTH_MAX);
        }
        requireRange(spec, "--keys", keys, 1, WireItems.KEYS_MAX);
        requireRange(spec, "--rounds", rounds, 1, 100);
        requirePart("--seconds", plan.seconds(), SECONDS_MAX);
        requirePart("--warmup", warmupSeconds, SECONDS_MAX);
        requirePart("--scale", scale, 10);
    }

    private void requireAll(String option, List<Integer> values, int min, int max) {
        requireOnce(spec, option, values);
        values.forEach(value -> requireRange(spec, option, value, min, max));
    }

    private void requirePart(String option, double value, double max) {
        if (!(value >= PART_MIN && value <= max)) {
            throw OptionChecks.wrong(
                    spec, option + ": " + value + " (expected: " + PART_MIN + ".." + max + ")");
        }
    }
}

package io.larder.bench.overflow;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench overflow}: what a disk behind a small memory is worth, and what it costs. */
@Command(
        name = "overflow",
        description = "Measures the disk tier: what is found again, hit ratios, reads of memory.",
        mixinStandardHelpOptions = true)
public final class OverflowCommand implements Callable<Integer> {
    private static final double FOUND_PERCENT_MIN = 85;
    private static final double P99_RATIO_MAX = 1.2;

    @Option(
            names = "--values",
            description = "Set, read twice, and looked for; default ${DEFAULT-VALUE}.")
    private int values = 50_000;

    @Option(names = "--value-bytes", description = "Of each; default ${DEFAULT-VALUE}.")
    private int valueBytes = 1000;

    @Option(names = "--reads", description = "For each hit ratio; default ${DEFAULT-VALUE}.")
    private int reads = 400_000;

    @Option(
            names = "--seconds",
            description = "Of each measurement of hot reads; default ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(names = "--rounds", description = "Of hot reads; default ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public OverflowCommand() {}

    @Override
    public Integer call() throws IOException {
        requireRange(spec, "--values", values, 40_000, 10_000_000);
        requireRange(spec, "--value-bytes", valueBytes, 100, 16_000);
        requireRange(spec, "--reads", reads, 1_000, 100_000_000);
        requireRange(spec, "--seconds", seconds, 1, 3_600);
        requireRange(spec, "--rounds", rounds, 1, 100);
        FoundAgain.Outcome found = FoundAgain.run(values, valueBytes);
        HitRatios.Outcome ratios = HitRatios.run(reads, valueBytes);
        HotReads.Outcome hot = new HotReads(valueBytes, seconds).run(rounds);
        return report(found, ratios, hot);
    }

    private int report(FoundAgain.Outcome found, HitRatios.Outcome ratios, HotReads.Outcome hot) {
        boolean holds =
                found.percent() >= FOUND_PERCENT_MIN
                        && found.wrong() == 0
                        && ratios.tier() > ratios.memory()
                        && hot.ratio() <= P99_RATIO_MAX;
        if (!holds) {
            Progress.say(
                    "overflow: expected at least %.0f %% found again, none wrong, more hits with a"
                            + " disk than without, a p99 at most %.1f times as long",
                    FOUND_PERCENT_MIN, P99_RATIO_MAX);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("overflow")
                        .put("found_again_percent", found.percent(), 2)
                        .put("wrong", found.wrong())
                        .put("values", found.values())
                        .put("from_disk", found.fromDisk())
                        .put("hit_percent_memory", ratios.memory(), 2)
                        .put("hit_percent_tier", ratios.tier(), 2)
                        .put("hit_percent_same_size", ratios.sameSize(), 2)
                        .put("hot_p99_micros_without", hot.p99MicrosWithout(), 1)
                        .put("hot_p99_micros_with", hot.p99MicrosWith(), 1)
                        .put("hot_p99_ratio", hot.ratio(), 3)
                        .put("hot_reads", hot.reads())
                        .put("hot_from_disk", hot.fromDisk()));
        out.flush();
        return holds ? 0 : BenchMain.EXIT_BROKEN;
    }
}

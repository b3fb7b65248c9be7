package io.larder.bench.locks;

import static io.larder.bench.OptionChecks.requireOnce;
import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchMain;
import io.larder.bench.Median;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench locks}: whether the store's choices about its lock are still the better ones. */
@Command(
        name = "locks",
        description = "Compares the shard's lock with the JDK's, and bounds for copying under it.",
        mixinStandardHelpOptions = true)
public final class LocksCommand implements Callable<Integer> {
    private static final int THREADS_MAX = 64;
    private static final int VALUE_BYTES_MIN = 500; // above the smaller bound with its header
    private static final int VALUE_BYTES_MAX = 4_000; // below the larger one
    private static final int SECONDS_MAX = 3_600;

    @Option(names = "--threads", split = ",", description = "That want the lock; default 1,2.")
    private List<Integer> threads = List.of(1, 2);

    @Option(names = "--value-bytes", split = ",", description = "Of puts; default 1000,3500.")
    private List<Integer> valueBytes = List.of(1_000, 3_500);

    @Option(
            names = "--rounds",
            description =
                    "Forks of each side, of which the median counts; default ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(names = "--seconds", description = "Of each fork that count; default ${DEFAULT-VALUE}.")
    private int seconds = 2;

    @Option(names = "--warmup", description = "Seconds before them; default ${DEFAULT-VALUE}.")
    private int warmupSeconds = 1;

    @Option(
            names = "--ratio-max",
            description =
                    "The time of the store's choice in parts of each other's, at most; default"
                            + " ${DEFAULT-VALUE}.")
    private double ratioMax = 1.1;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public LocksCommand() {}

    @Override
    public Integer call() {
        threads.forEach(count -> requireRange(spec, "--threads", count, 1, THREADS_MAX));
        valueBytes.forEach(
                bytes ->
                        requireRange(
                                spec, "--value-bytes", bytes, VALUE_BYTES_MIN, VALUE_BYTES_MAX));
        requireRange(spec, "--rounds", rounds, 1, 100);
        requireRange(spec, "--seconds", seconds, 1, SECONDS_MAX);
        requireRange(spec, "--warmup", warmupSeconds, 0, SECONDS_MAX);
        requireOnce(spec, "--threads", threads);
        requireOnce(spec, "--value-bytes", valueBytes);
        Map<String, Median> ratios =
                new LocksRun(new LocksRun.Plan(threads, valueBytes, rounds, warmupSeconds, seconds))
                        .run();
        ResultLine result = ResultLine.of("locks");
        boolean holds = true;
        for (Map.Entry<String, Median> ratio : ratios.entrySet()) {
            Median median = ratio.getValue();
            result.put("ratio_" + ratio.getKey(), median.value(), 2);
            result.put("spread_percent_" + ratio.getKey(), median.spreadPercent(), 0);
            if (!(median.value() <= ratioMax)) {
                Progress.say(
                        "locks: %s: %.2f (expected: <= %.2f)",
                        ratio.getKey(), median.value(), ratioMax);
                holds = false;
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(result.put("rounds", rounds).put("seconds", seconds));
        out.flush();
        return holds ? 0 : BenchMain.EXIT_BROKEN;
    }
}

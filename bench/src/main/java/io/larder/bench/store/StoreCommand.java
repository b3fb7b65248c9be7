package io.larder.bench.store;

import static io.larder.bench.OptionChecks.requireOnce;
import static io.larder.bench.OptionChecks.requireRange;
import static io.larder.bench.OptionChecks.wrong;

import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench store}: the store in this process beside others, by JMH. */
@Command(
        name = "store",
        description = "Compares the store in-process with a map, caches and off-heap maps.",
        mixinStandardHelpOptions = true)
public final class StoreCommand implements Callable<Integer> {
    private static final int ITEMS_MIN = 1_000;
    private static final int ITEMS_MAX = 100_000_000;
    private static final int THREADS_MAX = 64;
    private static final int SECONDS_MAX = 3_600;

    @Option(
            names = "--items",
            split = ",",
            description = "Items of 20 B keys and 100 B values; default 1000000,10000000.")
    private List<Integer> items = List.of(1_000_000, 10_000_000);

    @Option(
            names = "--engines",
            split = ",",
            description = "Beside larder, some of ${COMPLETION-CANDIDATES}; default all.")
    private List<EngineKind> engines = List.of(EngineKind.values());

    @Option(
            names = "--operations",
            split = ",",
            description = "Some of ${COMPLETION-CANDIDATES}; default both.")
    private List<Operation> operations = List.of(Operation.values());

    @Option(
            names = "--distributions",
            split = ",",
            description = "Some of ${COMPLETION-CANDIDATES}; default both.")
    private List<Distribution> distributions = List.of(Distribution.values());

    @Option(names = "--threads", split = ",", description = "That call; default 1,2.")
    private List<Integer> threads = List.of(1, 2);

    @Option(
            names = "--rounds",
            description =
                    "Forks of each engine, of which the median counts; default ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--seconds", description = "Of each fork that count; default ${DEFAULT-VALUE}.")
    private int seconds = 3;

    @Option(names = "--warmup", description = "Seconds before them; default ${DEFAULT-VALUE}.")
    private int warmupSeconds = 2;

    @Option(
            names = "--get-chm-max",
            description = "A get's time in parts of chm's, at most; default ${DEFAULT-VALUE}.")
    private double getToMap = 1.0;

    @Option(
            names = "--get-others-max",
            description = "The same of each other engine's; default ${DEFAULT-VALUE}.")
    private double getToOthers = 0.5;

    @Option(
            names = "--set-ohc-max",
            description = "A set's time in parts of ohc's, at most; default ${DEFAULT-VALUE}.")
    private double setToOhc = 1.0;

    @Option(
            names = "--scaling-min",
            description =
                    "The gain of a get from more threads in parts of chm's, at least; default"
                            + " ${DEFAULT-VALUE}.")
    private double scaling = 1.0;

    @Option(
            names = "--bytes-max",
            description = "Allocated by an operation, at most; default ${DEFAULT-VALUE}.")
    private double bytes = 0.1;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public StoreCommand() {}

    @Override
    public Integer call() {
        items.forEach(count -> requireRange(spec, "--items", count, ITEMS_MIN, ITEMS_MAX));
        threads.forEach(count -> requireRange(spec, "--threads", count, 1, THREADS_MAX));
        requireRange(spec, "--rounds", rounds, 1, 100);
        requireRange(spec, "--seconds", seconds, 1, SECONDS_MAX);
        requireRange(spec, "--warmup", warmupSeconds, 0, SECONDS_MAX);
        requireOnce(spec, "--items", items);
        requireOnce(spec, "--threads", threads);
        requireOnce(spec, "--engines", engines);
        requireOnce(spec, "--operations", operations);
        requireOnce(spec, "--distributions", distributions);
        EnumSet<EngineKind> compared = EnumSet.copyOf(engines);
        compared.add(EngineKind.larder);
        if (compared.size() == 1) {
            throw wrong(spec, "--engines: larder (expected: another to compare it with)");
        }
        StoreScores scores =
                StoreRun.run(
                        new StoreRun.Plan(
                                operations,
                                items,
                                distributions,
                                threads,
                                List.copyOf(compared),
                                rounds,
                                warmupSeconds,
                                seconds));
        StoreVerdict verdict =
                StoreVerdict.of(
                        scores,
                        new StoreVerdict.Bounds(getToMap, getToOthers, setToOhc, scaling, bytes));
        PrintWriter out = spec.commandLine().getOut();
        out.print(verdict.table());
        out.println(
                verdict.result()
                        .put("rounds", rounds)
                        .put("seconds", seconds)
                        .put("broken", verdict.broken().size()));
        out.flush();
        verdict.broken().forEach(line -> Progress.say("store: " + line));
        return verdict.broken().isEmpty() ? 0 : BenchMain.EXIT_BROKEN;
    }
}

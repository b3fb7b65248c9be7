package io.larder.bench.curve;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.replay.Requests;
import io.larder.bench.replay.SimulatorJar;
import io.larder.bench.replay.SimulatorTrace;
import io.larder.bench.replay.TraceFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench curve}: whether the hit ratio predicted for other sizes is right, and its price. */
@Command(
        name = "curve",
        description =
                "Compares the hit ratio predicted for other sizes with stores of those sizes.",
        mixinStandardHelpOptions = true)
public final class CurveCommand implements Callable<Integer> {
    private static final double ERROR_POINTS_MAX = 2;
    private static final int ZIPF_ITEMS_PART = 10;

    @Option(
            names = "--operations",
            description = "Of the zipf 0.9 with scans; default ${DEFAULT-VALUE}.")
    private long operations = 4_000_000;

    @Option(names = "--keys", description = "Of the same, beside scans; default ${DEFAULT-VALUE}.")
    private int keys = 300_000;

    @Option(
            names = "--zipf-only",
            description = "Leaves orm-busy and web12 out, for which the simulator's jar is needed.")
    private boolean isZipfOnly;

    @Option(
            names = "--simulator",
            description = "The jar of Caffeine's simulator; default: where Maven keeps it.")
    private Path simulator = SimulatorJar.inRepository();

    @Option(
            names = "--cost",
            description = "Measures instead what throughput it takes: servers with and without.")
    private boolean isCost;

    @Option(names = "--seconds", description = "With --cost, each turn; default ${DEFAULT-VALUE}.")
    private int seconds = 10;

    @Option(names = "--rounds", description = "With --cost, of A and B; default ${DEFAULT-VALUE}.")
    private int rounds = 2;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public CurveCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--operations", operations, 1, 1_000_000_000);
        requireRange(spec, "--keys", keys, 1_000, 100_000_000);
        requireRange(spec, "--seconds", seconds, 1, 3_600);
        requireRange(spec, "--rounds", rounds, 1, 100);
        PrintWriter out = spec.commandLine().getOut();
        if (isCost) {
            CurveCost cost = CurveCost.measure(seconds, rounds, keys, out);
            out.println(cost.result());
            out.flush();
            return cost.isWithinBounds() ? 0 : BenchMain.EXIT_BROKEN;
        }
        double worst = compare("zipf", new ZipfWithScans(operations, keys), keys / ZIPF_ITEMS_PART);
        int traces = 1;
        if (!isZipfOnly) {
            worst = Math.max(worst, compareTraces());
            traces += TRACES.size();
        }
        boolean isRight = worst <= ERROR_POINTS_MAX;
        out.println(
                ResultLine.of("curve")
                        .put("traces", traces)
                        .put("error_points_max", worst, 2)
                        .put("bound_points", ERROR_POINTS_MAX, 0));
        out.flush();
        return isRight ? 0 : BenchMain.EXIT_BROKEN;
    }

    /** A trace, and how many items fit the store that predicts. */
    private record Known(String name, long items) {}

    private static final List<Known> TRACES =
            List.of(new Known("orm-busy", 2_000), new Known("web12", 1_000));

    private double compareTraces() {
        Path directory = temporary();
        try {
            List<String> names = TRACES.stream().map(Known::name).toList();
            List<SimulatorTrace> wanted =
                    Arrays.stream(SimulatorTrace.all())
                            .filter(trace -> names.contains(trace.name()))
                            .toList();
            new SimulatorJar(simulator).convert(wanted, directory);
            double worst = 0;
            for (Known known : TRACES) {
                Requests trace = new TraceFile(directory.resolve(known.name + ".gz"));
                worst = Math.max(worst, compare(known.name, trace, known.items));
            }
            return worst;
        } finally {
            delete(directory);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("larder-curve");
        } catch (IOException e) {
            throw new BenchException("no temporary directory: " + e, e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            Progress.say("curve: %s stays: %s", directory, e);
        }
    }

    /** By how many points the worst prediction at half and at twice the size is wrong. */
    private double compare(String name, Requests trace, long items) {
        Progress.say("curve: %s, %,d items", name, items);
        PrintWriter out = spec.commandLine().getOut();
        double worst = 0;
        for (CurveRun.Size size : CurveRun.run(trace, items)) {
            out.println(
                    ResultLine.point("curve")
                            .put("trace", name)
                            .put("items", items)
                            .put("times", size.times(), 2)
                            .put("predicted", size.predicted(), 4)
                            .put("measured", size.measured(), 4)
                            .put("error_points", size.error(), 2));
            worst = Math.max(worst, Math.abs(size.error()));
        }
        out.flush();
        return worst;
    }
}

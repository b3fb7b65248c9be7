package io.larder.bench.crash;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.MemoryDirectory;
import io.larder.bench.MemorySize;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench corrupt}: whether a damaged file leads to a wrong value, or to no start. */
@Command(
        name = "corrupt",
        description =
                "Damages a store's file and manifest between its uses, and holds what is read"
                        + " against what was written.",
        mixinStandardHelpOptions = true)
public final class CorruptCommand implements Callable<Integer> {
    private static final long MEMORY_BYTES_MIN = 8L << 20;
    private static final long OPEN_MILLIS_MAX = 10_000;

    @Option(names = "--cycles", description = "Damages; default ${DEFAULT-VALUE}.")
    private int cycles = 1_000;

    @Option(
            names = "--memory",
            converter = MemorySize.class,
            description = "Of the store, in a file on /dev/shm; default ${DEFAULT-VALUE}.")
    private long memoryBytes = 16L << 20;

    @Option(names = "--seed", description = "Of keys and damage; default ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public CorruptCommand() {}

    @Override
    public Integer call() throws IOException {
        requireRange(spec, "--cycles", cycles, 1, 1_000_000);
        requireRange(spec, "--memory", memoryBytes, MEMORY_BYTES_MIN, 1L << 36);
        try (MemoryDirectory directory = MemoryDirectory.create("larder-corrupt")) {
            Path file = directory.resolve("arena");
            return report(new CorruptRun(file, memoryBytes, seed).run(cycles));
        }
    }

    private int report(CorruptRun.Outcome outcome) {
        CrashTally tally = outcome.tally();
        if (tally.found.sum() == 0 || outcome.damaged() == 0) {
            throw new BenchException(
                    "corrupt: "
                            + tally.found.sum()
                            + " values found again, "
                            + outcome.damaged()
                            + " found damaged (expected: some of each)");
        }
        long wrong = tally.corrupt.sum() + tally.stale.sum() + tally.resurrected.sum();
        boolean holds =
                wrong == 0 && outcome.errors() == 0 && outcome.openMillisMax() <= OPEN_MILLIS_MAX;
        if (!holds) {
            Progress.say("corrupt: the promise did not hold");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("corrupt")
                        .put("cycles", cycles)
                        .put("wrong", wrong)
                        .put("uncaught_errors", outcome.errors())
                        .put("open_millis_max", outcome.openMillisMax())
                        .put("warm_starts", outcome.warmStarts())
                        .put("found", tally.found.sum())
                        .put("found_damaged", outcome.damaged())
                        .put("memory_bytes", memoryBytes)
                        .put("seed", seed));
        out.flush();
        return holds ? 0 : BenchMain.EXIT_BROKEN;
    }
}

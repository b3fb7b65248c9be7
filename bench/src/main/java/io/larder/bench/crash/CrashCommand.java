package io.larder.bench.crash;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.MemorySize;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench crash}: whether a killed server comes back with what its callers were told. */
@Command(
        name = "crash",
        description =
                "Kills a server that is being written to, at random moments, and holds what the next"
                        + " one finds in its file against what was acknowledged.",
        mixinStandardHelpOptions = true)
public final class CrashCommand implements Callable<Integer> {
    private static final long MEMORY_BYTES_MIN = 8L << 20;
    private static final double RATIO_LOST_MAX = 0.01;

    @Option(names = "--cycles", description = "Kills; default ${DEFAULT-VALUE}.")
    private int cycles = 100;

    @Option(
            names = "--memory",
            converter = MemorySize.class,
            description = "Of the server, in a file on /dev/shm; default ${DEFAULT-VALUE}.")
    private long memoryBytes = 64L << 20;

    @Option(names = "--seed", description = "Of keys and moments; default ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public CrashCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--cycles", cycles, 1, 100_000);
        requireRange(spec, "--memory", memoryBytes, MEMORY_BYTES_MIN, 1L << 40);
        try (CrashServer servers = new CrashServer(memoryBytes)) {
            return report(new CrashRun(servers, memoryBytes, seed).run(cycles));
        }
    }

    private int report(CrashRun.Outcome outcome) {
        CrashTally tally = outcome.tally();
        if (tally.acknowledged.sum() == 0 || tally.found.sum() == 0) {
            throw new BenchException(
                    "crash: "
                            + tally.acknowledged.sum()
                            + " writes acknowledged, "
                            + tally.found.sum()
                            + " values found (expected: some of each)");
        }
        boolean holds =
                tally.holds()
                        && outcome.coldStarts() == 1
                        && outcome.ratioLostMax() <= RATIO_LOST_MAX;
        if (!holds) {
            Progress.say("crash: the promise did not hold");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("crash")
                        .put("cycles", cycles)
                        .put("acknowledged", tally.acknowledged.sum())
                        .put("corrupt", tally.corrupt.sum())
                        .put("stale", tally.stale.sum())
                        .put("resurrected", tally.resurrected.sum())
                        .put("checked", tally.checked.sum())
                        .put("found", tally.found.sum())
                        .put("uncertain", tally.uncertain.sum())
                        .put("deletes", tally.deletes.sum())
                        .put("touches", tally.touches.sum())
                        .put("clears", tally.clears.sum())
                        .put("invalidations", tally.invalidations.sum())
                        .put("killed_while_rebuilding", outcome.killedWhileRebuilding())
                        .put("cold_starts", outcome.coldStarts() - 1)
                        .put("hit_ratios_taken", outcome.stills())
                        .put("hit_ratio_before_min", outcome.ratioBeforeMin(), 4)
                        .put("hit_ratio_lost_max", outcome.ratioLostMax(), 4)
                        .put("ready_millis_max", Collections.max(outcome.readyMillis()))
                        .put("memory_bytes", memoryBytes)
                        .put("seed", seed));
        out.flush();
        return holds ? 0 : BenchMain.EXIT_BROKEN;
    }
}

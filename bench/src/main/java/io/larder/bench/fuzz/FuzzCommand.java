package io.larder.bench.fuzz;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.OwnJvm;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench fuzz}: whether anything breaks a decoder or a loader. */
@Command(
        name = "fuzz",
        description = "Gives every decoder and loader spoiled input; every buffer is watched.",
        mixinStandardHelpOptions = true)
public final class FuzzCommand implements Callable<Integer> {
    @Option(names = "--inputs", description = "Of all targets together; default ${DEFAULT-VALUE}.")
    private long inputs = 1_000_000;

    @Option(
            names = "--wire",
            description =
                    "Over connections to a whole server, each of which has to be answered and closed"
                            + " within a second.")
    private boolean wire;

    @Option(names = "--target", description = "Only this one.")
    private String only = "";

    @Option(names = "--seed", description = "Of all that is random; default another each time.")
    private long seed = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);

    @Option(names = OwnJvm.INNER, hidden = true)
    private boolean inner;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public FuzzCommand() {}

    @Override
    public Integer call() throws IOException {
        requireRange(spec, "--inputs", inputs, 1, 1_000_000_000);
        if (!inner) {
            return OwnJvm.run(spec, List.of("-Xmx1g"), Duration.ofMillis(120_000 + inputs * 2));
        }
        Leaks.watch();
        long usedBefore = Leaks.buffersInUse();
        return report(wire ? overTheWire() : inProcess(), usedBefore);
    }

    /**
     * What came of all targets.
     *
     * @param uncaughtErrors that a whole server has counted
     */
    private record Tally(int targets, FuzzRun.Outcome outcome, long uncaughtErrors) {}

    private Tally inProcess() throws IOException {
        Path directory = Targets.newDirectory();
        try (Targets targets = new Targets(directory)) {
            return run(targets.all());
        } finally {
            Targets.delete(directory);
        }
    }

    private Tally overTheWire() {
        try (WireTargets targets = new WireTargets()) {
            Tally tally = run(targets.all());
            return new Tally(tally.targets(), tally.outcome(), targets.uncaughtErrors());
        }
    }

    private boolean isWanted(FuzzTarget target) {
        return only.isEmpty() || target.name().equals(only);
    }

    private Tally run(List<FuzzTarget> all) {
        List<FuzzTarget> targets = all.stream().filter(this::isWanted).toList();
        if (targets.isEmpty()) {
            throw new BenchException("--target: " + only + " (expected: the name of one)");
        }
        FuzzRun.Outcome outcome = new FuzzRun.Outcome(0, 0, 0);
        for (FuzzTarget target : targets) {
            FuzzRun.Outcome one = FuzzRun.run(target, Math.max(1, inputs / targets.size()), seed);
            Progress.say(
                    "fuzz: %s, %d inputs, %d failures, %d slow",
                    target.name(), one.inputs(), one.failures(), one.slow());
            outcome = outcome.plus(one);
        }
        return new Tally(targets.size(), outcome, 0);
    }

    private int report(Tally tally, long usedBefore) {
        FuzzRun.Outcome all = tally.outcome();
        long unreleased = Leaks.buffersInUse() - usedBefore;
        // what is leaked is found when it was collected and another buffer is made
        System.gc();
        PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("fuzz")
                        .put("inputs", all.inputs())
                        .put("targets", tally.targets())
                        .put("failures", all.failures())
                        .put("slower_than_a_second", all.slow())
                        .put("leaks", Leaks.found())
                        .put("buffers_unreleased", unreleased)
                        .put("uncaught_errors", tally.uncaughtErrors())
                        .put("wire", wire)
                        .put("seed", seed));
        out.flush();
        return all.failures() == 0
                        && all.slow() == 0
                        && tally.uncaughtErrors() == 0
                        && Leaks.found() == 0
                        && unreleased == 0
                ? 0
                : BenchMain.EXIT_BROKEN;
    }
}

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
        Path directory = Targets.newDirectory();
        try (Targets targets = new Targets(directory)) {
            return judge(targets.all().stream().filter(this::isWanted).toList());
        } finally {
            Targets.delete(directory);
        }
    }

    private boolean isWanted(FuzzTarget target) {
        return only.isEmpty() || target.name().equals(only);
    }

    private int judge(List<FuzzTarget> targets) {
        if (targets.isEmpty()) {
            throw new BenchException("--target: " + only + " (expected: the name of one)");
        }
        long usedBefore = Leaks.buffersInUse();
        FuzzRun.Outcome all = new FuzzRun.Outcome(0, 0, 0);
        for (FuzzTarget target : targets) {
            FuzzRun.Outcome one = FuzzRun.run(target, Math.max(1, inputs / targets.size()), seed);
            Progress.say(
                    "fuzz: %s, %d inputs, %d failures, %d slow",
                    target.name(), one.inputs(), one.failures(), one.slow());
            all = all.plus(one);
        }
        long unreleased = Leaks.buffersInUse() - usedBefore;
        System.gc(); // what is leaked is found when it is collected, and a buffer is made after
        // that
        PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("fuzz")
                        .put("inputs", all.inputs())
                        .put("targets", targets.size())
                        .put("failures", all.failures())
                        .put("slower_than_a_second", all.slow())
                        .put("leaks", Leaks.found())
                        .put("buffers_unreleased", unreleased)
                        .put("seed", seed));
        out.flush();
        return all.failures() == 0 && all.slow() == 0 && Leaks.found() == 0 && unreleased == 0
                ? 0
                : BenchMain.EXIT_BROKEN;
    }
}

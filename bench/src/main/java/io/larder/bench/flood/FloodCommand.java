package io.larder.bench.flood;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchMain;
import io.larder.bench.Median;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import java.io.PrintWriter;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench flood}: whether somebody who chooses the keys can slow the store down. */
@Command(
        name = "flood",
        description = "Inserts keys that collide under hashes without a secret.",
        mixinStandardHelpOptions = true)
public final class FloodCommand implements Callable<Integer> {
    private static final int KEYS_MIN = 1_000;
    private static final int KEYS_MAX = 1_000_000;

    @Option(
            names = {"--keys", "--operations"},
            description = "Inserted of each kind in each round; default ${DEFAULT-VALUE}.")
    private int keys = 100_000;

    @Option(
            names = "--rounds",
            description = "Of which the median counts; default ${DEFAULT-VALUE}.")
    private int rounds = 7;

    @Option(
            names = "--ratio-max",
            description =
                    "The time of colliding keys in parts of random ones', at most; default"
                            + " ${DEFAULT-VALUE}.")
    private double ratioMax = 2.0;

    @Option(names = "--seed", description = "Of the keys; default ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public FloodCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--keys", keys, KEYS_MIN, KEYS_MAX);
        requireRange(spec, "--rounds", rounds, 1, 1_000);
        FloodRun run = new FloodRun(keys, rounds);
        SplittableRandom random = new SplittableRandom(seed);
        ResultLine result = ResultLine.of("flood");
        boolean holds = true;
        for (UnkeyedHash hash : UnkeyedHash.values()) {
            Median ratio = run.ratio(hash, random);
            result.put("ratio_" + hash, ratio.value(), 2);
            if (!(ratio.value() <= ratioMax)) {
                Progress.say("flood: %s: %.2f (expected: <= %.2f)", hash, ratio.value(), ratioMax);
                holds = false;
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(result.put("keys", keys).put("rounds", rounds).put("seed", seed));
        out.flush();
        return holds ? 0 : BenchMain.EXIT_BROKEN;
    }
}

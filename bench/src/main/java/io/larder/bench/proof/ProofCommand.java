package io.larder.bench.proof;

import static io.larder.bench.OptionChecks.requireRange;
import static io.larder.bench.OptionChecks.wrong;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.ResultLine;
import io.larder.bench.jcstress.JcstressRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench proof}: Lincheck and jcstress for as long as one likes. */
@Command(
        name = "proof",
        description = "Checks that the store is linearizable, and its real memory under stress.",
        mixinStandardHelpOptions = true)
public final class ProofCommand implements Callable<Integer> {
    private static final int SECONDS_MAX = 7 * 24 * 3_600;
    private static final int JCSTRESS_MILLIS = 1_000;

    /** Of a limited time, what each part may take, in percent; jcstress takes the rest. */
    private static final int MODEL_PERCENT = 50;

    private static final int STRESS_PERCENT = 20;

    /** What is to be run. */
    enum Part {
        model,
        stress,
        jcstress,
        all
    }

    @Option(
            names = "--part",
            description =
                    "One of ${COMPLETION-CANDIDATES}, which then has all of the seconds; default"
                            + " ${DEFAULT-VALUE}.")
    private Part part = Part.all;

    @Option(
            names = "--seconds",
            description =
                    "About how long in all: no further meeting begins after its part of it; default"
                            + " until all are done.")
    private int seconds = SECONDS_MAX;

    @Option(
            names = "--first",
            description =
                    "Number of the seed's meetings to begin with: where another run ended, so that"
                            + " several make one; default ${DEFAULT-VALUE}.")
    private int first = 1;

    @Option(
            names = "--iterations",
            description = "Random meetings of each kind; default ${DEFAULT-VALUE}.")
    private int iterations = 50;

    @Option(names = "--invocations", description = "Of each meeting; default ${DEFAULT-VALUE}.")
    private int invocations = 10_000;

    @Option(names = "--threads", description = "Of each meeting; default ${DEFAULT-VALUE}.")
    private int threads = 3;

    @Option(names = "--actors", description = "Operations of each; default ${DEFAULT-VALUE}.")
    private int actors = 3;

    @Option(
            names = "--jcstress-seconds",
            description = "Of each configuration; default ${DEFAULT-VALUE}, 0 leaves it out.")
    private int jcstressSeconds = 5;

    @Option(names = "--results", description = "Where jcstress reports; default ${DEFAULT-VALUE}.")
    private Path results = Path.of("results", "proof");

    @Option(names = "--seed", description = "Of the meetings; default another each time.")
    private long seed = ThreadLocalRandom.current().nextLong();

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public ProofCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--seconds", seconds, 1, SECONDS_MAX);
        requireRange(spec, "--first", first, 1, 1_000_000);
        requireRange(spec, "--iterations", iterations, 1, 1_000_000);
        requireRange(spec, "--invocations", invocations, 1, 1_000_000_000);
        requireRange(spec, "--threads", threads, 2, 8);
        requireRange(spec, "--actors", actors, 1, 10);
        requireRange(spec, "--jcstress-seconds", jcstressSeconds, 0, 3_600);
        if (part == Part.jcstress && jcstressSeconds == 0) {
            throw wrong(spec, "--jcstress-seconds: 0 (expected: more, or another --part)");
        }
        ResultLine result = ResultLine.of("proof");
        boolean holds = lincheck(LincheckRun.Strategy.model, Part.model, MODEL_PERCENT, result);
        holds &= lincheck(LincheckRun.Strategy.stress, Part.stress, STRESS_PERCENT, result);
        if (isWanted(Part.jcstress) && jcstressSeconds > 0) {
            JcstressRun.Outcome outcome = jcstress();
            result.put("jcstress_configurations", outcome.planned())
                    .put("jcstress_passed", outcome.passed());
            holds &= outcome.isPassed();
        }
        result.put("part", part.name())
                .put("first", first)
                .put("invocations", invocations)
                .put("threads", threads)
                .put("actors", actors)
                .put("seed", seed);
        PrintWriter out = spec.commandLine().getOut();
        out.println(result);
        out.flush();
        return holds ? 0 : BenchMain.EXIT_BROKEN;
    }

    private boolean isWanted(Part which) {
        return part == Part.all || part == which;
    }

    /** Runs it if it is wanted, and adds to the result; false if something failed. */
    private boolean lincheck(
            LincheckRun.Strategy strategy, Part which, int percent, ResultLine result) {
        if (!isWanted(which)) {
            return true;
        }
        long share = part == which ? seconds : (long) seconds * percent / 100;
        LincheckRun.Outcome outcome =
                new LincheckRun(first, iterations, invocations, threads, actors, share, seed)
                        .run(strategy);
        result.put(strategy + "_iterations", outcome.passed())
                .put(strategy + "_passed", outcome.isPassed())
                .put(strategy + "_seconds", outcome.seconds());
        return outcome.isPassed();
    }

    private JcstressRun.Outcome jcstress() {
        JcstressRun.Outcome outcome =
                new JcstressRun(
                                "io\\.larder\\.bench\\.jcstress\\.(?!Broken)",
                                JCSTRESS_MILLIS,
                                jcstressSeconds,
                                seconds == SECONDS_MAX
                                        ? JcstressRun.Jvms.ALL
                                        : JcstressRun.Jvms.DEFAULT,
                                Duration.ofDays(1),
                                results.toAbsolutePath())
                        .run();
        if (outcome.planned() == 0) {
            throw new BenchException("jcstress: no test ran");
        }
        return outcome;
    }
}

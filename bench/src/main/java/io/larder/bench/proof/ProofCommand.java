package io.larder.bench.proof;

import static io.larder.bench.OptionChecks.requireRange;

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

    @Option(
            names = "--seconds",
            description =
                    "About how long in all: no further meeting begins after its part of it; default"
                            + " until all are done.")
    private int seconds = SECONDS_MAX;

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
        requireRange(spec, "--iterations", iterations, 1, 1_000_000);
        requireRange(spec, "--invocations", invocations, 1, 1_000_000_000);
        requireRange(spec, "--threads", threads, 2, 8);
        requireRange(spec, "--actors", actors, 1, 10);
        requireRange(spec, "--jcstress-seconds", jcstressSeconds, 0, 3_600);
        LincheckRun.Outcome model = lincheck(LincheckRun.Strategy.model, MODEL_PERCENT);
        LincheckRun.Outcome stress = lincheck(LincheckRun.Strategy.stress, STRESS_PERCENT);
        ResultLine result =
                ResultLine.of("proof")
                        .put("model_iterations", model.passed())
                        .put("model_passed", model.isPassed())
                        .put("stress_iterations", stress.passed())
                        .put("stress_passed", stress.isPassed())
                        .put("invocations", invocations)
                        .put("threads", threads)
                        .put("actors", actors)
                        .put("seed", seed);
        boolean holds = model.isPassed() && stress.isPassed();
        if (jcstressSeconds > 0) {
            JcstressRun.Outcome outcome = jcstress();
            result.put("jcstress_configurations", outcome.planned())
                    .put("jcstress_passed", outcome.passed());
            holds &= outcome.isPassed();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(result);
        out.flush();
        return holds ? 0 : BenchMain.EXIT_BROKEN;
    }

    private LincheckRun.Outcome lincheck(LincheckRun.Strategy strategy, int percent) {
        long share = (long) seconds * percent / 100;
        return new LincheckRun(iterations, invocations, threads, actors, share, seed).run(strategy);
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

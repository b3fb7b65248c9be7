package io.larder.bench.jcstress;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.ResultLine;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench jcstress}: the stress tests of the real memory, for as long as one likes. */
@Command(
        name = "jcstress",
        description = "Runs the concurrency stress tests; holds if no forbidden outcome is seen.",
        mixinStandardHelpOptions = true)
public final class JcstressCommand implements Callable<Integer> {
    private static final int MILLIS_PER_SECOND = 1_000;
    private static final String BROKEN_TWINS = "Broken";

    @Option(
            names = "--tests",
            description =
                    "A regular expression that finds class names; default: all that must hold.")
    private String tests = "io\\.larder\\.bench\\.jcstress\\.(?!" + BROKEN_TWINS + ")";

    @Option(
            names = "--seconds",
            description = "Of each configuration of a test in each JVM; default ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(names = "--results", description = "Where the report goes; default ${DEFAULT-VALUE}.")
    private Path results = Path.of("results", "jcstress");

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public JcstressCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--seconds", seconds, 1, Integer.MAX_VALUE);
        Path directory = results.toAbsolutePath();
        JcstressRun run =
                new JcstressRun(
                        tests,
                        MILLIS_PER_SECOND,
                        seconds,
                        JcstressRun.Jvms.ALL,
                        Duration.ofDays(1),
                        directory);
        JcstressRun.Outcome outcome = run.run();
        if (outcome.planned() == 0) {
            throw new BenchException("--tests: " + tests + " (expected: to match a test)");
        }
        PrintWriter out = spec.commandLine().getOut();
        outcome.failures().forEach(it -> out.println(it.test() + ": " + it.reason()));
        out.println(
                ResultLine.of("jcstress")
                        .put("configurations", outcome.planned())
                        .put("passed", outcome.passed())
                        .put("failed", outcome.planned() - outcome.passed()));
        out.flush();
        return outcome.isPassed() ? 0 : BenchMain.EXIT_BROKEN;
    }
}

package io.larder.bench.drain;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchMain;
import io.larder.bench.ResultLine;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench drain}: whether a server that is told to stop loses a call. */
@Command(
        name = "drain",
        description =
                "Stops one of two servers by SIGTERM while callers go on; counts the calls that fail.",
        mixinStandardHelpOptions = true)
public final class DrainCommand implements Callable<Integer> {
    @Option(names = "--cycles", description = "Servers to stop; default ${DEFAULT-VALUE}.")
    private int cycles = 5;

    @Option(names = "--threads", description = "Callers; default ${DEFAULT-VALUE}.")
    private int threads = 16;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public DrainCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        requireRange(spec, "--cycles", cycles, 1, 1_000);
        requireRange(spec, "--threads", threads, 1, 1_000);
        DrainRun.Outcome outcome = new DrainRun(threads).run(cycles);
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("drain")
                        .put("calls", outcome.calls())
                        .put("failed", outcome.failed())
                        .put("wrong", outcome.wrong())
                        .put("calls_while_stopping", outcome.callsWhileStopping())
                        .put("stop_max_millis", outcome.stopMillisMax())
                        .put("slowest_call_millis", outcome.slowestCallMillis())
                        .put("cycles", cycles)
                        .put("threads", threads));
        out.flush();
        return outcome.failed() == 0 && outcome.wrong() == 0 ? 0 : BenchMain.EXIT_BROKEN;
    }
}

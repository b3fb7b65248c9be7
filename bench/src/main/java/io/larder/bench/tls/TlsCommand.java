package io.larder.bench.tls;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench tls}: what TLS and permissions cost, and what strangers can do to a listener. */
@Command(
        name = "tls",
        description =
                "Measures TLS, by the JDK and by tcnative, and permission checks beside a plain"
                        + " connection; or holds a server to what a scanner may find.",
        mixinStandardHelpOptions = true)
public final class TlsCommand implements Callable<Integer> {
    private static final int HALF_OPEN_MAX = 15_000;

    @Option(names = "--seconds", description = "Of each measurement; default ${DEFAULT-VALUE}.")
    private int seconds = 3;

    @Option(names = "--rounds", description = "Of a set; its median counts; ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(
            names = "--sets",
            description = "Each with servers started anew; the median counts; ${DEFAULT-VALUE}.")
    private int sets = 5;

    @Option(names = "--connections", description = "Default ${DEFAULT-VALUE}.")
    private int connections = 4;

    @Option(names = "--depth", description = "Requests of a batch; default ${DEFAULT-VALUE}.")
    private int depth = 16;

    @Option(names = "--keys", description = "Default ${DEFAULT-VALUE}.")
    private int keys = 100_000;

    @Option(names = "--value-bytes", description = "Of each value; default ${DEFAULT-VALUE}.")
    private int valueBytes = 100;

    @ArgGroup private @Nullable Instead instead;

    /** What to do instead of measuring; picocli fills it in. */
    static final class Instead {
        @Option(
                names = "--half-open",
                paramLabel = "N",
                description = "Begin so many handshakes and finish none, while others go on.")
        private int halfOpen;

        @Option(names = "--probe", description = "Look at every listener with openssl s_client.")
        private boolean isProbe;
    }

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public TlsCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--seconds", seconds, 1, 3_600);
        requireRange(spec, "--rounds", rounds, 1, 100);
        requireRange(spec, "--sets", sets, 1, 100);
        requireRange(spec, "--connections", connections, 1, 256);
        requireRange(spec, "--depth", depth, 1, 1_024);
        requireRange(spec, "--keys", keys, 1, 500_000);
        requireRange(spec, "--value-bytes", valueBytes, 1, 64 << 10);
        if (instead == null) {
            CostRun.Outcome outcome =
                    CostRun.run(
                            new CostSide.Load(connections, depth, keys, valueBytes),
                            new CostRun.Repeats(sets, rounds, seconds));
            return say(outcome.result(), outcome.isKept());
        }
        if (instead.isProbe) {
            Probes.Outcome outcome = Probes.run();
            return say(outcome.result(), outcome.isKept());
        }
        requireRange(spec, "--half-open", instead.halfOpen, 1, HALF_OPEN_MAX);
        HalfOpen.Outcome outcome = HalfOpen.run(instead.halfOpen);
        return say(outcome.result(), outcome.isKept());
    }

    private int say(ResultLine result, boolean isKept) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(result);
        out.flush();
        if (isKept) {
            return 0;
        }
        Progress.say("tls: what was promised did not hold");
        return BenchMain.EXIT_BROKEN;
    }
}

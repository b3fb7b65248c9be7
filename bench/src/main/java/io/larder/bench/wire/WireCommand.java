package io.larder.bench.wire;

import static io.larder.bench.OptionChecks.requireOnce;
import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.wire.KeySequence.Distribution;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench wire}: what one operation over the wire costs the server, by pipeline depth. */
@Command(
        name = "wire",
        description = "Measures operations a second and the server's CPU time for each.",
        mixinStandardHelpOptions = true)
public final class WireCommand implements Callable<Integer> {
    private static final int DEPTH_MAX = 1024; // within every server's window
    private static final int VALUE_BYTES_MAX = 64 << 10;
    private static final int CONNECTIONS_MAX = 1024;
    private static final int SECONDS_MAX = 3_600;

    @Option(
            names = "--seconds",
            description = "Of each measurement, 5 or more for figures; default ${DEFAULT-VALUE}.")
    private int seconds = 5;

    @Option(
            names = "--depth",
            split = ",",
            description = "Requests sent before an answer is awaited; default 1,16,64.")
    private List<Integer> depths = List.of(1, 16, 64);

    @Option(
            names = "--rounds",
            description = "Of which the median counts; default ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--warmup", description = "Seconds before them; default ${DEFAULT-VALUE}.")
    private int warmupSeconds = 15;

    @Option(names = "--connections", description = "Default ${DEFAULT-VALUE}.")
    private int connections = 8;

    @Option(names = "--keys", description = "Keys of 20 bytes; default ${DEFAULT-VALUE}.")
    private int keys = 1_000_000;

    @Option(names = "--value-bytes", description = "Of each value; default ${DEFAULT-VALUE}.")
    private int valueBytes = 100;

    @Option(names = "--set-percent", description = "SETs among the GETs; default ${DEFAULT-VALUE}.")
    private int setPercent = 0;

    @Option(
            names = "--distribution",
            description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Distribution distribution = Distribution.uniform;

    @Option(names = "-D", paramLabel = "KEY=VALUE", description = "A setting of the server.")
    private List<String> definitions = List.of();

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public WireCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--seconds", seconds, 1, SECONDS_MAX);
        requireRange(spec, "--rounds", rounds, 1, 100);
        requireRange(spec, "--warmup", warmupSeconds, 0, SECONDS_MAX);
        requireRange(spec, "--connections", connections, 1, CONNECTIONS_MAX);
        requireRange(spec, "--keys", keys, 1, WireItems.KEYS_MAX);
        requireRange(spec, "--value-bytes", valueBytes, WireItems.VALUE_BYTES_MIN, VALUE_BYTES_MAX);
        requireRange(spec, "--set-percent", setPercent, 0, 100);
        depths.forEach(depth -> requireRange(spec, "--depth", depth, 1, DEPTH_MAX));
        requireOnce(spec, "--depth", depths);
        WireRun.Plan plan =
                new WireRun.Plan(
                        depths,
                        seconds,
                        rounds,
                        warmupSeconds,
                        connections,
                        keys,
                        valueBytes,
                        setPercent,
                        distribution,
                        definitions);
        PrintWriter out = spec.commandLine().getOut();
        WireRun.Outcome outcome = WireRun.run(plan, out);
        out.println(outcome.result());
        out.flush();
        if (!outcome.isRight()) {
            Progress.say("wire: misses or failures (expected: none)");
            return BenchMain.EXIT_BROKEN;
        }
        return 0;
    }
}

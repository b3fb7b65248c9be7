package io.larder.bench.client;

import static io.larder.bench.OptionChecks.requireOnce;
import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench client}: the Larder client beside Lettuce, Xmemcached and Spymemcached. */
@Command(
        name = "client",
        description =
                "Compares the Larder client to Larder with Lettuce to Redis and with Xmemcached"
                        + " and Spymemcached to memcached, as far as those servers are there.",
        mixinStandardHelpOptions = true)
public final class ClientCommand implements Callable<Integer> {
    private static final int VALUE_BYTES_MAX = 64 << 10;
    private static final int KEYS_MAX = 1_000_000;
    private static final int SECONDS_MAX = 3_600;

    @Option(names = "--seconds", description = "Of each measurement; default ${DEFAULT-VALUE}.")
    private int seconds = 3;

    @Option(
            names = "--rounds",
            description = "Of which the median counts; default ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--warmup",
            description = "Seconds of each client and scenario; default ${DEFAULT-VALUE}.")
    private int warmupSeconds = 5;

    @Option(names = "--keys", description = "Keys of 20 bytes; default ${DEFAULT-VALUE}.")
    private int keys = 100_000;

    @Option(names = "--value-bytes", description = "Of each value; default ${DEFAULT-VALUE}.")
    private int valueBytes = 100;

    @Option(
            names = "--servers",
            paramLabel = "DIRECTORY",
            description =
                    "Where redis-server and memcached are, beside the PATH; packages unpacked there"
                            + " by dpkg -x will do.")
    private @Nullable Path servers;

    @Option(
            names = "--scenarios",
            split = ",",
            description = "Of ${COMPLETION-CANDIDATES}; default all.")
    private List<Scenario> scenarios = List.of(Scenario.values());

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public ClientCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--seconds", seconds, 1, SECONDS_MAX);
        requireRange(spec, "--rounds", rounds, 1, 100);
        requireRange(spec, "--warmup", warmupSeconds, 1, SECONDS_MAX);
        requireRange(spec, "--keys", keys, 1_000, KEYS_MAX);
        requireRange(spec, "--value-bytes", valueBytes, 1, VALUE_BYTES_MAX);
        requireOnce(spec, "--scenarios", scenarios);
        ClientRun.Plan plan =
                new ClientRun.Plan(
                        seconds,
                        rounds,
                        warmupSeconds,
                        keys,
                        valueBytes,
                        servers,
                        List.copyOf(scenarios));
        PrintWriter out = spec.commandLine().getOut();
        ClientRun.Outcome outcome;
        try (ClientRun run = new ClientRun(plan, out)) {
            outcome = run.run();
        }
        out.println(outcome.result());
        out.flush();
        if (!outcome.isRight()) {
            Progress.say("client: misses or failures (expected: none)");
            return BenchMain.EXIT_BROKEN;
        }
        return 0;
    }
}

package io.larder.bench.stampede;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench stampede}: whether one load for a missing key is enough for all who want it. */
@Command(
        name = "stampede",
        description = "Has many JVMs want the same missing keys at once; counts what they load.",
        mixinStandardHelpOptions = true)
public final class StampedeCommand implements Callable<Integer> {
    private static final double DELAY_MILLIS_MAX = 1_000;

    @Option(names = "--processes", description = "JVMs; default ${DEFAULT-VALUE}.")
    private int processes = 4;

    @Option(names = "--threads", description = "Of each of them; default ${DEFAULT-VALUE}.")
    private int threads = 50;

    @Option(names = "--keys", description = "Missing ones; default ${DEFAULT-VALUE}.")
    private int keys = 100;

    @Option(names = "--loader-millis", description = "Of one load; default ${DEFAULT-VALUE}.")
    private int loaderMillis = 200;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public StampedeCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--processes", processes, 2, 64);
        requireRange(spec, "--threads", threads, 1, 1_000);
        requireRange(spec, "--keys", keys, 1, 10_000);
        requireRange(spec, "--loader-millis", loaderMillis, 1, 5_000);
        StampedeRun.Plan plan = new StampedeRun.Plan(processes, threads, keys, loaderMillis);
        StampedeRun.Outcome outcome = new StampedeRun(plan).run();
        ResultLine result =
                ResultLine.of("stampede")
                        .put("loads_per_key_leases", perKey(outcome.leases()))
                        .put("loads_per_key_plain", perKey(outcome.plain()))
                        .put("kill_delay_millis", outcome.killDelayMillis())
                        .put("kill_loads_per_key", perKey(outcome.killed()))
                        .put("values", outcome.leases().values())
                        .put("leases_millis", outcome.leases().millis())
                        .put("plain_millis", outcome.plain().millis())
                        .put("processes", processes)
                        .put("threads", threads)
                        .put("keys", keys)
                        .put("loader_millis", loaderMillis);
        PrintWriter out = spec.commandLine().getOut();
        out.println(result);
        out.flush();
        return holds(outcome) ? 0 : BenchMain.EXIT_BROKEN;
    }

    private static boolean holds(StampedeRun.Outcome outcome) {
        boolean holds = true;
        if (!outcome.leases().isOneLoadPerKey() || !outcome.killed().isOneLoadPerKey()) {
            Progress.say("stampede: a key was loaded more than once, or never");
            holds = false;
        }
        if (outcome.killDelayMillis() > DELAY_MILLIS_MAX) {
            Progress.say(
                    "stampede: kill_delay_millis: %d (expected: <= %.0f)",
                    outcome.killDelayMillis(), DELAY_MILLIS_MAX);
            holds = false;
        }
        return holds;
    }

    private static String perKey(LoadCount count) {
        double perKey = count.loadsPerKey();
        return count.isOneLoadPerKey() ? "1" : String.format(Locale.ROOT, "%.2f", perKey);
    }
}

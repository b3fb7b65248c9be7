package io.larder.bench.near;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.ServerProcess;
import io.larder.client.api.NearOptions;
import io.larder.faults.FaultCounts;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench near}: whether a near cache serves a value that is older than it may be. */
@Command(
        name = "near",
        description =
                "Reads through near caches while others write and pushes are lost, late, or cut"
                        + " off.",
        mixinStandardHelpOptions = true)
public final class NearCommand implements Callable<Integer> {
    private static final int SECONDS_MIN = 5;
    private static final int SECONDS_MAX = 86_400;

    @Option(names = "--seconds", description = "Default ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Option(
            names = "--heartbeat-millis",
            description = "Of the near caches; default ${DEFAULT-VALUE}.")
    private long heartbeatMillis = NearOptions.DEFAULT.heartbeatMillis();

    @Option(names = "--seed", description = "Of keys and faults; default ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public NearCommand() {}

    @Override
    public Integer call() throws IOException {
        requireRange(spec, "--seconds", seconds, SECONDS_MIN, SECONDS_MAX);
        requireRange(spec, "--heartbeat-millis", heartbeatMillis, 10, 60_000);
        NearOptions options =
                new NearOptions(
                        NearOptions.DEFAULT.bytesMax(),
                        NearOptions.DEFAULT.entriesMax(),
                        heartbeatMillis);
        List<String> settings = List.of("store.memory=64m", "near.tracking.memory=1m");
        try (ServerProcess server = ServerProcess.open(settings)) {
            NearRun run = new NearRun(options, UnaryOperator.identity(), seed);
            NearRun.Outcome outcome = run.run(server.ready().dataAddress(), seconds);
            server.stop();
            return report(outcome, options);
        }
    }

    private int report(NearRun.Outcome outcome, NearOptions options) {
        NearTally tally = outcome.tally();
        FaultCounts faults = outcome.faults();
        if (outcome.nearHits() == 0 || faults.dropped() == 0 || tally.writes.sum() == 0) {
            throw new BenchException(
                    "near: "
                            + outcome.nearHits()
                            + " reads of copies, "
                            + faults.dropped()
                            + " pushes lost, "
                            + tally.writes.sum()
                            + " writes (expected: some of each)");
        }
        boolean holds = tally.stale.sum() == 0 && tally.wrong.sum() == 0;
        if (!holds) {
            Progress.say("near: values were too old, or of another key (expected: none)");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("near")
                        .put("stale", tally.stale.sum() + tally.wrong.sum())
                        .put("reads", tally.reads.sum())
                        .put("near_hits", outcome.nearHits())
                        .put("faults", faults.faults())
                        .put("bound_millis", options.bound().toMillis())
                        .put("oldest_millis", TimeUnit.NANOSECONDS.toMillis(tally.oldestNanos()))
                        .put("writes", tally.writes.sum())
                        .put("failed_reads", tally.failedReads.sum())
                        .put("drops", outcome.drops())
                        .put("pushes", faults.pushes())
                        .put("pushes_dropped", faults.dropped())
                        .put("pushes_delayed", faults.delayed())
                        .put("severed", faults.severed())
                        .put("stalls", faults.stalls())
                        .put("seconds", seconds)
                        .put("seed", seed));
        out.flush();
        return holds ? 0 : BenchMain.EXIT_BROKEN;
    }
}

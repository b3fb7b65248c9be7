package io.larder.bench.hostile;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench limits}: what clients that mean no good cost a server. */
@Command(
        name = "limits",
        description =
                "Clients that never read, idle ones, slow senders, and more than there are"
                        + " descriptors for: what each kind costs, and whether it is cut off.",
        mixinStandardHelpOptions = true)
public final class LimitsCommand implements Callable<Integer> {
    private static final long DEAF_BYTES_MAX = (64 + 32) << 20;
    private static final long IDLE_BYTES_MAX = 100 << 20;
    private static final long DEADLINE_GRACE_MILLIS = 3_000;
    private static final long FRAME_MILLIS = 30_000;

    /** Below this a percentile of other clients is the machine's, not the server's. */
    private static final long P99_MICROS_MIN = 1_000;

    @Option(names = "--deaf", description = "Clients that never read; default ${DEFAULT-VALUE}.")
    private int deaf = 10;

    @Option(names = "--idle", description = "Idle connections; default ${DEFAULT-VALUE}.")
    private int idle = 10_000;

    @Option(names = "--slow", description = "Senders at 1 B/s; default ${DEFAULT-VALUE}.")
    private int slow = 5_000;

    @Option(
            names = "--descriptors",
            description = "That the server may have in the last part; default ${DEFAULT-VALUE}.")
    private int descriptors = 400;

    @Option(
            names = "--stall-seconds",
            description = "After which who never reads is cut off; default ${DEFAULT-VALUE}.")
    private int stallSeconds = 10;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public LimitsCommand() {}

    @Override
    public Integer call() throws IOException {
        requireRange(spec, "--deaf", deaf, 1, 1_000);
        requireRange(spec, "--idle", idle, 1, 100_000);
        requireRange(spec, "--slow", slow, 1, 100_000);
        requireRange(spec, "--descriptors", descriptors, 250, 100_000);
        requireRange(spec, "--stall-seconds", stallSeconds, 2, 600);
        LimitsRun run =
                new LimitsRun(new LimitsRun.Plan(deaf, idle, slow, descriptors, stallSeconds));
        LimitsRun.Deaf never = run.deaf();
        LimitsRun.Idle silent = run.idle();
        LimitsRun.Slow trickling = run.slow();
        LimitsRun.Descriptors exhausted = run.descriptors();
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("limits")
                        .put("deaf", deaf)
                        .put("deaf_grown_mib", mebibytes(never.grownBytes()))
                        .put("deaf_closed_millis", never.closedMillis())
                        .put("others_p99_before_micros", never.p99Before())
                        .put("others_p99_during_micros", never.p99During())
                        .put("idle", silent.connections())
                        .put("idle_grown_mib", mebibytes(silent.grownBytes()))
                        .put("slow", trickling.connections())
                        .put("slow_grown_mib", mebibytes(trickling.grownBytes()))
                        .put("slow_closed_millis", trickling.closedMillis())
                        .put("accepts_failed", exhausted.failed())
                        .put("accepts_again_millis", exhausted.recoveredMillis()));
        out.flush();
        return holds(never, silent, trickling, exhausted) ? 0 : BenchMain.EXIT_BROKEN;
    }

    private static long mebibytes(long bytes) {
        return Math.round(bytes / (double) (1 << 20));
    }

    private boolean holds(
            LimitsRun.Deaf never,
            LimitsRun.Idle silent,
            LimitsRun.Slow trickling,
            LimitsRun.Descriptors exhausted) {
        long stallMillis = stallSeconds * 1_000L + DEADLINE_GRACE_MILLIS;
        boolean[] promises = {
            holds("memory of who never reads", never.grownBytes() <= DEAF_BYTES_MAX),
            holds("end of who never reads", isWithin(never.closedMillis(), stallMillis)),
            holds(
                    "p99 of others",
                    never.p99During() <= Math.max(2 * never.p99Before(), P99_MICROS_MIN)),
            holds("idle connections", silent.connections() >= idle),
            holds("memory of idle connections", silent.grownBytes() <= IDLE_BYTES_MAX),
            holds("memory of slow senders", trickling.grownBytes() <= IDLE_BYTES_MAX),
            holds(
                    "end of slow senders",
                    isWithin(trickling.closedMillis(), FRAME_MILLIS + DEADLINE_GRACE_MILLIS)),
            holds("descriptors ran out", exhausted.failed() > 0),
            holds("accepting again", exhausted.recoveredMillis() >= 0)
        };
        boolean all = true;
        for (boolean each : promises) {
            all = all && each;
        }
        return all;
    }

    private static boolean isWithin(long millis, long most) {
        return millis >= 0 && millis <= most;
    }

    private static boolean holds(String what, boolean holds) {
        if (!holds) {
            Progress.say("limits: does not hold: %s", what);
        }
        return holds;
    }
}

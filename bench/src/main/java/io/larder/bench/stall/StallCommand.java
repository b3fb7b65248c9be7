package io.larder.bench.stall;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.ResultLine;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench stall}: what clients notice of a server that stands still for a while. */
@Command(
        name = "stall",
        description = "Has one of two servers stand still (SIGSTOP) under clients that go on.",
        mixinStandardHelpOptions = true)
public final class StallCommand implements Callable<Integer> {
    private static final int SECONDS_MIN = 2;
    private static final int SECONDS_MAX = 600;

    /** Over its timeout that a call may take, on a machine that has other things to do. */
    private static final long LATE_MILLIS_MAX = 1_000;

    private static final long RECOVERED_MILLIS_MAX = 5_000;

    /** Two clients' and the near cache's, of which each may try every two seconds or so. */
    private static final int CONNECTED_PER_SECOND_MAX = 3;

    private static final int CONNECTED_MAX = 6;

    @Option(names = "--seconds", description = "It stands still; default ${DEFAULT-VALUE}.")
    private int seconds = 10;

    @Option(
            names = "--threads",
            description = "That call each of the servers; default ${DEFAULT-VALUE}.")
    private int threads = 4;

    @Option(names = "--timeout-millis", description = "Of each call; default ${DEFAULT-VALUE}.")
    private long timeoutMillis = 1_000;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public StallCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--seconds", seconds, SECONDS_MIN, SECONDS_MAX);
        requireRange(spec, "--threads", threads, 1, 64);
        requireRange(spec, "--timeout-millis", timeoutMillis, 10, 60_000);
        StallRun.Outcome outcome =
                new StallRun(
                                TimeUnit.SECONDS.toMillis(seconds),
                                threads,
                                Duration.ofMillis(timeoutMillis))
                        .run();
        if (outcome.failed() == 0) {
            throw new BenchException("stall: no call failed (expected: some while it stood still)");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(result(outcome));
        out.flush();
        return holds(outcome) ? 0 : BenchMain.EXIT_BROKEN;
    }

    private ResultLine result(StallRun.Outcome outcome) {
        return ResultLine.of("stall")
                .put("calls", outcome.calls())
                .put("failed", outcome.failed())
                .put("failed_after", outcome.failedAfter())
                .put("other_calls", outcome.otherCalls())
                .put("other_failed", outcome.otherFailed())
                .put("stale", outcome.stale())
                .put("lost", outcome.lost())
                .put("slowest_millis", outcome.slowestMillis())
                .put("near_reads", outcome.nearReads())
                .put("near_stale", outcome.nearStale())
                .put("near_served_millis", outcome.nearServedMillis())
                .put("near_bound_millis", StallRun.nearBound().toMillis())
                .put("recovered_millis", outcome.recoveredMillis())
                .put("connected", outcome.connected())
                .put("connections_more", outcome.connectionsMore())
                .put("timeout_millis", timeoutMillis)
                .put("seconds", seconds);
    }

    private boolean holds(StallRun.Outcome outcome) {
        return outcome.failedAfter() == 0
                && outcome.otherFailed() == 0
                && outcome.stale() == 0
                && outcome.lost() == 0
                && outcome.slowestMillis() <= timeoutMillis + LATE_MILLIS_MAX
                && outcome.nearStale() == 0
                && outcome.nearServedMillis() <= StallRun.nearBound().toMillis()
                && outcome.recoveredMillis() <= RECOVERED_MILLIS_MAX
                && outcome.connected() <= CONNECTED_MAX + CONNECTED_PER_SECOND_MAX * seconds
                && outcome.connectionsMore() <= 0;
    }
}

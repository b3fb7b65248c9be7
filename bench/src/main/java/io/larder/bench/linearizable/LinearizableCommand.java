package io.larder.bench.linearizable;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.bench.linearizable.LinearizableRun.Outcome;
import io.larder.bench.linearizable.LinearizableRun.Plan;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench linearizable}: whether the answers of a server can be put in order. */
@Command(
        name = "linearizable",
        description = "Checks over the wire that operations happen one at a time, and when told.",
        mixinStandardHelpOptions = true)
public final class LinearizableCommand implements Callable<Integer> {
    private static final long OPERATIONS_MIN = 1_000;
    private static final long OPERATIONS_MAX = 1_000_000_000_000L;
    private static final int RESTARTS_MAX = 10_000;

    @Option(names = "--operations", description = "To record; default ${DEFAULT-VALUE}.")
    private long operations = 1_000_000;

    @Option(names = "--clients", description = "With a connection each; default ${DEFAULT-VALUE}.")
    private int clients = 16;

    @Option(
            names = "--evict",
            description =
                    "Give the server 8 MiB (or -D store.memory), more keys, and others beside"
                            + " them.")
    private boolean evicts;

    @Option(
            names = "--limit-changes",
            description =
                    "Have the memory limit go up and down, between 8 and 16 MiB (or -D store.memory"
                            + " and store.memory.max).")
    private boolean changesLimit;

    @Option(
            names = "--restarts",
            description =
                    "Of the server, by SIGTERM or kill -9, its memory in a file on /dev/shm;"
                            + " default ${DEFAULT-VALUE}.")
    private int restarts;

    @Option(
            names = "--plant",
            description = "A fault to be found, one of ${COMPLETION-CANDIDATES}; default none.")
    private @Nullable Plant plant;

    @Option(names = "--seed", description = "Of what clients do; default another each time.")
    private long seed = ThreadLocalRandom.current().nextLong();

    @Option(names = "-D", paramLabel = "KEY=VALUE", description = "A setting of the server.")
    private List<String> definitions = List.of();

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public LinearizableCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--operations", operations, OPERATIONS_MIN, OPERATIONS_MAX);
        requireRange(spec, "--clients", clients, 2, LinearizableRun.CLIENTS_MAX);
        requireRange(spec, "--restarts", restarts, 0, RESTARTS_MAX);
        Progress.say("linearizable: --seed %d", seed);
        Outcome outcome =
                LinearizableRun.run(
                        new Plan(
                                operations,
                                clients,
                                evicts,
                                changesLimit,
                                restarts,
                                plant,
                                seed,
                                definitions()));
        requireExercised(outcome);
        PrintWriter out = spec.commandLine().getOut();
        out.println(result(outcome));
        out.flush();
        boolean holds = outcome.tally().violations() == 0 && outcome.tally().undecided() == 0;
        return holds ? 0 : BenchMain.EXIT_BROKEN;
    }

    private List<String> definitions() {
        List<String> own = new ArrayList<>();
        if (evicts || changesLimit) {
            own.add("store.memory=8m");
        } else if (restarts > 0) {
            own.add("store.memory=64m");
        }
        if (changesLimit) {
            own.add("store.memory.max=16m");
        }
        own.addAll(definitions);
        return own;
    }

    /** Without these there was nothing that could have been found wrong. */
    private void requireExercised(Outcome outcome) {
        HistoryChecks.Tally tally = outcome.tally();
        requireSome("operations that overlap", tally.overlapping());
        requireSome("operations without an answer", tally.uncertain());
        requireSome("fills stored", tally.fills());
        requireSome("fills refused", tally.fillsRefused());
        if (evicts) {
            requireSome("keys that were evicted", tally.evicted());
        }
        if (changesLimit) {
            requireSome("changes of the memory limit", outcome.limitChanges());
        }
        if (restarts > 0) {
            requireSome("restarts", outcome.restarts().restarts());
        }
    }

    private static void requireSome(String what, long count) {
        if (count == 0) {
            throw new BenchException(
                    what + ": 0 (expected: some; give it more operations or clients)");
        }
    }

    private ResultLine result(Outcome outcome) {
        HistoryChecks.Tally tally = outcome.tally();
        Pressure.Evictions evictions = outcome.evictions();
        return ResultLine.of("linearizable")
                .put("checked", tally.operations())
                .put("violations", tally.violations())
                .put("undecided", tally.undecided())
                .put("keys", tally.keys())
                .put("overlapping", tally.overlapping())
                .put("uncertain", tally.uncertain())
                .put("fills", tally.fills())
                .put("fills_refused", tally.fillsRefused())
                .put("keys_evicted", tally.evicted())
                .put("evictions", evictions.items())
                .put("from_disk", evictions.fromDisk())
                .put("limit_changes", outcome.limitChanges())
                .put("restarts", outcome.restarts().restarts())
                .put("kills", outcome.restarts().kills())
                .put("clients", clients)
                .put("plant", plant == null ? "none" : plant)
                .put("seconds", outcome.seconds(), 1)
                .put("seed", seed);
    }
}

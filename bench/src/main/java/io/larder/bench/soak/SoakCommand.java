package io.larder.bench.soak;

import static io.larder.bench.OptionChecks.requireRange;

import io.larder.bench.BenchException;
import io.larder.bench.BenchMain;
import io.larder.bench.MemorySize;
import io.larder.bench.OwnJvm;
import io.larder.bench.Progress;
import io.larder.bench.ResultLine;
import io.larder.server.store.StoreStats;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench soak}: everything at once for as long as one likes, each answer verified. */
@Command(
        name = "soak",
        description =
                "Soaks the store in-process at four times its capacity; verifies all answers.",
        mixinStandardHelpOptions = true)
public final class SoakCommand implements Callable<Integer> {
    private static final int SECONDS_MAX = 7 * 24 * 3_600;
    private static final int THREADS_MAX = 64;

    /** A shorter one says more of the compiler's memory than of the store's. */
    private static final int TREND_SECONDS_MIN = 300;

    @Option(names = "--seconds", description = "How long; default ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Option(
            names = "--memory",
            converter = MemorySize.class,
            description = "The store's budget; default 64m.")
    private long memoryBytes = 64L << 20;

    @Option(names = "--threads", description = "That soak; default ${DEFAULT-VALUE}.")
    private int threads = 4;

    @Option(
            names = "--shift",
            description =
                    "Values of 100 B, then of 10 KiB, then of 100 B, a third of the time each.")
    private boolean shift;

    @Option(names = "--seed", description = "Of all that is random; default another each time.")
    private long seed = ThreadLocalRandom.current().nextLong();

    @Option(
            names = "--slope-max",
            description =
                    "Growth of the memory in percent a minute, at most, judged from 450 seconds on;"
                            + " default ${DEFAULT-VALUE}.")
    private double slopeMax = 0.1;

    @Option(
            names = "--recovered-min",
            description =
                    "With --shift, items at the end in parts of those after the first third, at"
                            + " least; default ${DEFAULT-VALUE}.")
    private double recoveredMin = 0.95;

    @Option(
            names = "--mixed",
            description =
                    "Values of 16 B to 1 MiB, mostly short ones, then mostly long ones, on a server"
                            + " in a process of its own.")
    private boolean mixed;

    @Option(
            names = "--overhead",
            converter = MemorySize.class,
            description =
                    "With --mixed, what the process may take beside the store, 5 %% of both not"
                            + " counted; default 356m.")
    private long overheadBytes = 356L << 20;

    @Option(names = OwnJvm.INNER, hidden = true)
    private boolean inner;

    @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one

    /** For picocli. */
    public SoakCommand() {}

    @Override
    public Integer call() {
        requireRange(spec, "--seconds", seconds, shift ? SoakSizes.PHASES : 1, SECONDS_MAX);
        requireRange(spec, "--threads", threads, 1, THREADS_MAX);
        if (mixed) {
            Progress.say("soak: --seed %d", seed);
            return reportMixed(
                    MixedSoak.run(new MixedSoak.Plan(seconds, memoryBytes, threads, seed)));
        }
        SoakRun.Plan plan = new SoakRun.Plan(seconds, memoryBytes, threads, shift, seed);
        if (!inner) {
            return OwnJvm.run(
                    spec, OwnJvm.steadyHeap(plan.heapBytes()), Duration.ofSeconds(seconds + 300L));
        }
        Progress.say("soak: --seed %d", seed);
        SoakRun.Outcome outcome = SoakRun.run(plan);
        requireExercised(outcome.tally(), outcome.last().evictions());
        PrintWriter out = spec.commandLine().getOut();
        out.println(result(outcome));
        out.flush();
        return holds(outcome) ? 0 : BenchMain.EXIT_BROKEN;
    }

    private ResultLine result(SoakRun.Outcome outcome) {
        StoreStats last = outcome.last();
        SoakTally tally = outcome.tally();
        ResultLine result =
                ResultLine.of("soak")
                        .put("operations", tally.operations.sum())
                        .put("wrong", tally.wrong())
                        .put("evictions", last.evictions())
                        .put("write_amplification", SoakRun.amplification(last), 2)
                        .put("memory_slope", slope(outcome.memory()) + "%/min")
                        .put("slope_judged", isLongEnough(outcome.memory()))
                        .put("hits", tally.hits.sum())
                        .put("misses", tally.misses.sum())
                        .put("busy", tally.busy.sum())
                        .put("expirations", last.expirations())
                        .put("region_clears", outcome.clears())
                        .put("reads_locked", last.readsLocked())
                        .put("uncaught_errors", outcome.errors())
                        .put("memory_limit_bytes", last.memoryLimitBytes())
                        .put("bytes_used", used(last))
                        .put("rss_peak_mib", outcome.residentBytesPeak() >> 20)
                        .put("seconds", seconds)
                        .put("threads", threads)
                        .put("seed", seed);
        if (shift) {
            result.put("items_small", outcome.items().get(0))
                    .put("items_large", outcome.items().get(1))
                    .put("items_small_again", outcome.items().get(2))
                    .put("items_recovered", recovered(outcome), 3);
        }
        return result;
    }

    private int reportMixed(MixedSoak.Outcome outcome) {
        SoakTally tally = outcome.tally();
        requireExercised(tally, outcome.evictions());
        MemoryTrend memory = outcome.memory();
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                ResultLine.of("soak")
                        .put("operations", tally.operations.sum())
                        .put("wrong", tally.wrong())
                        .put("evictions", outcome.evictions())
                        .put("hits", tally.hits.sum())
                        .put("misses", tally.misses.sum())
                        .put("busy", tally.busy.sum())
                        .put("uncaught_errors", outcome.uncaughtErrors())
                        .put("memory_limit_bytes", outcome.limitBytes())
                        .put("bytes_used_max", outcome.storeBytesMax())
                        .put("rss_start_mib", outcome.residentBytesAtStart() >> 20)
                        .put("rss_max_mib", outcome.residentBytesMax() >> 20)
                        .put("rss_bound_mib", residentBytesMax(outcome) >> 20)
                        .put("memory_slope", slope(memory) + "%/min")
                        .put("slope_judged", isLongEnough(memory))
                        .put("seconds", seconds)
                        .put("threads", threads)
                        .put("seed", seed));
        out.flush();
        boolean holds =
                tally.wrong() == 0
                        && outcome.uncaughtErrors() == 0
                        && slopeHolds(memory)
                        && outcome.storeBytesMax() <= outcome.limitBytes()
                        && outcome.residentBytesMax() <= residentBytesMax(outcome);
        return holds ? 0 : BenchMain.EXIT_BROKEN;
    }

    private long residentBytesMax(MixedSoak.Outcome outcome) {
        return (outcome.limitBytes() + overheadBytes) / 100 * 105;
    }

    private static void requireExercised(SoakTally tally, long evictions) {
        if (tally.hits.sum() == 0 || evictions == 0) {
            throw new BenchException(
                    "hits "
                            + tally.hits.sum()
                            + ", evictions "
                            + evictions
                            + " (expected: both; give it more seconds or less memory)");
        }
    }

    private static String slope(MemoryTrend memory) {
        return String.format(Locale.ROOT, "%.3f", memory.percentPerMinute());
    }

    private static boolean isLongEnough(MemoryTrend memory) {
        return memory.seconds() >= TREND_SECONDS_MIN;
    }

    private boolean slopeHolds(MemoryTrend memory) {
        if (!isLongEnough(memory)) {
            Progress.say("soak: too short to judge the memory's slope");
            return true;
        }
        return memory.percentPerMinute() < slopeMax;
    }

    /** All that the store accounts for but the free segments. */
    private static long used(StoreStats stats) {
        return stats.bytesLive() + stats.bytesDead() + stats.bytesExpired() + stats.bytesIndex();
    }

    private static double recovered(SoakRun.Outcome outcome) {
        return outcome.items().get(2) / (double) Math.max(1, outcome.items().get(0));
    }

    private boolean holds(SoakRun.Outcome outcome) {
        return outcome.tally().wrong() == 0
                && outcome.errors() == 0
                && slopeHolds(outcome.memory())
                && used(outcome.last()) <= outcome.last().memoryLimitBytes()
                && (!shift || recovered(outcome) >= recoveredMin);
    }
}

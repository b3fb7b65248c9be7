package io.larder.bench.fuzz;

import io.larder.bench.Progress;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** Gives targets their seeds, and then spoiled ones. For one thread. */
final class FuzzRun {
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long TOLD_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

    /**
     * What came of it.
     *
     * @param inputs taken
     * @param failures inputs that were not answered or refused as they ought to be
     * @param slow inputs that took more than a second
     */
    record Outcome(long inputs, long failures, long slow) {
        Outcome plus(Outcome other) {
            return new Outcome(inputs + other.inputs, failures + other.failures, slow + other.slow);
        }
    }

    private static final int FAILURES_TOLD_MAX = 5;

    private FuzzRun() {}

    /** The seeds as they are, and so many spoiled ones. */
    static Outcome run(FuzzTarget target, long inputs, long seed) {
        Mutator mutator = new Mutator(seed ^ target.name().hashCode());
        long taken = 0;
        long failures = 0;
        long slow = 0;
        long toldNanos = System.nanoTime();
        int seeds = target.seeds().size();
        while (taken < inputs + seeds) {
            byte[] input =
                    taken < seeds
                            ? target.seeds().get((int) taken).clone()
                            : mutator.next(target.seeds());
            long beganNanos = System.nanoTime();
            try {
                target.take(input);
            } catch (Exception | Error e) {
                failures++;
                if (failures <= FAILURES_TOLD_MAX) {
                    tell(target, input, seed, taken, e);
                }
            }
            taken++;
            long nowNanos = System.nanoTime();
            slow += nowNanos - beganNanos > SLOW_NANOS ? 1 : 0;
            if (nowNanos - toldNanos > TOLD_EVERY_NANOS) {
                toldNanos = nowNanos;
                Progress.say("fuzz: %s, %d inputs, %d failures", target.name(), taken, failures);
            }
        }
        return new Outcome(taken, failures, slow);
    }

    private static void tell(FuzzTarget target, byte[] input, long seed, long at, Throwable error) {
        Progress.say(
                "fuzz: %s, --seed %d, input %d: %s: %s",
                target.name(),
                seed,
                at,
                error,
                HexFormat.of().formatHex(input, 0, Math.min(input.length, 512)));
        StackTraceElement[] trace = error.getStackTrace();
        for (int i = 0; i < Math.min(8, trace.length); i++) {
            Progress.say("    at %s", trace[i]);
        }
    }
}

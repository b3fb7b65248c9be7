package io.larder.client.cli;

import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** How often something that repeats itself does so; picocli fills it in. For one thread. */
final class Repetition {
    private static final long INTERVAL_MILLIS_MAX = 3_600_000;

    @Option(
            names = "--interval",
            paramLabel = "MILLIS",
            description = "Between two lines or pictures; default ${DEFAULT-VALUE}")
    private long intervalMillis = 1_000;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Lines or pictures; default 0: until interrupted")
    private long count;

    private long done;

    /** The time between two. */
    long intervalMillis() {
        if (intervalMillis < 1 || intervalMillis > INTERVAL_MILLIS_MAX) {
            throw new InputException(
                    "bad-number",
                    "--interval: "
                            + intervalMillis
                            + " (expected: 1.."
                            + INTERVAL_MILLIS_MAX
                            + ")");
        }
        return intervalMillis;
    }

    /** Whether there is another one to come, and takes note of it. */
    boolean next() {
        if (count < 0) {
            throw new InputException("bad-number", "--count: " + count + " (expected: from 0)");
        }
        return count == 0 || done++ < count;
    }

    /** Waits for the time of the next one. Locking: blocks. */
    void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(intervalMillis());
    }
}

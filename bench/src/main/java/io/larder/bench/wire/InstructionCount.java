package io.larder.bench.wire;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Counts a process's instructions over a number of seconds by {@code perf stat}. Where that is
 * missing or not allowed, or the machine does not count (most virtual ones), it says so once and is
 * empty from then on. For one thread.
 */
final class InstructionCount {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final long pid;
    private boolean isSupported = true;

    InstructionCount(long pid) {
        this.pid = pid;
    }

    /** A count under way, to be ended after its seconds. */
    interface Running {
        /** The instructions counted. Locking: blocks until the seconds are over. */
        OptionalLong end();
    }

    /** Begins to count for {@code seconds}. */
    Running begin(int seconds) {
        if (!isSupported) {
            return OptionalLong::empty;
        }
        List<String> command =
                List.of(
                        "perf",
                        "stat",
                        "-x",
                        ",",
                        "-e",
                        "instructions",
                        "-p",
                        pid + "",
                        "--",
                        "sleep",
                        seconds + "");
        try {
            ChildProcess perf =
                    ChildProcess.start(
                            "perf", new ProcessBuilder(command).redirectErrorStream(true));
            return () -> read(perf, Duration.ofSeconds(seconds).plus(GRACE));
        } catch (BenchException e) {
            return notSupported(e.toString());
        }
    }

    private OptionalLong read(ChildProcess perf, Duration timeout) {
        try (perf) {
            perf.waitFor(timeout);
            byte[] output = perf.process().getInputStream().readAllBytes();
            OptionalLong count = parse(new String(output, StandardCharsets.UTF_8));
            if (count.isEmpty()) {
                notSupported(new String(output, StandardCharsets.UTF_8).strip());
            }
            return count;
        } catch (IOException | BenchException e) {
            notSupported(e.toString());
            return OptionalLong.empty();
        }
    }

    /** From a line such as {@code 123456,,instructions,5000000,100.00,,}. */
    static OptionalLong parse(String output) {
        return output.lines()
                .filter(line -> line.contains(",instructions"))
                .map(line -> line.substring(0, line.indexOf(',')))
                .filter(count -> !count.isEmpty() && count.chars().allMatch(Character::isDigit))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private Running notSupported(String reason) {
        isSupported = false;
        Progress.say("instructions: not supported: %s", reason);
        return OptionalLong::empty;
    }
}

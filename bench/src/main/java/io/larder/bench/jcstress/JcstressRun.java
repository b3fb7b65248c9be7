package io.larder.bench.jcstress;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.JavaCommand;
import io.larder.bench.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of jcstress over the tests whose names match, in a JVM of its own that forks more. For
 * one thread; it blocks until the run ends.
 *
 * @param tests a regular expression that finds the tests' class names
 * @param iterationMillis how long each iteration runs
 * @param iterations in each forked JVM
 * @param jvms which JVM modes each test is run in
 * @param timeout for the whole run
 * @param directory for the report and the raw results; made if absent
 */
/*
 * How jcstress 0.16 tells what came out: exit code 1 if an outcome was forbidden or a test could
 * not run; 0 if all passed, but also if no test matched ("FATAL: No matching tests."). So the
 * verdict is read from its last count:
 *
 *   (Results: 18 planned; 18 passed, 0 failed, 0 soft errs, 0 hard errs)
 *
 * and the reasons from the lines after "TEST FAILURES:". A configuration is one test in one JVM
 * variant with one placement of its actors on processors.
 */
public record JcstressRun(
        String tests,
        int iterationMillis,
        int iterations,
        Jvms jvms,
        Duration timeout,
        Path directory) {
    private static final Pattern COUNTS =
            Pattern.compile(
                    ".*\\(Results: (\\d+) planned; (\\d+) passed, (\\d+) failed,"
                            + " (\\d+) soft errs, (\\d+) hard errs\\).*");
    private static final Pattern FAILURE =
            Pattern.compile("(\\S+) \\[.*](?:: (Observed .*)| (had .*))");
    private static final String FAILURES_BEGIN = "TEST FAILURES";

    private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(60); // after its last output

    /**
     * What jcstress is told that a fork's heap is, in MiB: it keeps as many states at a time as
     * take a quarter of that when new. Ours grow once the actors are at work, a store's many times
     * over, and filled the true heap, eight times this.
     */
    private static final String HEAP_FOR_STATES = "32";

    /** Small heaps: the tests' memory is outside, and several JVMs may run at a time. */
    private static final List<String> FORK_OPTIONS = List.of("-XX:+UseSerialGC", "-Xmx256m");

    private static final String MEMORY_ACCESS =
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED";

    /** In which JVM modes a test is run. */
    public enum Jvms {
        /** The default one; on 17 with and without biased locking. */
        DEFAULT("-jvmArgs"),
        /** Also interpreted, with each compiler alone, and with C2 making random choices. */
        ALL("-jvmArgsPrepend");

        private final String option;

        Jvms(String option) {
            this.option = option;
        }
    }

    /**
     * What came of a run.
     *
     * @param planned configurations that jcstress set out to run; 0 if no test matched
     * @param passed those of them in which nothing forbidden was seen
     * @param exitCode jcstress's own
     * @param failures one for each configuration that did not pass
     */
    public record Outcome(int planned, int passed, int exitCode, List<Failure> failures) {
        public Outcome {
            failures = List.copyOf(failures);
        }

        /** True if something ran and all of it passed. */
        public boolean isPassed() {
            return planned > 0 && passed == planned && exitCode == 0;
        }
    }

    /**
     * A configuration that did not pass.
     *
     * @param test its class name
     * @param reason the forbidden outcome with its description, or why it could not run
     */
    public record Failure(String test, String reason) {
        /** True if a forbidden outcome was seen, which is more than that something went wrong. */
        public boolean isForbiddenOutcome() {
            return reason.startsWith("Observed forbidden state");
        }
    }

    /**
     * Runs it.
     *
     * <p>After the timeout it is stopped, and counts as not passed.
     *
     * @throws BenchException if it cannot be run
     */
    public Outcome run() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new BenchException("jcstress: " + directory + ": " + e.getMessage(), e);
        }
        ProcessBuilder builder =
                new ProcessBuilder(command())
                        .directory(directory.toFile()) // it writes its raw results there
                        .redirectErrorStream(true);
        try (ChildProcess child = ChildProcess.start("jcstress", builder)) {
            CompletableFuture<Process> watchdog =
                    child.process()
                            .onExit()
                            .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                            .whenComplete((ended, late) -> child.stop());
            List<String> lines = readLines(child);
            int exitCode = child.waitFor(EXIT_TIMEOUT);
            watchdog.cancel(false);
            return judge(lines, exitCode);
        }
    }

    private List<String> command() {
        List<String> command = JavaCommand.of("org.openjdk.jcstress.Main", List.of("-Xmx256m"));
        command.addAll(List.of("-t", tests, "-r", directory.resolve("report").toString()));
        command.addAll(List.of("-m", "quick", "-sc", "false", "-af", "NONE"));
        command.addAll(List.of("-hs", HEAP_FOR_STATES, "-pth", "false"));
        command.addAll(List.of("-time", iterationMillis + "", "-iters", iterations + ""));
        command.addAll(List.of(jvms.option, String.join(" ", forkOptions())));
        return command;
    }

    private static List<String> forkOptions() {
        List<String> options = new ArrayList<>(FORK_OPTIONS);
        options.add(MEMORY_ACCESS);
        JavaCommand.accessOptions().stream()
                .filter(o -> !options.contains(o))
                .forEach(options::add);
        return options;
    }

    private static List<String> readLines(ChildProcess child) {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = child.process().inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                Progress.say("jcstress: %s", line);
            }
        } catch (IOException e) {
            Progress.say("jcstress: output lost: %s", e.getMessage());
        }
        return lines;
    }

    /** The verdict over what jcstress printed. */
    static Outcome judge(List<String> lines, int exitCode) {
        int planned = 0;
        int passed = 0;
        List<Failure> failures = new ArrayList<>();
        boolean inFailures = false;
        for (String line : lines) {
            Matcher counts = COUNTS.matcher(line);
            if (counts.matches()) {
                planned = Integer.parseInt(counts.group(1));
                passed = Integer.parseInt(counts.group(2));
            }
            inFailures |= line.contains(FAILURES_BEGIN);
            Matcher failure = FAILURE.matcher(line);
            if (inFailures && failure.matches()) {
                String reason = failure.group(2) == null ? failure.group(3) : failure.group(2);
                failures.add(new Failure(failure.group(1), reason));
            }
        }
        return new Outcome(planned, passed, exitCode, failures);
    }
}

package io.larder.bench.jcstress;

import static java.util.stream.Collectors.partitioningBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The stress tests of the real memory, quick, and that the checker still sees what is wrong. */
class JcstressTest {
    private static final String PACKAGE = "io.larder.bench.jcstress";
    private static final int ITERATION_MILLIS = 300;
    private static final int ITERATIONS = 4;

    /** For a fault that shows too rarely for the first run: none may stay hidden. */
    private static final int ITERATIONS_LONGER = 20;

    private static final Duration TIMEOUT = Duration.ofMinutes(10); // a hang, not slowness

    /**
     * One run for all, since jcstress takes its time to find out about the machine. A test whose
     * name begins with Broken has a fault planted: that it is caught shows that the others could
     * have failed. On 17 jcstress tries each with and without biased locking, which is nothing to
     * them.
     */
    @Tag("newest")
    @Test
    void onlyBrokenTests_seeWhatIsForbidden_andEachDoes() throws IOException {
        JcstressRun.Outcome outcome = run();

        Map<Boolean, List<JcstressRun.Failure>> failures =
                outcome.failures().stream().collect(partitioningBy(it -> isBroken(it.test())));
        assertThat(failures.get(false)).isEmpty();
        assertThat(failures.get(true)).allMatch(JcstressRun.Failure::isForbiddenOutcome);
        assertThat(outcome.passed()).isPositive();
        Set<String> missed = new TreeSet<>(brokenTests());
        failures.get(true).forEach(it -> missed.remove(it.test()));
        if (!missed.isEmpty()) {
            JcstressRun.Outcome longer = run(String.join("|", missed), ITERATIONS_LONGER);
            longer.failures().stream()
                    .filter(JcstressRun.Failure::isForbiddenOutcome)
                    .forEach(it -> missed.remove(it.test()));
        }
        assertThat(missed).isEmpty();
    }

    private static JcstressRun.Outcome run() {
        return run(PACKAGE, ITERATIONS);
    }

    private static JcstressRun.Outcome run(String tests, int iterations) {
        Path directory = Path.of("target", "jcstress").toAbsolutePath();
        return new JcstressRun(
                        tests,
                        ITERATION_MILLIS,
                        iterations,
                        JcstressRun.Jvms.DEFAULT,
                        TIMEOUT,
                        directory)
                .run();
    }

    private static boolean isBroken(String test) {
        return test.startsWith(PACKAGE + ".Broken");
    }

    /** The names of the classes as they were compiled, generated ones left out. */
    private static List<String> brokenTests() throws IOException {
        Path classes = Path.of("target", "classes", PACKAGE.replace('.', '/'));
        try (Stream<Path> files = Files.list(classes)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.matches("Broken[^_$]*\\.class"))
                    .map(file -> PACKAGE + "." + file.replace(".class", ""))
                    .toList();
        }
    }

    @Test
    void judge_allPassed_isPassed() {
        JcstressRun.Outcome outcome =
                JcstressRun.judge(
                        List.of(
                                "(Results: 4 planned; 1 passed, 0 failed, 0 soft errs, 0 hard errs)",
                                "(Results: 4 planned; 4 passed, 0 failed, 0 soft errs, 0 hard errs)"),
                        0);

        assertThat(outcome.isPassed()).isTrue();
        assertThat(outcome.planned()).isEqualTo(4);
    }

    @Test
    void judge_noTestMatched_isNotPassed() {
        assertThat(JcstressRun.judge(List.of("FATAL: No matching tests."), 0).isPassed()).isFalse();
    }

    @Test
    void judge_forbiddenOutcome_isNamed() {
        JcstressRun.Outcome outcome =
                JcstressRun.judge(
                        List.of(
                                "(Results: 1 planned; 0 passed, 1 failed, 0 soft errs, 0 hard errs)",
                                "java.lang.AssertionError: TEST FAILURES: ",
                                "io.larder.X [-Xmx1g]: Observed forbidden state: 1, 0 (torn)"),
                        1);

        assertThat(outcome.isPassed()).isFalse();
        assertThat(outcome.failures())
                .containsExactly(
                        new JcstressRun.Failure(
                                "io.larder.X", "Observed forbidden state: 1, 0 (torn)"));
        assertThat(outcome.failures().get(0).isForbiddenOutcome()).isTrue();
    }

    @Test
    void judge_testThatCouldNotRun_isNotPassedAndSawNothing() {
        JcstressRun.Outcome outcome =
                JcstressRun.judge(
                        List.of(
                                "(Results: 1 planned; 0 passed, 0 failed, 0 soft errs, 1 hard errs)",
                                "java.lang.AssertionError: TEST FAILURES: ",
                                "io.larder.X [-Xmx1g] had failed with the pre-test error."),
                        1);

        assertThat(outcome.isPassed()).isFalse();
        assertThat(outcome.failures()).hasSize(1);
        assertThat(outcome.failures().get(0).isForbiddenOutcome()).isFalse();
    }
}

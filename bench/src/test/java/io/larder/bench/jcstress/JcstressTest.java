package io.larder.bench.jcstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The stress tests of the real memory, quick, and that the checker still sees what is wrong. */
class JcstressTest {
    private static final int ITERATION_MILLIS = 200;
    private static final int ITERATIONS = 3;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @Tag("slow")
    @Test
    void allTests_seeNothingForbidden() {
        JcstressRun.Outcome outcome = run("io\\.larder\\.bench\\.jcstress\\.(?!Broken)", "pass");

        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.isPassed()).as(outcome.toString()).isTrue();
    }

    @Tag("slow")
    @Test
    void brokenTwin_isCaught() {
        JcstressRun.Outcome outcome = run("BrokenMessagePassing", "broken");

        assertThat(outcome.isPassed()).isFalse();
        assertThat(outcome.hasForbiddenOutcome()).as(outcome.toString()).isTrue();
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
        assertThat(outcome.hasForbiddenOutcome()).isTrue();
        assertThat(outcome.failures()).hasSize(1);
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
        assertThat(outcome.hasForbiddenOutcome()).isFalse();
        assertThat(outcome.failures()).hasSize(1);
    }

    private static JcstressRun.Outcome run(String tests, String name) {
        Path directory = Path.of("target", "jcstress", name).toAbsolutePath();
        return new JcstressRun(tests, ITERATION_MILLIS, ITERATIONS, TIMEOUT, directory).run();
    }
}

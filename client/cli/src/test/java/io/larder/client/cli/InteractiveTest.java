package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.cli.CliFixture.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code cli} without a command, on a terminal that can do nothing, and its modes. */
@Timeout(60)
class InteractiveTest {
    private static CliFixture larder;

    @BeforeAll
    static void start() throws Exception {
        larder = new CliFixture();
    }

    @AfterAll
    static void stop() {
        larder.close();
    }

    private static Outcome type(String lines) {
        return CliFixture.runWith(lines.getBytes(UTF_8), "--server", larder.address());
    }

    @Test
    void lines_areAnsweredInTheirOrder_untilTheInputEnds() {
        assertThat(type("set i:a \"a value\"\nget i:a\nget i:none\nincr i:n 5\nping\n").lines())
                .containsSubsequence("OK", "a value", "(miss)", "5", "OK");
    }

    @Test
    void quit_ends_andExitsWith0() {
        Outcome outcome = type("quit\nset i:late v\n");

        assertThat(outcome.exitCode()).isZero();
        assertThat(larder.run("get", "i:late").exitCode()).isEqualTo(1);
    }

    @Test
    void scanAndStats_areAnsweredByLines() {
        larder.run("set", "i:scan:1", "v");
        larder.run("set", "i:scan:2", "v");

        assertThat(type("scan i:scan:\n").lines()).contains("i:scan:1", "i:scan:2");
        assertThat(type("stats\n").lines()).anyMatch(line -> line.matches("items \\d+"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "frobnicate | ERROR unknown-command frobnicate (expected: ",
                "get        | ERROR wrong-arguments ",
                "get \"a     | ERROR bad-quoting ",
                "scan a b   | ERROR wrong-arguments 2 arguments (expected: scan [PREFIX])",
                "incr x y   | ERROR bad-number delta: y ",
            })
    void wrongLine_isAnError_andTheNextIsAnswered(String line, String error) {
        assertThat(type(line + "\nping\n").lines())
                .anyMatch(answer -> answer.startsWith(error))
                .contains("OK");
    }

    @Test
    void help_listsTheCommands() {
        assertThat(type("help\n").output()).contains("set KEY VALUE", "touch KEY MILLIS", "quit");
    }

    @Test
    void stat_printsAHeadAndRows() {
        Outcome outcome = larder.run("--stat", "--interval", "1", "--count", "2");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.lines()).hasSize(3);
        assertThat(outcome.lines().get(0)).contains("items", "hits/s", "connections");
    }

    @Test
    void latency_printsFiguresOfPings() {
        assertThat(larder.run("--latency", "--interval", "1", "--count", "1").output())
                .matches("min .* average .* p50 .* p99 .* max .* \\([1-9]\\d* samples\\)\n");
    }

    @Test
    void bigKeys_printsTheLongestFirst() {
        for (int i = 0; i < 50; i++) {
            larder.run("set", "i:big:" + i, "v".repeat(100 + i));
        }

        Outcome outcome = larder.run("--bigkeys", "--prefix", "i:big:");

        assertThat(outcome.lines()).hasSize(21);
        assertThat(outcome.lines().get(0).strip()).isEqualTo("149 i:big:49");
        assertThat(outcome.lines().get(20)).isEqualTo("50 values, 6225 bytes, 124.5 on average");
    }

    @Test
    void scanMode_printsKeysWithThePrefix() {
        larder.run("set", "i:mode:1", "v");

        assertThat(larder.run("--scan", "--prefix", "i:mode:").output()).isEqualTo("i:mode:1\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--stat --latency     | ERROR wrong-arguments ",
                "--stat get a         | ERROR wrong-arguments a mode and a command ",
                "--stat --pipe        | ERROR wrong-arguments --pipe and a mode ",
                "--stat --interval 0  | ERROR bad-number --interval: 0 (expected: 1..3600000)",
                "--stat --count -1    | ERROR bad-number --count: -1 (expected: from 0)",
            })
    void wrongMode_isOneLineAndExitsWith2(String arguments, String error) {
        Outcome outcome = larder.run(arguments.strip().split(" +"));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.errors()).startsWith(error).hasLineCount(1);
    }
}

package io.larder.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.client.cli.CliFixture.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LarderCliTest {
    private CliFixture larder;

    @BeforeEach
    void start() throws Exception {
        larder = new CliFixture();
    }

    @AfterEach
    void stop() {
        larder.close();
    }

    @Test
    void set_thenGet_printsTheValueAndExitsWith0() {
        assertThat(larder.run("set", "k", "a value")).isEqualTo(new Outcome(0, "OK\n", ""));
        assertThat(larder.run("get", "k")).isEqualTo(new Outcome(0, "a value\n", ""));
    }

    @Test
    void set_ofTextBeyondAscii_isStoredAsUtf8() {
        larder.run("set", "schlüssel", "wért\t€");

        assertThat(larder.run("get", "schlüssel").output()).isEqualTo("wért\t€\n");
    }

    @Test
    void get_ofAbsentKey_printsNothingAndExitsWith1() {
        assertThat(larder.run("get", "k")).isEqualTo(new Outcome(1, "", ""));
    }

    @Test
    void get_ofEmptyValue_isAHit() {
        larder.run("set", "k", "");

        assertThat(larder.run("get", "k")).isEqualTo(new Outcome(0, "\n", ""));
    }

    @Test
    void set_withTtl_expires() throws Exception {
        assertThat(larder.run("set", "k", "v", "--ttl", "1").exitCode()).isZero();

        await().untilAsserted(() -> assertThat(larder.run("get", "k").exitCode()).isEqualTo(1));
    }

    @Test
    void set_withLongTtl_isThere() {
        assertThat(larder.run("set", "--ttl", "60000", "k", "v").exitCode()).isZero();

        assertThat(larder.run("get", "k").output()).isEqualTo("v\n");
    }

    @Test
    void incr_ofAbsentKey_startsAt0() {
        assertThat(larder.run("incr", "n")).isEqualTo(new Outcome(0, "1\n", ""));
        assertThat(larder.run("incr", "n", "41")).isEqualTo(new Outcome(0, "42\n", ""));
        assertThat(larder.run("incr", "n", "-50")).isEqualTo(new Outcome(0, "-8\n", ""));
        assertThat(larder.run("incr", "m", "-7")).isEqualTo(new Outcome(0, "-7\n", ""));
    }

    @Test
    void incr_ofWhatIsNoNumber_isAnError() {
        larder.run("set", "k", "text");

        Outcome outcome = larder.run("incr", "k");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors()).startsWith("ERROR not-a-number INCREMENT to ").hasLineCount(1);
    }

    @Test
    void delete_printsOkOnce() {
        larder.run("set", "k", "v");

        assertThat(larder.run("delete", "k")).isEqualTo(new Outcome(0, "OK\n", ""));
        assertThat(larder.run("delete", "k")).isEqualTo(new Outcome(1, "", ""));
        assertThat(larder.run("get", "k").exitCode()).isEqualTo(1);
    }

    @Test
    void touch_ofAKey_isOkAndOfNoneAMiss() {
        larder.run("set", "k", "v");

        assertThat(larder.run("touch", "k", "60000")).isEqualTo(new Outcome(0, "OK\n", ""));
        assertThat(larder.run("touch", "other", "60000")).isEqualTo(new Outcome(1, "", ""));
    }

    @Test
    void stats_areLinesOfNameAndValue() {
        larder.run("set", "k", "v");
        larder.run("get", "k");
        larder.run("get", "other");

        Outcome outcome = larder.run("stats");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.lines())
                .contains(
                        "items 1",
                        "hits 1",
                        "misses 1",
                        "memory_limit_bytes 16777216",
                        "uncaught_errors 0",
                        "reads_locked 0")
                .allMatch(line -> line.matches("[a-z_0-9]+ [-0-9.E]+"));
    }

    @Test
    void ping_isOk() {
        assertThat(larder.run("ping")).isEqualTo(new Outcome(0, "OK\n", ""));
    }

    @Test
    void scan_printsKeysALineEach_quotedUnlessPlain() {
        larder.run("set", "scan:plain", "v");
        larder.run("set", "scan:two words\n", "v");
        larder.run("set", "other", "v");

        Outcome outcome = larder.run("scan", "--prefix", "scan:");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output().lines())
                .containsExactlyInAnyOrder("scan:plain", "\"scan:two words\\n\"");
    }

    @Test
    void scan_thatFindsNothing_isNoError() {
        assertThat(larder.run("scan", "--prefix", "none:")).isEqualTo(new Outcome(0, "", ""));
    }

    @Test
    void serverThatIsNotThere_isOneClearLine() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        for (String command : new String[] {"ping", "--pipe"}) {
            Outcome outcome =
                    CliFixture.runWith(new byte[0], "--server", "127.0.0.1:" + port, command);

            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.output()).isEmpty();
            assertThat(outcome.errors())
                    .startsWith("ERROR not-connected ")
                    .contains("127.0.0.1:" + port)
                    .containsIgnoringCase("refused")
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:x", "::::", "a b", "h:70000", "h:0/x?y"})
    void serverThatIsNoAddress_isNamed(String server) {
        Outcome outcome = CliFixture.runWith(new byte[0], "--server", server, "ping");

        assertThat(outcome)
                .isEqualTo(
                        new Outcome(
                                2,
                                "",
                                "ERROR bad-argument --server: "
                                        + server
                                        + " (expected: HOST:PORT)\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get                | ERROR wrong-arguments ",
                "get a b            | ERROR wrong-arguments ",
                "set a              | ERROR wrong-arguments ",
                "set a b c          | ERROR wrong-arguments ",
                "set a b --ttl      | ERROR wrong-arguments ",
                "set a b --ttl x    | ERROR bad-number ttl: x (expected: 1..",
                "set a b --ttl 0    | ERROR bad-number ttl: 0 (expected: 1..",
                "set a b --ttl -5   | ERROR bad-number ttl: -5 (expected: 1..",
                "incr a 1.5         | ERROR bad-number delta: 1.5 (expected: ",
                "incr a 9223372036854775808 | ERROR bad-number delta: 9223372036854775808 ",
                "touch a            | ERROR wrong-arguments ",
                "touch a soon       | ERROR bad-number millis: soon ",
                "frobnicate a       | ERROR wrong-arguments ",
                "--frob get a       | ERROR wrong-arguments ",
                "get --frob a       | ERROR wrong-arguments ",
                "--pipe get a       | ERROR wrong-arguments --pipe and a command ",
                "--ca x get a       | ERROR bad-argument --ca: x (expected: a readable file",
                "--cert x get a     | ERROR bad-argument --cert and --key ",
            })
    void wrongUse_isOneLineAndExitsWith2(String arguments, String errors) {
        Outcome outcome = larder.run(arguments.strip().split(" +"));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors()).startsWith(errors).hasLineCount(1);
    }

    @Test
    void keyThatIsEmptyOrTooLong_isAnError() {
        assertThat(larder.run("get", "").errors()).startsWith("ERROR bad-argument ");
        assertThat(larder.run("get", "k".repeat(4096)).errors())
                .startsWith("ERROR too-large ")
                .contains("4096 (expected: 1..4095");
    }

    @Test
    void valuesThatLookLikeOptions_areStored() {
        assertThat(larder.run("set", "k", "-x").exitCode()).isZero();
        assertThat(larder.run("get", "k").output()).isEqualTo("-x\n");
        assertThat(larder.run("set", "k", "@file").exitCode()).isZero();
        assertThat(larder.run("get", "k").output()).isEqualTo("@file\n");
        assertThat(larder.run("set", "--", "k", "--help").exitCode()).isZero();
        assertThat(larder.run("get", "k").output()).isEqualTo("--help\n");
    }

    @Test
    void help_namesEveryCommand() {
        Outcome outcome = larder.run("--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output())
                .contains("set", "get", "incr", "delete", "touch", "scan", "stats", "ping")
                .contains("--pipe", "--server");
        assertThat(larder.run("set", "--help").output()).contains("--ttl", "KEY VALUE");
    }
}

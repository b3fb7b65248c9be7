package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.cli.CliFixture.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code larder admin} and {@code larder top} against a server. */
@Timeout(60)
class AdminCliTest {
    private static CliFixture larder;

    @BeforeAll
    static void start() throws Exception {
        larder = new CliFixture();
    }

    @AfterAll
    static void stop() {
        larder.close();
    }

    private static Outcome admin(String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int exitCode =
                new AdminCli(
                                new PrintWriter(output, true, UTF_8),
                                new PrintWriter(errors, true, UTF_8))
                        .execute(arguments);
        return new Outcome(exitCode, output.toString(UTF_8), errors.toString(UTF_8));
    }

    private static Outcome ask(String... words) {
        return admin(
                Stream.concat(Stream.of("--server", larder.adminAddress()), Stream.of(words))
                        .toArray(String[]::new));
    }

    private static Outcome top(String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int exitCode =
                new TopCli(
                                new ByteArrayInputStream(new byte[0]),
                                output,
                                new PrintWriter(errors, true, UTF_8),
                                Terminals.STREAMS)
                        .execute(arguments);
        return new Outcome(exitCode, output.toString(UTF_8), errors.toString(UTF_8));
    }

    @Test
    void answer_isPrintedWithItsEnding() {
        larder.run("set", "a key", "v");

        assertThat(ask("ruok")).isEqualTo(new Outcome(0, "imok\n", ""));
        assertThat(ask("get", "a key")).isEqualTo(new Outcome(0, "v\nEND\n", ""));
        assertThat(ask("get \"a key\"")).isEqualTo(new Outcome(0, "v\nEND\n", ""));
        assertThat(ask("stats").output()).startsWith("STAT items ").endsWith("END\n");
    }

    @Test
    void errorOfTheServer_isPrinted_andExitsWith2() {
        Outcome outcome = ask("nonsense", "--of", "words");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output()).startsWith("ERROR unknown-command nonsense (expected: ");
    }

    @Test
    void serverThatIsNotThere_isOneLineAndExitsWith2() throws Exception {
        int port;
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        for (Outcome outcome :
                List.of(
                        admin("--server", "127.0.0.1:" + port, "ruok"),
                        top("--server", "127.0.0.1:" + port))) {
            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.errors())
                    .startsWith("ERROR not-connected 127.0.0.1:" + port + ": ")
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:x", ":7171", "host:70000", "host:-1"})
    void serverThatIsNoAddress_isNamed(String server) {
        assertThat(admin("--server", server, "ruok").errors())
                .isEqualTo("ERROR bad-argument --server: " + server + " (expected: HOST:PORT)\n");
    }

    @Test
    void noWord_orALineFeedInOne_isWrongUse() {
        assertThat(admin().errors()).startsWith("ERROR wrong-arguments ");
        assertThat(ask("ruok\nflush").errors()).startsWith("ERROR control-character ");
    }

    @Test
    void top_withoutAScreen_printsALineEachTime() {
        Outcome outcome = top("--server", larder.adminAddress(), "--interval", "1", "--count", "2");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.lines())
                .filteredOn(line -> line.contains("items"))
                .hasSize(2)
                .allMatch(line -> line.matches("items \\d+  memory .* of 16.0 MiB  hits/s .*"));
    }

    @Test
    void screen_fitsIntoWhatThereIs() throws Exception {
        try (AdminConnection connection =
                AdminConnection.open(larder.adminAddress(), new Access())) {
            TopSample before = TopSample.take(connection);
            TopSample now = TopSample.take(connection);

            List<String> whole = TopView.screen("here", before, now, 50, 200);
            List<String> small = TopView.screen("here", before, now, 5, 30);

            assertThat(whole)
                    .anyMatch(
                            line -> line.matches("memory       \\[#*\\.+] 1\\d\\d KiB of 16.0 MiB"))
                    .anyMatch(line -> line.startsWith("hot shards   "))
                    .anyMatch(line -> line.startsWith("command  "))
                    .anyMatch(line -> line.startsWith("default  "));
            assertThat(small).hasSize(5).allMatch(line -> line.length() <= 30);
        }
    }
}

package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.cli.CliFixture.Outcome;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
@Tag("slow")
class PipeTest {
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
    void lines_areAnsweredOneEach() {
        Outcome outcome =
                larder.pipe(
                        """
                        set k v
                        get k
                        get other
                        incr n
                        incr n 41
                        touch k 60000
                        touch other 60000
                        delete k
                        delete k
                        get k
                        ping
                        set t v --ttl 60000
                        set --ttl 60000 u v
                        get u
                        """);

        assertThat(outcome)
                .isEqualTo(new Outcome(0, "OK\nv\n\n1\n42\nOK\n\nOK\n\n\nOK\nOK\nOK\nv\n", ""));
    }

    @Test
    void nothing_isAnsweredByNothing() {
        assertThat(larder.pipe("")).isEqualTo(new Outcome(0, "", ""));
    }

    @Test
    void lastLine_withoutItsEnd_isAnswered() {
        assertThat(larder.pipe("set k v\r\nget k").lines()).containsExactly("OK", "v");
    }

    @Test
    void misses_exitWith0_andErrorsWith2() {
        assertThat(larder.pipe("get k\nget k\n").exitCode()).isZero();
        assertThat(larder.pipe("get k\nnonsense\nget k\n").exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense       | ERROR unknown-command nonsense (expected: set KEY VALUE",
                "``             | ERROR empty-line ",
                "scan           | ERROR not-in-pipe scan (expected: one answer line; use cli scan)",
                "stats          | ERROR not-in-pipe stats ",
                "get            | ERROR wrong-arguments 0 arguments (expected: get KEY)",
                "get a b        | ERROR wrong-arguments 2 arguments (expected: get KEY)",
                "set a          | ERROR wrong-arguments 1 arguments (expected: set KEY VALUE",
                "set a b c      | ERROR wrong-arguments 3 arguments (expected: set KEY VALUE",
                "set a b c d    | ERROR wrong-arguments 4 arguments (expected: set KEY VALUE",
                "set a b --ttl x | ERROR bad-number ttl: x (expected: 1..9223372036854775807)",
                "incr a b       | ERROR bad-number delta: b (expected: -9223372036854775808..",
                "touch a        | ERROR wrong-arguments 1 arguments (expected: touch KEY MILLIS)",
                "touch a 0      | ERROR bad-number millis: 0 (expected: 1..",
                "ping now       | ERROR wrong-arguments 1 arguments (expected: ping)",
                "get \"a        | ERROR bad-quoting get \"a: column 5 (expected: a closing",
                "get \"\"       | ERROR bad-argument ",
                "incr text      | ERROR not-a-number INCREMENT to ",
            })
    void wrongLine_isAnsweredByAnError_andTheNextOnesAreCarriedOut(String line, String error) {
        Outcome outcome = larder.pipe("set text abc\n" + line + "\nget text\n");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.lines()).hasSize(3).startsWith("OK").endsWith("abc");
        assertThat(outcome.lines().get(1)).startsWith(error);
    }

    @Test
    void wordsInQuotes_carryAnyBytes_andComeBackInQuotes() {
        Outcome outcome =
                larder.pipe(
                        """
                        set "a key" "line 1\\nline 2 \\x00\\xFF"
                        get "a key"
                        set empty ""
                        get empty
                        set error "ERROR x"
                        get error
                        set spaces " a b "
                        get spaces
                        """);

        assertThat(outcome.lines())
                .containsExactly(
                        "OK",
                        "\"line 1\\nline 2 \\x00\\xFF\"",
                        "OK",
                        "\"\"",
                        "OK",
                        "\"ERROR x\"",
                        "OK",
                        " a b ");
    }

    @Test
    void bytesThatAreNotUtf8_passUnchanged() {
        Outcome outcome = larder.pipe("set k\u00E9 \u00E9\nget k\u00E9\n".getBytes(ISO_8859_1));

        assertThat(outcome.lines()).containsExactly("OK", "\"\\xE9\"");
    }

    @Test
    void line_thatIsTooLong_isAnError_andTheNextOneIsCarriedOut() {
        String line = "set k " + "v".repeat(Pipe.LINE_BYTES_MAX);

        Outcome outcome = larder.pipe(line + "\r\nping\n");

        assertThat(outcome.lines())
                .containsExactly(
                        "ERROR line-too-long "
                                + (line.length() + 1)
                                + " bytes (expected: at most 8388608)",
                        "OK");
    }

    @Test
    void tenThousandLines_areAnsweredInTheirOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, String> expected = new HashMap<>();
        StringBuilder input = new StringBuilder();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            String key = "key" + random.nextInt(50);
            switch (random.nextInt(4)) {
                case 0 -> {
                    input.append("set ").append(key).append(' ').append(i).append('\n');
                    expected.put(key, String.valueOf(i));
                    answers.add("OK");
                }
                case 1 -> {
                    input.append("delete ").append(key).append('\n');
                    answers.add(expected.remove(key) == null ? "" : "OK");
                }
                case 2 -> {
                    input.append("incr ").append(key).append('\n');
                    answers.add(expected.merge(key, "1", PipeTest::plus));
                }
                default -> {
                    input.append("get ").append(key).append('\n');
                    answers.add(expected.getOrDefault(key, ""));
                }
            }
        }

        Outcome outcome = larder.pipe(input.toString());

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output().split("\n", -1))
                .as("seed %d", seed)
                .startsWith(answers.toArray(String[]::new))
                .hasSize(10_001);
    }

    private static String plus(String number, String one) {
        return String.valueOf(Long.parseLong(number) + Long.parseLong(one));
    }

    @Test
    void largeValues_inGreatNumber_areAnswered() {
        String value = "v".repeat(40_000);
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            input.append("set k").append(i % 20).append(' ').append(i).append(value).append('\n');
            input.append("get k").append(i % 20).append('\n');
        }

        List<String> lines = larder.pipe(input.toString()).lines();

        for (int i = 0; i < 300; i++) {
            assertThat(lines.get(2 * i)).isEqualTo("OK");
            assertThat(lines.get(2 * i + 1)).isEqualTo(i + value);
        }
    }

    @Test
    void answers_comeWhileTheInputIsOpen() throws Exception {
        PipedOutputStream keyboard = new PipedOutputStream();
        PipedInputStream screen = new PipedInputStream();
        LarderCli cli =
                new LarderCli(
                        new PipedInputStream(keyboard),
                        new PipedOutputStream(screen),
                        new PrintWriter(System.err, true, UTF_8),
                        Terminals.STREAMS);
        CompletableFuture<Integer> exitCode =
                CompletableFuture.supplyAsync(
                        () -> cli.execute("--server", larder.address(), "--pipe"));
        BufferedReader reader = new BufferedReader(new InputStreamReader(screen, UTF_8));

        for (int i = 0; i < 10; i++) {
            keyboard.write("incr n\n".getBytes(UTF_8));
            keyboard.flush();
            assertThat(reader.readLine()).isEqualTo(String.valueOf(i + 1));
        }
        keyboard.close();

        assertThat(exitCode.get()).isZero();
    }

    @Test
    void outputThatIsClosed_endsTheRunWith2() {
        OutputStream closed =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                };
        StringWriter errors = new StringWriter();
        LarderCli cli =
                new LarderCli(
                        new ByteArrayInputStream("ping\n".repeat(5_000).getBytes(UTF_8)),
                        closed,
                        new PrintWriter(errors, true),
                        Terminals.STREAMS);

        assertThat(cli.execute("--server", larder.address(), "--pipe")).isEqualTo(2);
        assertThat(errors.toString()).isEqualTo("ERROR broken-pipe Broken pipe\n");
    }

    @Test
    void serverThatGoes_leavesAnErrorForEachLine() throws Exception {
        PipedOutputStream keyboard = new PipedOutputStream();
        PipedInputStream screen = new PipedInputStream(1 << 20);
        LarderCli cli =
                new LarderCli(
                        new PipedInputStream(keyboard),
                        new PipedOutputStream(screen),
                        new PrintWriter(System.err, true, UTF_8),
                        Terminals.STREAMS);
        CompletableFuture<Integer> exitCode =
                CompletableFuture.supplyAsync(
                        () -> cli.execute("--server", larder.address(), "--pipe"));
        BufferedReader reader = new BufferedReader(new InputStreamReader(screen, UTF_8));
        keyboard.write("ping\n".getBytes(UTF_8));
        keyboard.flush();
        assertThat(reader.readLine()).isEqualTo("OK");

        larder.close();
        keyboard.write("get k\n".repeat(200).getBytes(UTF_8));
        keyboard.close();

        for (int i = 0; i < 200; i++) {
            assertThat(reader.readLine()).matches("ERROR (not-connected|connection-lost) .*");
        }
        assertThat(exitCode.get()).isEqualTo(2);
    }
}

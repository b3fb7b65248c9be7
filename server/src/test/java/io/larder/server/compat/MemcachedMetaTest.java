package io.larder.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The meta commands. The expected answers of {@link #lines_areAnsweredAsMemcachedDoes} are those of
 * memcached 1.6.18 to the same bytes.
 */
@Timeout(60)
class MemcachedMetaTest {
    private static final Pattern VERSION = Pattern.compile(" c([0-9]+)");

    private static CompatServer server;

    private Line client;
    private Line other;

    @BeforeAll
    static void start() throws Exception {
        server = new CompatServer("listeners.memcached.port=0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = new Line();
        other = new Line();
        assertThat(client.ask("flush_all")).isEqualTo("OK");
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
        other.close();
    }

    /** A connection that asks one line, or a line and its data, and reads what comes up to MN. */
    private static final class Line implements AutoCloseable {
        private final Socket socket = new Socket("127.0.0.1", server.port("memcached"));
        private final BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.ISO_8859_1));

        Line() throws IOException {
            socket.setSoTimeout(20_000);
        }

        /** Lines are parted by {@code |} both ways. */
        String ask(String lines) throws IOException {
            String bytes = lines.replace("|", "\r\n") + "\r\nmn\r\n";
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            for (String line = reader.readLine();
                    line != null && !line.equals("MN");
                    line = reader.readLine()) {
                answer.append(answer.isEmpty() ? "" : "|").append(line);
            }
            return answer.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String version(String answer) {
        Matcher matcher = VERSION.matcher(answer);
        assertThat(matcher.find()).as(answer).isTrue();
        return matcher.group(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "mg a|mg a k O7 q|mg a k O7 => EN|EN ka O7",
                "ms a 3 T90 F5|abc|mg a s v t f k O7|mg a" + " => HD|VA 3 s3 t90 f5 ka O7|abc|HD",
                "ms a 3 T90|abc|mg a t T30 |mg a T60 t => HD|HD t90|HD t60",
                "ms a 1 q|x|ms a 1 q ME|y|ms b 1 q MR k|y|md a q|md a q|mg a q" + " => NS|NS kb|NF",
                "ms a 1 MA|x|ms a 1 ME|x|ms a 1 MA k|y|ms a 1 MP|w|mg a v"
                        + " => NS|HD|HD ka|HD|VA 3|wxy",
                "ms a 1 C5 c|x|ms a 1|x|ms a 1 C5 c|y|ms a 1 MA C5|y|ms b 1 MA C5|y|ms c 1 ME C5|y"
                        + " => NF c0|HD|EX c0|EX|NS|HD",
                "md a|ms a 1|x|md a C5|md a C5 I|md a k O1|mg a" + " => NF|HD|EX|EX|HD ka O1|EN",
                "ma n|ma n N0 J5 D3 v t|ma n N0 J5 D3 v|ma n T30 v t|ma n MD D99 v|ma n M- q|ma n c C5"
                        + " => NF|VA 1 t-1|5|VA 1|8|VA 1 t30|9|VA 1|0|EX",
                "ma n N0 q|ma n q|ma n v k O1 => HD|VA 1 kn O1|2",
                "ms n 1|a|ma n q|ma n Mx|ma n D-1|ma n MD D"
                        + " => HD|CLIENT_ERROR cannot increment or decrement non-numeric value"
                        + "|CLIENT_ERROR invalid mode for ma M token"
                        + "|CLIENT_ERROR invalid or duplicate flag"
                        + "|CLIENT_ERROR invalid or duplicate flag",
                "ms Zm9v 2 b k O1|hi|mg Zm9v b k v|get foo|mg Zm9v k|md Zm9v k b"
                        + " => HD kZm9v b O1|VA 2 kZm9v b|hi|VALUE foo 0 2|hi|END|EN kZm9v"
                        + "|HD kZm9v b",
                "mg Zm9 b|mg !!!! b|ms Zm9 2 b|hi"
                        + " => CLIENT_ERROR error decoding key|CLIENT_ERROR error decoding key"
                        + "|CLIENT_ERROR error decoding key",
                "mg a v v|mg a w|mg a Tx|mg a N|md a w|ms a 1 MA MA|x"
                        + " => CLIENT_ERROR duplicate flag|CLIENT_ERROR invalid flag"
                        + "|CLIENT_ERROR bad token in command line format"
                        + "|CLIENT_ERROR bad token in command line format"
                        + "|CLIENT_ERROR invalid or duplicate flag|CLIENT_ERROR duplicate flag",
                "mg a Jx|mg a Dx|mg a Fx|mg a Fx b|mg a b Fx|mg a \u00ff => CLIENT_ERROR invalid"
                        + " numeric initial value|CLIENT_ERROR invalid numeric delta value"
                        + "|CLIENT_ERROR bad command line format|CLIENT_ERROR error decoding key"
                        + "|CLIENT_ERROR error decoding key|CLIENT_ERROR duplicate flag",
                "mg a b O01234567890123456789012345678901|md a O01234567890123456789012345678901"
                        + " => CLIENT_ERROR error decoding key|CLIENT_ERROR opaque token too long",
                "ms a 0||ma a C5 => HD|CLIENT_ERROR cannot increment or decrement non-numeric"
                        + " value",
                "ms a 1 MX|x|ms a 1 MSX|x|ms a 1 F-1|x|ms a 1 C-1|x|mg a"
                        + " => CLIENT_ERROR invalid mode for ms M token"
                        + "|CLIENT_ERROR incorrect length for M token"
                        + "|CLIENT_ERROR bad command line format"
                        + "|CLIENT_ERROR bad token in command line format|EN",
                "ms a 3|abcd|ms a -1|ms a x|ms a|ms"
                        + " => CLIENT_ERROR bad data chunk|ERROR"
                        + "|CLIENT_ERROR bad command line format"
                        + "|CLIENT_ERROR bad command line format"
                        + "|CLIENT_ERROR bad command line format|ERROR",
                "mg a O12345678901234567890123456789012" + " => CLIENT_ERROR opaque token too long",
                "mg a 1 2 3 4 5 6 7 8 9 0 a b c d e f g h"
                        + " => CLIENT_ERROR options flags are too long",
                "mg|md|ma|me|me a => ERROR|ERROR|ERROR|CLIENT_ERROR bad command line format|EN",
                "ms a 1|x|mg a h u|mg a h|mg a h => HD|HD h0|HD h0|HD h1",
                "ms a 1 T10|x|mg a R10|mg a R11 t|mg a R11|mg a|ms a 1 T10|y|mg a"
                        + " => HD|HD|HD t10 W|HD Z|HD Z|HD|HD",
                "ma a N60 T30 t|mg a t|ma b T30 t N60|mg b t|ma b N60 T40 t|ma c N0 T30|mg c t"
                        + " => HD t30|HD t30|HD t30|HD t60|HD t40|HD|HD t30",
                "ms a 1 T50|x|mg a R60 T100|ms b 1 T50|x|mg b T100 R60|ms c 1|x|mg c R200 T100"
                        + " => HD|HD W|HD|HD|HD|HD",
                "ms a 1|x|md a I T30|mg a t v|mg a v|ms a 1|y|mg a t v"
                        + " => HD|HD|VA 1 t30 X W|x|VA 1 Z X|x|HD|VA 1 t-1|y",
                "ms a 1|x|md a I T-1|mg a => HD|HD|EN",
            })
    void lines_areAnsweredAsMemcachedDoes(String lines, String answer) throws IOException {
        assertThat(client.ask(lines)).isEqualTo(answer == null ? "" : answer);
    }

    @Test
    void version_decidesWhetherIsStored_orDeleted() throws IOException {
        String version = version(client.ask("ms a 1 c|x"));

        assertThat(client.ask("ms a 1 C" + version + " S|y")).startsWith("CLIENT_ERROR");
        String newer = version(client.ask("ms a 1 c C" + version + "|y"));
        assertThat(client.ask("ms a 1 C" + version + "|z|ma a C" + version)).isEqualTo("EX|EX");
        assertThat(client.ask("md a C" + version + "|md a C" + newer)).isEqualTo("EX|HD");
    }

    @Test
    void miss_grantsOneLease_andItsTokenStores() throws IOException {
        String won = client.ask("mg a s c v N30 t f k");
        assertThat(won).matches("VA 0 s0 c[1-9][0-9]* t30 f0 ka W\\|");
        assertThat(other.ask("mg a v t N30")).isEqualTo("VA 0 t30 Z|");
        assertThat(other.ask("mg a v|get a")).as("nothing is stored").isEqualTo("EN|END");
        assertThat(other.ask("ms a 1 C5000|n")).isEqualTo("EX");

        assertThat(client.ask("ms a 2 T120 C" + version(won) + "|mu")).isEqualTo("HD");

        assertThat(other.ask("mg a v N30")).isEqualTo("VA 2|mu");
        assertThat(client.ask("ms a 2 C" + version(won) + "|no")).as("used").isEqualTo("EX");
    }

    @Test
    void lease_isVoid_onceTheKeyWasWrittenOrDeleted() throws IOException {
        String written = version(client.ask("mg a c N30"));
        String deleted = version(client.ask("mg b c N30"));
        assertThat(other.ask("set a 0 0 1|w|delete b")).isEqualTo("STORED|NOT_FOUND");

        assertThat(client.ask("ms a 1 C" + written + "|s|ms b 1 C" + deleted + "|s"))
                .isEqualTo("EX|NF");
        assertThat(client.ask("mg a v|mg b v")).isEqualTo("VA 1|w|EN");
    }

    @Test
    void lease_ofAConnectionThatGoes_isTheNextOnes() throws Exception {
        assertThat(client.ask("mg a N60")).isEqualTo("HD W");
        assertThat(other.ask("mg a N60")).isEqualTo("HD Z");

        client.close();

        String answer = other.ask("mg a N60");
        while (answer.equals("HD Z")) {
            answer = other.ask("mg a N60"); // the server has yet to see it
        }
        assertThat(answer).isEqualTo("HD W");
    }

    @Test
    void staleValue_isServedToAll_andLoadedByOne() throws IOException {
        client.ask("ms a 3|moo");
        assertThat(client.ask("md a I T30")).isEqualTo("HD");

        String won = client.ask("mg a t c v");
        assertThat(won).matches("VA 3 t30 c[0-9]+ X W\\|moo");
        assertThat(other.ask("mg a v")).isEqualTo("VA 3 Z X|moo");

        assertThat(client.ask("ms a 1 C" + version(won) + " T90|g")).isEqualTo("HD");
        assertThat(other.ask("mg a t v")).isEqualTo("VA 1 t90|g");
    }

    @Test
    void olderVersion_withI_isStoredAsStale_andDoesNotLastLonger() throws IOException {
        String older = version(client.ask("ms a 3 c|moo"));
        client.ask("md a I T30");
        assertThat(client.ask("mg a")).isEqualTo("HD X W");

        assertThat(client.ask("ms a 1 C" + older + " T90|f")).isEqualTo("EX");
        assertThat(client.ask("ms a 1 I C" + older + " T90|f")).isEqualTo("HD");

        assertThat(client.ask("mg a t v"))
                .as("whoever loads it, still does")
                .isEqualTo("VA 1 t30 Z X|f");
    }

    @Test
    void callersVersion_isToldAndCompared_untilTheNextChangeWithoutOne() throws IOException {
        assertThat(client.ask("ms a 1 E77 c|5")).isEqualTo("HD c77");
        assertThat(client.ask("mg a c")).isEqualTo("HD c77");
        assertThat(client.ask("ms a 1 C76|6|ms a 1 C77 E78 c|6")).isEqualTo("EX|HD c78");
        assertThat(client.ask("ma a C78 E79 c v")).isEqualTo("VA 1 c79|7");
        assertThat(client.ask("ms a 1 MA C79 E80 c|0|md a C79")).isEqualTo("HD c80|EX");
        assertThat(client.ask("md a I C80 E81|mg a c v")).isEqualTo("HD|VA 2 c81 X W|70");

        assertThat(client.ask("incr a 1|append a 0 0 1|1")).isEqualTo("71|STORED");

        assertThat(version(client.ask("mg a c"))).hasSizeGreaterThan(2);
        assertThat(client.ask("md a C81")).isEqualTo("EX");
    }

    @Test
    void unusedTime_isCountedFromTheWrite() throws IOException {
        client.ask("ms a 1 T100|x");

        assertThat(client.ask("mg a l|mg a s")).isEqualTo("HD l0|HD s1");
        assertThat(client.ask("me a"))
                .matches("ME a exp=100 la=0 cas=[0-9]+ fetch=yes cls=1 size=2");
    }

    @Test
    void tooLargeValue_isRefused_andTheOldOneIsGone() throws IOException {
        String value = "x".repeat((1 << 20) + 1);

        assertThat(client.ask("ms a 1|x|ms a " + value.length() + " q|" + value + "|mg a"))
                .isEqualTo("HD|SERVER_ERROR object too large for cache|EN");
    }

    @Test
    void pipelinedCommands_areAnsweredInOrder() throws IOException {
        StringBuilder lines = new StringBuilder();
        StringBuilder answers = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            lines.append("ms k%d 4|%04d|mg k%d v O%d|".formatted(i, i, i, i));
            answers.append("HD|VA 4 O%d|%04d|".formatted(i, i));
        }
        assertThat(client.ask(lines + "mg no")).isEqualTo(answers + "EN");
    }
}

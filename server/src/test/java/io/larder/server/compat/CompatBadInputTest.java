package io.larder.server.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.compat.CompatFuzzTest.ItemsOnly;
import io.larder.server.compat.memcached.Memcached;
import io.larder.server.compat.resp.Resp;
import io.larder.server.net.NetConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no client sends is answered in the protocol's own words, or ends the connection, and makes
 * it hold no more than it was sent and 64 KiB.
 */
@Tag("slow")
@Timeout(60)
class CompatBadInputTest {
    private static final int SLACK_BYTES = 64 << 10;
    private static final int PIECE_BYTES = 4 << 10;
    private static final int SENT_BYTES_MAX = 1 << 20;

    private static ItemsOnly store;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeAll
    static void open() {
        store = new ItemsOnly();
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @AfterEach
    void disconnect() {
        channel.finishAndReleaseAll();
    }

    private void connect(String protocol) {
        ConversationFactory factory =
                protocol.equals("resp")
                        ? new Resp(store.services())
                        : new Memcached(store.services());
        channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        channel.pipeline()
                .addLast(new CompatConnection(NetConfig.DEFAULT, store.services(), factory));
    }

    private long heldBytes() {
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }

    /** Sends bytes in one read batch; what was answered, parted by bars. */
    private String ask(byte[] bytes) {
        channel.writeInbound(allocator.directBuffer(bytes.length).writeBytes(bytes));
        StringBuilder answers = new StringBuilder();
        for (ByteBuf reply = channel.readOutbound();
                reply != null;
                reply = channel.readOutbound()) {
            answers.append(reply.toString(ISO_8859_1));
            reply.release();
        }
        return answers.toString().replace("\r\n", "|");
    }

    private String ask(String text) {
        return ask(text.getBytes(ISO_8859_1));
    }

    private static String binary(int opcode, int keyBytes, int extrasBytes, long bodyBytes) {
        StringBuilder header = new StringBuilder();
        header.append((char) 0x80).append((char) opcode);
        header.append((char) (keyBytes >> 8)).append((char) (keyBytes & 0xff));
        header.append((char) extrasBytes).append("\0\0\0");
        for (int shift = 24; shift >= 0; shift -= 8) {
            header.append((char) (bodyBytes >> shift & 0xff));
        }
        return header.append("\0".repeat(12)).toString();
    }

    /** What is said first, and what then comes without end. */
    static Stream<Arguments> claims() {
        return Stream.of(
                Arguments.of("memcached", "", "x"),
                Arguments.of("memcached", "", " "),
                Arguments.of("memcached", "", "\0"),
                Arguments.of("memcached", "", "\r"),
                Arguments.of("memcached", "mg a ", "O1 "),
                Arguments.of("memcached", "set a 0 0 ", "0"),
                Arguments.of("memcached", "set a 0 0 2147483645\r\n", "x"),
                Arguments.of("memcached", "ms a 2147483645\r\n", "x"),
                Arguments.of("memcached", "set a 0 0 -1\r\n", "x\r\n"),
                Arguments.of("memcached", "set a 0 0 99999999999999999999\r\n", "x\r\n"),
                Arguments.of("memcached", "", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
                Arguments.of("memcached", binary(0x01, 1, 8, 0xffff_ffffL), "x"),
                Arguments.of("memcached", binary(0x01, 1, 8, 0x8000_0000L), "x"),
                Arguments.of("memcached", binary(0x00, 0xffff, 0, 0xffffL), "x"),
                Arguments.of("memcached", binary(0x1f, 0, 0, 0xffff_ffffL), "x"),
                Arguments.of("resp", "", "x"),
                Arguments.of("resp", "", "\""),
                Arguments.of("resp", "", "\0"),
                Arguments.of("resp", "*", "1"),
                Arguments.of("resp", "*1\r\n$", "1"),
                Arguments.of("resp", "*-2147483649\r\n", "x"),
                Arguments.of("resp", "*1048576\r\n", "$-1\r\n"),
                Arguments.of("resp", "*1048577\r\n", "$1\r\na\r\n"),
                Arguments.of("resp", "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$9999999999\r\n", "x"),
                Arguments.of("resp", "", "*1\r\n"),
                Arguments.of("resp", "", "*1000000\r\n*1000000\r\n"),
                Arguments.of("resp", "", "POST / HTTP/1.1\r\nHost: x\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("claims")
    void whatNeverEnds_isNotKept(String protocol, String first, String then) {
        connect(protocol);
        ask(first);
        byte[] piece = then.repeat(PIECE_BYTES / then.length()).getBytes(ISO_8859_1);
        long mostBytes = 0;

        for (int sent = 0; sent < SENT_BYTES_MAX && channel.isOpen(); sent += piece.length) {
            ask(piece);
            mostBytes = Math.max(mostBytes, heldBytes());
        }

        assertThat(mostBytes).isLessThanOrEqualTo(3L * SLACK_BYTES);
        assertThat(heldBytes()).isLessThanOrEqualTo(3L * SLACK_BYTES);
    }

    @ParameterizedTest
    @CsvSource({"memcached, mn, MN", "resp, PING, +PONG"})
    void inputWhoseEveryReadEndsInARequest_doesNotGrow(String protocol, String ask, String answer) {
        connect(protocol);
        String begin = ask.substring(0, 1);
        String piece = ask.substring(1) + ("\r\n" + ask).repeat(500) + "\r\n" + begin;
        assertThat(ask(begin)).isEmpty();

        for (int sent = 0; sent < SENT_BYTES_MAX; sent += piece.length()) {
            assertThat(ask(piece)).isEqualTo((answer + "|").repeat(501));
            assertThat(heldBytes()).isLessThanOrEqualTo(3L * SLACK_BYTES);
        }
    }

    @Test
    void roomOfALongRequest_isNotKeptForTheNextOne() {
        connect("resp");
        String value = "x".repeat(1 << 20);

        assertThat(ask("*2\r\n$4\r\nECHO\r\n$1048576\r\n" + value + "\r\nPI"))
                .hasSize(value.length() + 10);
        assertThat(heldBytes()).isLessThanOrEqualTo(SLACK_BYTES);
        assertThat(ask("NG\r\n")).isEqualTo("+PONG|");
    }

    /** Requests that claim to be long and have hardly begun. */
    static Stream<Arguments> begun() {
        return Stream.of(
                Arguments.of("memcached", "set a 0 0 1000000\r\nx"),
                Arguments.of("memcached", "ms a 1000000\r\nx"),
                Arguments.of("memcached", binary(0x01, 1, 8, 1_000_000) + "x"),
                Arguments.of("resp", "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1000000\r\nx"),
                Arguments.of("resp", "*1000000\r\n$3\r\nDEL\r\n"),
                Arguments.of("resp", "*1000000\r\n"));
    }

    @ParameterizedTest
    @MethodSource("begun")
    void length_isNotBelievedBeforeTheBytesHaveCome(String protocol, String begin) {
        connect(protocol);

        ask(begin);

        assertThat(channel.isOpen()).isTrue();
        assertThat(heldBytes()).isLessThanOrEqualTo(begin.length() + SLACK_BYTES);
    }

    @Test
    void arrayOfAMillion_isHeldOnceWhileItComes_andNotAfterwards() {
        connect("resp");
        byte[] piece = "$1\r\na\r\n".repeat(1000).getBytes(ISO_8859_1);
        assertThat(ask("*1000001\r\n$6\r\nEXISTS\r\n")).isEmpty();
        String answer = "";

        for (int i = 0; i < 1000; i++) {
            assertThat(answer).isEmpty();
            answer = ask(piece);
            long sent = (long) (i + 1) * piece.length;
            assertThat(heldBytes()).isLessThanOrEqualTo(2 * sent + SLACK_BYTES);
        }

        assertThat(answer).isEqualTo(":0|");
        assertThat(heldBytes()).isLessThanOrEqualTo(SLACK_BYTES);
        assertThat(ask("PING\r\n")).isEqualTo("+PONG|");
    }

    @Test
    void controlCharactersInKeys_areBytesOfTheKey_orPartTheLine() {
        connect("memcached");
        assertThat(ask("set \1\2\177 0 0 1\r\nx\r\nget \1\2\177\r\n"))
                .isEqualTo("STORED|VALUE \1\2\177 0 1|x|END|");
        assertThat(ask("get a\nget b\r\nset a\tb 0 0 1\r\ny\r\nget a\tb\r\n"))
                .isEqualTo("END|END|STORED|VALUE a\tb 0 1|y|END|");
        assertThat(ask("set a 0 0 2\r\n\r\n\r\nget a\r\ndelete a\r\n"))
                .isEqualTo("STORED|VALUE a 0 2|||END|DELETED|");
    }

    @Test
    void lineEndsInKeys_neverPartAReply() {
        connect("resp");
        byte[] set = "*3\r\n$3\r\nSET\r\n$4\r\na\r\nb\r\n$4\r\n\r\n\r\n\r\n".getBytes(ISO_8859_1);
        assertThat(ask(set)).isEqualTo("+OK|");
        assertThat(ask("*2\r\n$3\r\nGET\r\n$4\r\na\r\nb\r\nPING\r\n")).isEqualTo("$4||||+PONG|");
        assertThat(ask("*1\r\n$6\r\nA\r\n+OK\r\n*2\r\n$6\r\nCLIENT\r\n$4\r\nx\r\ny\r\nPING\r\n"))
                .isEqualTo(
                        "-ERR unknown command 'A  +OK': this is a cache of plain values, it has"
                                + " neither that command nor its type|-ERR unknown subcommand 'x  y'."
                                + " Try CLIENT HELP.|+PONG|");
    }

    @Test
    void nestedArrays_areAProtocolError() {
        connect("resp");
        assertThat(ask("PING\r\n" + "*1\r\n".repeat(10_000)))
                .isEqualTo("+PONG|-ERR Protocol error: expected '$', got '*'|");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void everyByteAsTheFirst_isAnsweredOrEndsTheConnection() {
        for (String protocol : new String[] {"memcached", "resp"}) {
            for (int first = 0; first < 256; first++) {
                connect(protocol);
                byte[] bytes = new byte[64];
                Arrays.fill(bytes, (byte) first);
                bytes[62] = '\r';
                bytes[63] = '\n';

                String answer = ask(bytes);

                boolean isAwaitingMore = first == 0x80 || "*\r\n \0\t\013\f".indexOf(first) >= 0;
                assertThat(
                                answer.startsWith("ERROR|")
                                        || answer.startsWith("-ERR ")
                                        || isAwaitingMore)
                        .as("%s, byte %s: %s", protocol, first, answer)
                        .isTrue();
                channel.finishAndReleaseAll();
            }
        }
        assertThat(heldBytes()).isZero();
    }
}

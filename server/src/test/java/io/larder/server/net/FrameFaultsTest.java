package io.larder.server.net;

import static io.larder.protocol.ExtensionType.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.GoldenVectors;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.larder.server.command.CommandLimits;
import io.larder.server.command.ReplyFrame;
import io.larder.server.command.RequestFrame;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are wrong get a clear answer; what can go on goes on, what cannot is closed. */
class FrameFaultsTest {
    private static final int BODY_BYTES_MAX = CommandLimits.DEFAULT.bodyBytesMax();

    private static BinaryServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new BinaryServer();
    }

    @AfterAll
    static void stop() {
        assertThat(server.errors.count()).isZero();
        server.close();
    }

    private static byte[] header(int keyBytes, long bodyBytes, int extensionBytes) {
        byte[] bytes = RequestFrame.of(Opcode.SET).id(32).bytes();
        ByteBuffer.wrap(bytes)
                .putShort(6, (short) keyBytes)
                .putInt(12, (int) bodyBytes)
                .putShort(22, (short) extensionBytes);
        return bytes;
    }

    private static void assertUsable(RawClient client) throws IOException {
        assertThat(client.ask(RequestFrame.get("absent")).status()).isEqualTo(Status.MISS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fatal_badMagic", "fatal_badFrame"})
    void goldenFault_isAnsweredAsWrittenAndClosed(String name) throws IOException {
        try (RawClient client = RawClient.greeted(server.port())) {
            client.send(GoldenVectors.load(name).request());
            assertThat(client.replyBytes()).isEqualTo(GoldenVectors.load(name).reply());
            assertThat(client.untilClosed()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0x00, BAD_MAGIC",
        "0, 0xD2, BAD_MAGIC",
        "0, 0xD3, BAD_MAGIC",
        "0, 0xFF, BAD_MAGIC",
        "1, 0x00, BAD_VERSION",
        "1, 0x02, BAD_VERSION",
        "1, 0xFF, BAD_VERSION"
    })
    void wrongMagicOrVersion_isFatal(int offset, String octet, Status status) throws IOException {
        byte[] request = RequestFrame.get("k").bytes();
        request[offset] = Integer.decode(octet).byteValue();
        try (RawClient client = RawClient.greeted(server.port())) {
            client.send(request);
            List<ReplyFrame> replies = client.untilClosed();
            assertThat(replies).extracting(ReplyFrame::status).containsExactly(status);
            assertThat(replies.get(0).id()).isZero();
            assertThat(replies.get(0).text()).contains("(expected: ");
        }
    }

    @Test
    void repliesBeforeAFault_areSentFirst() throws IOException {
        try (RawClient client = RawClient.greeted(server.port())) {
            byte[] row = RequestFrame.row(RequestFrame.get("k").id(4), RequestFrame.get("k"));
            row[row.length - 25] = 0x47;
            client.send(row);
            assertThat(client.untilClosed())
                    .extracting(ReplyFrame::status)
                    .containsExactly(Status.MISS, Status.BAD_MAGIC);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // key length, body length, extension length
        "1, 0, 0",
        "0, 0, 1",
        "4095, 4094, 0",
        "0x7FFF, 0x7FFE, 0",
        "0x8000, 0x7FFF, 0",
        "0xFFFF, 0xFFFE, 0",
        "0, 0x7FFF, 0x8000",
        "0xFFFF, 0xFFFF, 0xFFFF",
        "1, 0xFFFF, 0xFFFF",
    })
    void lengthsBeyondTheBody_areFatal(String key, String body, String extension)
            throws IOException {
        try (RawClient client = RawClient.greeted(server.port())) {
            client.send(header(Integer.decode(key), Long.decode(body), Integer.decode(extension)));
            assertThat(client.untilClosed())
                    .extracting(ReplyFrame::status)
                    .containsExactly(Status.BAD_FRAME);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 100_000})
    void bodyOverTheLimit_isDrainedAndTheConnectionKept(long over) throws IOException {
        long bodyBytes = BODY_BYTES_MAX + over;
        try (RawClient client = RawClient.greeted(server.port())) {
            client.send(header(1, bodyBytes, 0));
            ReplyFrame reply = client.reply();
            assertThat(reply.status()).isEqualTo(Status.TOO_LARGE);
            assertThat(reply.number(LIMIT)).isEqualTo(BODY_BYTES_MAX);
            assertThat(reply.id()).isEqualTo(32);
            assertThat(reply.text())
                    .isEqualTo(
                            "bodyLength: " + bodyBytes + " (expected: 0.." + BODY_BYTES_MAX + ")");
            client.send(new byte[(int) bodyBytes]);
            assertUsable(client);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0x7FFFFFFFL, 0x80000000L, 0x80000001L, 0xFFFFFFFFL})
    void bodyOfUpToFourGigabytes_isRefusedFromItsHeader(long bodyBytes) throws IOException {
        long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        try (RawClient client = RawClient.greeted(server.port())) {
            client.send(header(1, bodyBytes, 0));
            assertThat(client.reply().status()).isEqualTo(Status.TOO_LARGE);
            client.send(new byte[1 << 20]);
        }
        long after = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        assertThat(after - before).isLessThan(32 << 20);
    }

    @Test
    void goldenTooLarge_isAnsweredAsWritten() throws IOException {
        try (RawClient client = RawClient.greeted(server.port())) {
            client.send(GoldenVectors.load("error_tooLarge").request());
            assertThat(client.replyBytes()).isEqualTo(GoldenVectors.load("error_tooLarge").reply());
        }
    }

    @Test
    void bodyOfTheLimit_isTakenInAndItsValueJudged() throws IOException {
        try (RawClient client = RawClient.greeted(server.port())) {
            byte[] value = new byte[BODY_BYTES_MAX - 1];
            ReplyFrame reply = client.ask(RequestFrame.of(Opcode.SET, "k").value(value));
            assertThat(reply.status()).isEqualTo(Status.TOO_LARGE);
            assertThat(reply.number(LIMIT)).isEqualTo(CommandLimits.DEFAULT.valueBytesMax());
            assertUsable(client);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4096, 0x8000, 0xFFFF})
    void keyOfAWrongLength_isRefusedAndTheConnectionKept(int keyBytes) throws IOException {
        try (RawClient client = RawClient.greeted(server.port())) {
            ReplyFrame reply = client.ask(RequestFrame.of(Opcode.GET).key(new byte[keyBytes]));
            assertThat(reply.status()).isEqualTo(Status.KEY_LENGTH);
            assertThat(reply.number(LIMIT)).isEqualTo(ProtocolLimits.KEY_BYTES_MAX);
            assertUsable(client);
        }
    }

    @Test
    void unknownOpcodeOrExtension_isRefusedAndTheConnectionKept() throws IOException {
        try (RawClient client = RawClient.greeted(server.port())) {
            assertThat(client.ask(RequestFrame.of(0x66).value(new byte[70_000])).status())
                    .isEqualTo(Status.UNKNOWN_OPCODE);
            assertThat(client.ask(RequestFrame.get("k").with(0xFF, new byte[9])).status())
                    .isEqualTo(Status.UNKNOWN_EXTENSION);
            assertUsable(client);
        }
    }

    @Test
    void anythingBeforeHello_isRefusedAndClosed() throws IOException {
        byte[] large = RequestFrame.hello().bytes();
        ByteBuffer.wrap(large).putInt(12, 4097);
        byte[] get = RequestFrame.get("k").bytes();
        for (byte[] first : List.of(large, get)) {
            try (RawClient client = new RawClient(server.port())) {
                client.send(first);
                assertThat(client.untilClosed())
                        .extracting(ReplyFrame::status)
                        .containsExactly(Status.HELLO_REQUIRED);
            }
        }
    }

    @Test
    void helloAndRequestsInOneWrite_areAllAnswered() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            byte[] value = new byte[50_000];
            client.send(
                    RequestFrame.row(
                            RequestFrame.of(Opcode.PING).id(1),
                            RequestFrame.hello().id(2),
                            RequestFrame.of(Opcode.SET, "first").value(value).id(3),
                            RequestFrame.of(Opcode.NOOP).id(4)));
            for (int id = 1; id <= 4; id++) {
                ReplyFrame reply = client.reply();
                assertThat(reply.id()).isEqualTo(id);
                assertThat(reply.status()).isEqualTo(Status.OK);
            }
        }
    }

    @Test
    void requestsInAnyPieces_areAnsweredTheSame() throws IOException {
        byte[] row =
                RequestFrame.row(
                        RequestFrame.set("pieces", "value").id(1),
                        RequestFrame.get("pieces").id(2),
                        RequestFrame.of(Opcode.SET, "big").value(new byte[10_000]).id(3),
                        RequestFrame.get("big").id(4));
        Random random = new Random(5);
        try (RawClient client = RawClient.greeted(server.port())) {
            for (int round = 0; round < 40; round++) {
                int at = 0;
                while (at < row.length) {
                    int next = Math.min(row.length, at + 1 + random.nextInt(1 << (round % 14)));
                    client.send(row, at, next);
                    at = next;
                }
                assertThat(client.reply().id()).isEqualTo(1);
                assertThat(client.reply().text()).isEqualTo("value");
                assertThat(client.reply().id()).isEqualTo(3);
                assertThat(client.reply().value()).hasSize(10_000);
            }
        }
    }

    @Test
    void garbage_neverStopsTheServer() throws IOException {
        Random random = new Random(20260102);
        for (int round = 0; round < 60; round++) {
            byte[] garbage = new byte[random.nextInt(1, 2000)];
            random.nextBytes(garbage);
            garbage[0] = (byte) (random.nextBoolean() ? 0xD1 : garbage[0]);
            try (RawClient client = RawClient.greeted(server.port())) {
                client.send(garbage);
            }
        }
        try (RawClient client = RawClient.greeted(server.port())) {
            assertUsable(client);
        }
    }
}

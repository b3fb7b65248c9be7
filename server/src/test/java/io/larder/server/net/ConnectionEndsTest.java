package io.larder.server.net;

import static io.larder.protocol.ExtensionType.LIMIT;
import static io.larder.protocol.ExtensionType.RETRY_AFTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.command.ReplyFrame;
import io.larder.server.command.RequestFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections end: by a deadline, a limit, the client, or the server's own end. */
class ConnectionEndsTest {
    private static NetConfig config(
            int connectionsMax, long helloMillis, long frameMillis, long idleMillis) {
        return new NetConfig(
                "127.0.0.1",
                0,
                1,
                connectionsMax,
                helloMillis,
                frameMillis,
                idleMillis,
                0,
                256 << 10,
                64 << 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 23, 24, 30})
    void halfAFrameThenSilence_isFrameTimeoutAndClosed(int bytes) throws IOException {
        try (BinaryServer server = new BinaryServer();
                RawClient client = RawClient.greeted(server.port())) {
            client.send(RequestFrame.set("k", "a value").bytes(), 0, bytes);
            server.passTime();
            List<ReplyFrame> replies = client.untilClosed();
            assertThat(replies)
                    .extracting(ReplyFrame::status)
                    .containsExactly(Status.FRAME_TIMEOUT);
            assertThat(replies.get(0).text()).contains("20 ms");
        }
    }

    @Test
    void oversizeBodyThenSilence_isFrameTimeoutAndClosed() throws IOException {
        try (BinaryServer server = new BinaryServer();
                RawClient client = RawClient.greeted(server.port())) {
            byte[] header = RequestFrame.set("k", "v").bytes();
            ByteBuffer.wrap(header).putInt(12, -1);
            client.send(header);
            assertThat(client.reply().status()).isEqualTo(Status.TOO_LARGE);
            server.passTime();
            assertThat(client.untilClosed())
                    .extracting(ReplyFrame::status)
                    .containsExactly(Status.FRAME_TIMEOUT);
        }
    }

    @Test
    void noHello_inTime_isSaidAndClosed() throws IOException {
        try (BinaryServer server = new BinaryServer();
                RawClient client = new RawClient(server.port())) {
            client.ask(RequestFrame.of(Opcode.PING));
            server.advance(Duration.ofMillis(21));
            assertThat(client.untilClosed())
                    .extracting(ReplyFrame::status)
                    .containsExactly(Status.HELLO_REQUIRED);
        }
    }

    @Test
    void silenceBetweenFrames_isNoFault() throws IOException {
        try (BinaryServer server = new BinaryServer();
                RawClient client = RawClient.greeted(server.port())) {
            for (int i = 0; i < 5; i++) {
                server.advance(Duration.ofHours(1));
                assertThat(client.ask(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
            }
        }
    }

    @Test
    void idleTooLong_isClosed() throws IOException {
        try (BinaryServer server = new BinaryServer(config(10, 1000, 1000, 40));
                RawClient client = RawClient.greeted(server.port())) {
            server.passTime();
            assertThat(client.untilClosed()).isEmpty();
        }
    }

    @Test
    void connectionOverTheLimit_isToldAndClosedAndRoomIsMadeByLeaving() throws IOException {
        try (BinaryServer server = new BinaryServer(config(2, 1000, 1000, 0));
                RawClient first = RawClient.greeted(server.port())) {
            RawClient second = RawClient.greeted(server.port());
            try (RawClient third = new RawClient(server.port())) {
                third.send(RequestFrame.hello().bytes());
                List<ReplyFrame> replies = third.untilClosed();
                assertThat(replies)
                        .extracting(ReplyFrame::status)
                        .containsExactly(Status.CONNECTION_LIMIT);
                assertThat(replies.get(0).number(LIMIT)).isEqualTo(2);
                assertThat(replies.get(0).number(RETRY_AFTER)).isPositive();
                assertThat(replies.get(0).text()).isEqualTo("connections: 3 (expected: at most 2)");
            }
            assertThat(server.frontend.gate().refused()).isEqualTo(1);
            second.close();
            await().until(() -> server.frontend.gate().open() == 1);
            try (RawClient fourth = RawClient.greeted(server.port())) {
                assertThat(fourth.ask(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
            }
            assertThat(first.ask(RequestFrame.get("k")).status()).isEqualTo(Status.MISS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientThatVanishesMidFrame_leavesNothingBehind(boolean abruptly) throws IOException {
        try (BinaryServer server = new BinaryServer()) {
            for (int i = 0; i < 20; i++) {
                RawClient client = RawClient.greeted(server.port());
                byte[] row =
                        RequestFrame.row(
                                RequestFrame.set("k", "v"),
                                RequestFrame.of(Opcode.SET, "k").value(new byte[100_000]));
                client.send(row, 0, 60_000);
                client.vanish(abruptly);
            }
            await().until(() -> server.frontend.gate().open() == 0);
            assertThat(server.errors.count()).isZero();
            try (RawClient client = RawClient.greeted(server.port())) {
                assertThat(client.ask(RequestFrame.get("k")).text()).isEqualTo("v");
            }
        }
    }

    @Test
    void drain_answersWhatWasReadAndRefusesWhatComesLate() throws Exception {
        try (BinaryServer server = new BinaryServer();
                RawClient client = RawClient.greeted(server.port());
                RawClient silent = RawClient.greeted(server.port())) {
            client.ask(RequestFrame.set("k", "v"));
            server.listener.close();
            Thread drain = new Thread(() -> server.frontend.gate().drain(10_000));
            drain.start();
            ReplyFrame reply = client.ask(RequestFrame.get("k"));
            while (reply.status() == Status.OK) {
                reply = client.ask(RequestFrame.get("k"));
            }
            assertThat(reply.status()).isEqualTo(Status.SHUTTING_DOWN);
            server.passTime();
            assertThat(client.untilClosed()).isEmpty();
            assertThat(silent.untilClosed()).isEmpty();
            client.vanish(false);
            silent.vanish(false);
            drain.join(20_000);
            assertThat(server.frontend.gate().open()).isZero();
        }
    }

    @Test
    void drain_ofClientsThatTakePushes_saysGoAwayAndAnswersUntilTheyLeaveOrFallSilent()
            throws Exception {
        try (BinaryServer server = new BinaryServer();
                RawClient client = new RawClient(server.port());
                RawClient staying = new RawClient(server.port())) {
            client.ask(RequestFrame.hello("push"));
            staying.ask(RequestFrame.hello("push"));
            client.ask(RequestFrame.set("k", "v"));
            server.listener.close();
            Thread drain = new Thread(() -> server.frontend.gate().drain(20_000));
            drain.start();
            for (RawClient each : List.of(client, staying)) {
                byte[] push = each.replyBytes();
                assertThat(push[0] & 0xFF).isEqualTo(FrameHeader.MAGIC_PUSH);
                assertThat(push[2] & 0xFF).isEqualTo(Opcode.GOAWAY.code());
                assertThat(push).hasSize(24);
            }
            assertThat(client.ask(RequestFrame.get("k")).text()).isEqualTo("v");
            client.vanish(false);
            await().until(() -> server.frontend.gate().open() == 1);
            server.passTime();
            assertThat(staying.untilClosed()).isEmpty();
            staying.vanish(false);
            drain.join(20_000);
            assertThat(server.frontend.gate().open()).isZero();
        }
    }

    @Test
    void drain_ofAClientThatNeverReads_endsWithItsTime() throws Exception {
        try (BinaryServer server = new BinaryServer();
                RawClient client = RawClient.greeted(server.port())) {
            client.ask(RequestFrame.of(Opcode.SET, "big").value(new byte[500_000]));
            RequestFrame[] gets = new RequestFrame[100];
            Arrays.fill(gets, RequestFrame.get("big"));
            client.send(RequestFrame.row(gets));
            await().until(() -> server.frontend.gate().open() == 1);
            server.listener.close();
            assertThat(server.frontend.gate().drain(300)).isFalse();
            assertThat(server.frontend.gate().open()).isZero();
        }
    }
}

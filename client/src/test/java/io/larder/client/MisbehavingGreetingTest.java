package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.FakeServer.Script;
import io.larder.client.api.ConnectionLostException;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.api.NotConnectedException;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.HelloResponse;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that are not there, refuse, or greet wrongly; and what calls do meanwhile. */
@Timeout(30)
class MisbehavingGreetingTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);

    private static LarderBuilder client(FakeServer server) {
        return Larder.builder(server.uri())
                .requestTimeout(Duration.ofSeconds(10))
                .reconnectBackOff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    private static boolean mayHaveBeenApplied(Throwable failure) {
        return ((LarderException) failure).mayHaveBeenApplied();
    }

    @Test
    void helloRefused_failsConnectWithTheReason() throws Exception {
        Script script =
                peer -> {
                    peer.write(
                            peer.read().reply(Status.BAD_VERSION, "expected: 9".getBytes(UTF_8)));
                    peer.awaitEnd();
                };
        try (FakeServer server = new FakeServer(script)) {
            assertThatThrownBy(() -> client(server).connect())
                    .isInstanceOf(NotConnectedException.class)
                    .hasMessageContaining("HELLO refused: BAD_VERSION: expected: 9");
        }
    }

    @Test
    void helloRefusedAtFirst_isTriedAgainWhileCallsWait() throws Exception {
        Script first =
                peer -> {
                    peer.write(peer.read().reply(Status.CONNECTION_LIMIT));
                    peer.awaitEnd();
                };
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).connectInBackground()) {
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void helloAnsweredWithAnotherVersion_isRefused() throws Exception {
        Script script =
                peer -> {
                    ByteBuf out = Unpooled.buffer();
                    new HelloResponse(9, HelloLimits.DEFAULT, 1, "fake", List.of()).write(out);
                    peer.write(peer.read().reply(Status.OK, ByteBufUtil.getBytes(out)));
                    peer.awaitEnd();
                };
        try (FakeServer server = new FakeServer(script)) {
            assertThatThrownBy(() -> client(server).connect())
                    .isInstanceOf(NotConnectedException.class)
                    .hasMessageContaining("protocol version: 9 (expected: 1)");
        }
    }

    @Test
    void helloAnsweredWithTooFewBytes_isRefused() throws Exception {
        Script script =
                peer -> {
                    peer.write(peer.read().ok("short"));
                    peer.awaitEnd();
                };
        try (FakeServer server = new FakeServer(script)) {
            assertThatThrownBy(() -> client(server).connect())
                    .isInstanceOf(NotConnectedException.class)
                    .hasMessageContaining("unreadable greeting");
        }
    }

    @Test
    void helloAnsweredWithAnotherReply_isRefused() throws Exception {
        Script script =
                peer -> {
                    Frame hello = peer.read();
                    peer.write(
                            Frame.reply(
                                    0, hello.id(), Opcode.PING.code(), new byte[0], new byte[0]));
                    peer.awaitEnd();
                };
        try (FakeServer server = new FakeServer(script)) {
            assertThatThrownBy(() -> client(server).connect())
                    .isInstanceOf(NotConnectedException.class)
                    .hasMessageContaining("first reply is not to HELLO");
        }
    }

    @Test
    void helloNeverAnswered_failsConnectInTime() throws Exception {
        try (FakeServer server = new FakeServer(Peer::awaitEnd)) {
            assertThatThrownBy(() -> client(server).connectTimeout(Duration.ofMillis(50)).connect())
                    .isInstanceOf(NotConnectedException.class)
                    .hasMessageContaining("no greeting within 50 ms");
        }
    }

    @Test
    void nobodyListens_failsConnectWithTheReason() throws Exception {
        int port;
        try (FakeServer server = new FakeServer(Peer::awaitEnd)) {
            port = server.port();
        }
        assertThatThrownBy(() -> Larder.connect("larder://127.0.0.1:" + port))
                .isInstanceOf(NotConnectedException.class)
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("refused");
    }

    @Test
    void nobodyListens_callsWaitAndThenSaySo() throws Exception {
        int port;
        try (FakeServer server = new FakeServer(Peer::awaitEnd)) {
            port = server.port();
        }
        try (Larder larder =
                Larder.builder("larder://127.0.0.1:" + port)
                        .requestTimeout(Duration.ofMillis(50))
                        .connectInBackground()) {
            await().untilAsserted(
                            () ->
                                    assertThatThrownBy(() -> larder.cache().put(KEY, KEY))
                                            .isInstanceOf(NotConnectedException.class)
                                            .hasMessageContaining("refused")
                                            .satisfies(
                                                    e ->
                                                            assertThat(mayHaveBeenApplied(e))
                                                                    .isFalse()));
        }
    }

    @Test
    void whileDisconnected_failFastFailsAtOnce() throws Exception {
        CountDownLatch mayReturn = new CountDownLatch(1);
        Script script =
                peer -> {
                    if (peer.number == 0) {
                        peer.greet();
                        peer.read();
                    } else {
                        mayReturn.await();
                        peer.greet().serve();
                    }
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder =
                        client(server).whenDisconnected(WhenDisconnected.FAIL_FAST).connect()) {
            assertThatThrownBy(() -> larder.cache().get(KEY))
                    .isInstanceOf(ConnectionLostException.class);
            assertThatThrownBy(() -> larder.cache().get(KEY))
                    .isInstanceOf(NotConnectedException.class);
            mayReturn.countDown();
            await().ignoreExceptionsInstanceOf(NotConnectedException.class)
                    .until(() -> larder.cache().get(KEY).isEmpty());
        }
    }

    @Test
    void endOfTheServer_isNoticedWithoutACall() throws Exception {
        try (FakeServer server = FakeServer.firstThenGood(Peer::greet);
                Larder larder = client(server).connect()) {
            await().until(() -> server.connections() == 2);
            assertThat(larder.cache().get(KEY)).isEmpty();
        }
    }
}

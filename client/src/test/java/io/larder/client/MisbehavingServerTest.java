package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.FakeServer.Script;
import io.larder.client.api.BytesCache;
import io.larder.client.api.ConnectionLostException;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions.RetryWhenLost;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.api.ServerException;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One wrong answer per test. The call concerned fails with a clear exception, no answer reaches
 * another call, nothing hangs, and the client goes on, over a new connection where the old one
 * cannot be trusted.
 */
@Timeout(30)
class MisbehavingServerTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);

    private static LarderBuilder client(FakeServer server) {
        return Larder.builder(server.uri())
                .requestTimeout(Duration.ofSeconds(10))
                .retryWhenLost(RetryWhenLost.NOTHING)
                .circuitFailurePercent(0)
                .reconnectBackOff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    /** The first connection answers its first GET by the script; the client must come back. */
    private static void assertLostAndReconnects(String reason, Script afterGreeting)
            throws Exception {
        Script first =
                peer -> {
                    peer.greet();
                    afterGreeting.run(peer);
                    peer.awaitEnd();
                };
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).connect()) {
            assertThatThrownBy(() -> larder.cache().get(KEY))
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageContaining(reason)
                    .satisfies(e -> assertThat(mayHaveBeenApplied(e)).isFalse());
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(2);
            assertThat(server.scriptFailures()).isEmpty();
        }
    }

    private static boolean mayHaveBeenApplied(Throwable failure) {
        return ((LarderException) failure).mayHaveBeenApplied();
    }

    private static Throwable failureOf(CompletableFuture<?> future) throws Exception {
        try {
            future.get(20, TimeUnit.SECONDS);
            throw new AssertionError("succeeded (expected: a failure)");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    /** Calls until one has been sent and got no answer in its short time; others never left. */
    private static void assertTimesOutOnceSent(Larder larder, boolean write) {
        BytesCache impatient = larder.cache().withTimeout(Duration.ofMillis(30));
        await().untilAsserted(
                        () ->
                                assertThatThrownBy(
                                                () -> {
                                                    if (write) {
                                                        impatient.put(KEY, KEY);
                                                    } else {
                                                        impatient.get(KEY);
                                                    }
                                                })
                                        .isInstanceOf(RequestTimeoutException.class)
                                        .hasMessageContaining("no answer within 30 ms")
                                        .satisfies(
                                                e ->
                                                        assertThat(mayHaveBeenApplied(e))
                                                                .isEqualTo(write)));
    }

    /** On a busy machine a good server may seem silent, too; but not for ever. */
    private static void assertRecovers(Larder larder) {
        await().ignoreExceptionsInstanceOf(LarderException.class)
                .until(() -> larder.cache().get(KEY).isEmpty());
    }

    @Test
    void wrongMagic_closesTheConnection() throws Exception {
        assertLostAndReconnects(
                "magic",
                peer -> {
                    byte[] reply = peer.read().ok("value");
                    reply[0] = (byte) 0x47;
                    peer.write(reply);
                });
    }

    @Test
    void wrongVersion_closesTheConnection() throws Exception {
        assertLostAndReconnects(
                "version",
                peer -> {
                    byte[] reply = peer.read().ok("value");
                    reply[1] = 2;
                    peer.write(reply);
                });
    }

    @Test
    void lengthsThatContradict_closeTheConnection() throws Exception {
        assertLostAndReconnects(
                "BAD_FRAME",
                peer -> {
                    byte[] reply = peer.read().ok("value");
                    reply[22] = (byte) 0xFF; // extension length
                    peer.write(reply);
                });
    }

    @Test
    void unknownRequestId_closesTheConnection() throws Exception {
        assertLostAndReconnects(
                "not unanswered",
                peer -> {
                    Frame request = peer.read();
                    peer.write(
                            Frame.reply(
                                    0,
                                    request.id() + 1,
                                    request.opcode(),
                                    new byte[0],
                                    new byte[0]));
                });
    }

    @Test
    void replyOfAnotherOpcode_closesTheConnection() throws Exception {
        assertLostAndReconnects(
                "opcode",
                peer -> {
                    Frame request = peer.read();
                    peer.write(
                            Frame.reply(
                                    0, request.id(), Opcode.SET.code(), new byte[0], new byte[0]));
                });
    }

    @Test
    void absurdBodyLength_closesTheConnection() throws Exception {
        assertLostAndReconnects(
                "4294967295 bytes",
                peer -> {
                    byte[] reply = peer.read().ok();
                    for (int i = 12; i < 16; i++) {
                        reply[i] = (byte) 0xFF; // body length
                    }
                    peer.write(reply);
                });
    }

    @Test
    void truncatedBody_thenClose_failsTheCall() throws Exception {
        assertLostAndReconnects(
                "closed the connection",
                peer -> {
                    byte[] reply = peer.read().ok("value");
                    peer.write(Arrays.copyOf(reply, reply.length - 2));
                    peer.socket.close();
                });
    }

    @Test
    void halfClose_failsTheCall() throws Exception {
        assertLostAndReconnects(
                "closed the connection",
                peer -> {
                    peer.read();
                    peer.socket.shutdownOutput();
                });
    }

    @Test
    void reset_failsTheCall() throws Exception {
        assertLostAndReconnects(
                "",
                peer -> {
                    peer.read();
                    peer.socket.setSoLinger(true, 0);
                    peer.socket.close();
                });
    }

    @Test
    void fatalErrorWithoutId_failsTheCallWithItsText() throws Exception {
        assertLostAndReconnects(
                "BAD_MAGIC: you said 0x47",
                peer -> {
                    peer.read();
                    peer.write(
                            Frame.reply(
                                    Status.BAD_MAGIC.code(),
                                    0,
                                    0,
                                    new byte[0],
                                    "you said 0x47".getBytes(UTF_8)));
                });
    }

    @Test
    void garbageAfterHandshake_isSurvived() throws Exception {
        Script first =
                peer -> {
                    peer.greet();
                    peer.writeHex("47 45 54 20 2F 20 48 54 54 50");
                    peer.awaitEnd();
                };
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).connect()) {
            await().until(() -> server.connections() == 2);
            assertThat(larder.cache().get(KEY)).isEmpty();
        }
    }

    @Test
    void duplicateReply_reachesNobodyElse() throws Exception {
        Script first =
                peer -> {
                    peer.greet();
                    Frame one = peer.read();
                    peer.write(one.ok("one"));
                    Frame two = peer.read();
                    peer.write(one.ok("one again"), two.ok("two"));
                    peer.awaitEnd();
                };
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).connect()) {
            assertThat(larder.cache().get(KEY).map(String::new)).hasValue("one");
            assertThatThrownBy(() -> larder.cache().get(KEY))
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageContaining("not unanswered");
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void replyAfterTimeout_isDroppedAndTheConnectionKept() throws Exception {
        CountDownLatch timedOut = new CountDownLatch(1);
        Script script =
                peer -> {
                    peer.greet();
                    Frame late = peer.read();
                    timedOut.await();
                    Frame next = peer.read();
                    peer.write(late.ok("late"), next.ok("right"));
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertTimesOutOnceSent(larder, false);
            timedOut.countDown();
            assertThat(larder.cache().get(KEY).map(String::new)).hasValue("right");
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void timedOutWrite_mayHaveBeenApplied() throws Exception {
        Script script = peer -> peer.greet().awaitEnd();
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertTimesOutOnceSent(larder, true);
        }
    }

    @Test
    void lostWrite_mayHaveBeenApplied() throws Exception {
        Script first = peer -> peer.greet().read();
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).connect()) {
            assertThatThrownBy(() -> larder.cache().put(KEY, KEY))
                    .isInstanceOf(ConnectionLostException.class)
                    .satisfies(e -> assertThat(mayHaveBeenApplied(e)).isTrue());
        }
    }

    @Test
    void silence_timesOutAndThenReconnects() throws Exception {
        Script first = peer -> peer.greet().awaitEnd();
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).silenceTimeout(Duration.ofMillis(100)).connect()) {
            assertThatThrownBy(() -> larder.cache().get(KEY))
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageContaining("silent for 100 ms");
            assertRecovers(larder);
            assertThat(server.connections()).isGreaterThan(1);
        }
    }

    @Test
    void silenceAfterTimeouts_stillReconnects() throws Exception {
        Script first = peer -> peer.greet().awaitEnd();
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).silenceTimeout(Duration.ofMillis(100)).connect()) {
            assertTimesOutOnceSent(larder, false);
            await().until(() -> server.connections() > 1);
            assertRecovers(larder);
        }
    }

    @Test
    void truncatedBody_thenSilence_reconnects() throws Exception {
        Script first =
                peer -> {
                    peer.greet();
                    byte[] reply = peer.read().ok("value");
                    peer.write(Arrays.copyOf(reply, reply.length - 2));
                    peer.awaitEnd();
                };
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).silenceTimeout(Duration.ofMillis(100)).connect()) {
            assertThatThrownBy(() -> larder.cache().get(KEY))
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageContaining("100 ms");
            assertRecovers(larder);
        }
    }

    @Test
    void fatalStatus_failsItsCallWithItAndClosesTheConnection() throws Exception {
        Script first =
                peer -> {
                    peer.greet();
                    peer.write(peer.read().reply(Status.FRAME_TIMEOUT, "slow".getBytes(UTF_8)));
                    peer.awaitEnd();
                };
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).connect()) {
            assertThatThrownBy(() -> larder.cache().get(KEY))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("FRAME_TIMEOUT");
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void connectionLost_failsAllThatWereSentAndNoOthers() throws Exception {
        CountDownLatch mayClose = new CountDownLatch(1);
        Script first =
                peer -> {
                    peer.greet();
                    for (int i = 0; i < 3; i++) {
                        peer.read();
                    }
                    mayClose.countDown();
                };
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).connect()) {
            List<CompletableFuture<?>> sent = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sent.add(larder.async().get(KEY));
            }
            mayClose.await();
            for (CompletableFuture<?> future : sent) {
                assertThat(failureOf(future)).isInstanceOf(ConnectionLostException.class);
            }
            assertThat(larder.cache().get(KEY)).isEmpty();
        }
    }

    @Test
    void asynchronousFailure_isALarderExceptionToo() throws Exception {
        Script first = peer -> peer.greet().read();
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).connect()) {
            assertThatThrownBy(() -> larder.async().get(KEY).join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(ConnectionLostException.class);
        }
    }
}

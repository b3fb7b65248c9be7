package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.FakeServer.Script;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions.RetryWhenLost;
import io.larder.client.api.ServerBusyException;
import io.larder.client.api.ServerException;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server may answer by right and a client has to deal with by itself. */
@Timeout(30)
class BusyServerTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);

    private static LarderBuilder client(FakeServer server) {
        return Larder.builder(server.uri())
                .requestTimeout(Duration.ofSeconds(10))
                .retryWhenLost(RetryWhenLost.NOTHING)
                .reconnectBackOff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    private static byte[] busy(Frame request, long retryAfterMillis) {
        return request.replyWith(
                Status.BUSY,
                Frame.extension(ExtensionType.RETRY_AFTER, retryAfterMillis),
                "later".getBytes(UTF_8));
    }

    @Test
    void busy_isTriedAgainWithAnotherId() throws Exception {
        List<Integer> ids = new CopyOnWriteArrayList<>();
        Script script =
                peer -> {
                    peer.greet();
                    Frame first = peer.read();
                    ids.add(first.id());
                    peer.write(busy(first, 1));
                    Frame second = peer.read();
                    ids.add(second.id());
                    assertThat(second.key()).isEqualTo(first.key());
                    assertThat(second.value()).isEqualTo(first.value());
                    peer.write(second.ok());
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertThat(larder.cache().append(KEY, KEY).isApplied()).isTrue();
            assertThat(ids).doesNotHaveDuplicates().hasSize(2);
            assertThat(server.scriptFailures()).isEmpty();
        }
    }

    @Test
    void alwaysBusy_failsAfterTheRetries() throws Exception {
        List<Integer> ids = new CopyOnWriteArrayList<>();
        Script script =
                peer -> {
                    peer.greet();
                    while (true) {
                        Frame request = peer.read();
                        ids.add(request.id());
                        peer.write(busy(request, 1));
                    }
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).busyRetriesMax(3).connect()) {
            assertThatThrownBy(() -> larder.cache().append(KEY, KEY))
                    .isInstanceOf(ServerBusyException.class)
                    .hasMessageContaining("later")
                    .satisfies(
                            e -> assertThat(((LarderException) e).mayHaveBeenApplied()).isFalse());
            assertThat(ids).hasSize(4);
        }
    }

    @Test
    void busyForLongerThanTheTimeout_failsAtOnce() throws Exception {
        Script script =
                peer -> {
                    peer.greet();
                    peer.write(busy(peer.read(), 60_000));
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertThatThrownBy(() -> larder.cache().get(KEY))
                    .isInstanceOf(ServerBusyException.class);
            assertThat(larder.cache().get(KEY)).isEmpty();
        }
    }

    @Test
    void shuttingDown_isTriedAgainOnTheNextConnection() throws Exception {
        Script first = peer -> peer.greet().write(peer.read().reply(Status.SHUTTING_DOWN));
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).connect()) {
            assertThat(larder.cache().put(KEY, KEY).isApplied()).isTrue();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void shuttingDown_endsTheConnectionOnceAllIsAnswered() throws Exception {
        Script first =
                peer -> {
                    peer.greet();
                    Frame slow = peer.read();
                    Frame refused = peer.read();
                    peer.write(refused.reply(Status.SHUTTING_DOWN));
                    peer.write(slow.ok("slow but answered"));
                    peer.awaitEnd();
                };
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server).connect()) {
            var slow = larder.async().getText("slow");
            var refused = larder.async().getText("refused");

            assertThat(slow.join()).hasValue("slow but answered");
            assertThat(refused.join()).isEmpty();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void deadline_isSentWithEachRequest() throws Exception {
        List<Long> deadlines = new CopyOnWriteArrayList<>();
        Script script =
                peer -> {
                    peer.greet();
                    Frame request = peer.read();
                    deadlines.add(request.deadlineMillis());
                    peer.write(request.ok());
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            larder.cache().get(KEY);
            assertThat(deadlines)
                    .singleElement()
                    .satisfies(deadline -> assertThat(deadline).isBetween(1L, 10_000L));
        }
    }

    @Test
    void serversWindow_isKept() throws Exception {
        int window = 3;
        Script script =
                peer -> {
                    peer.greet(new HelloLimits(100, 1_000, 5, window, 10_000), 1);
                    for (int round = 0; round < 10; round++) {
                        Frame[] requests = new Frame[window];
                        for (int i = 0; i < window; i++) {
                            requests[i] = peer.read();
                        }
                        assertThat(peer.socket.getInputStream().available()).isZero();
                        for (Frame request : requests) {
                            peer.write(request.ok(request.keyText()));
                        }
                    }
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            var futures =
                    IntStream.range(0, 10 * window)
                            .mapToObj(i -> larder.async().getText("key " + i))
                            .toList();
            for (int i = 0; i < futures.size(); i++) {
                assertThat(futures.get(i).get()).hasValue("key " + i);
            }
            assertThat(server.scriptFailures()).isEmpty();
        }
    }

    private static void serveRegions(Peer peer, long bootId, int regionId) throws IOException {
        peer.greet(HelloLimits.DEFAULT, bootId);
        while (true) {
            Frame request = peer.read();
            peer.write(
                    request.is(Opcode.OPEN_REGION)
                            ? request.reply(Status.OK, new byte[] {0, (byte) regionId})
                            : request.ok("region " + request.region()));
        }
    }

    @Test
    void region_isOpenedAnewAfterARestartOfTheServer() throws Exception {
        Script script =
                peer -> {
                    if (peer.number == 0) {
                        peer.greet(HelloLimits.DEFAULT, 1);
                        Frame open = peer.read();
                        assertThat(open.is(Opcode.OPEN_REGION)).isTrue();
                        assertThat(open.keyText()).isEqualTo("users");
                        peer.write(open.reply(Status.OK, new byte[] {0, 5}));
                        Frame get = peer.read();
                        peer.write(get.ok("region " + get.region()));
                        peer.read(); // and the connection is lost
                    } else {
                        serveRegions(peer, 2, 9);
                    }
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertThat(larder.cache("users").getText("key")).hasValue("region 5");
            assertThatThrownBy(() -> larder.cache("users").getText("key"))
                    .isInstanceOf(LarderException.class);
            assertThat(larder.cache("users").getText("key")).hasValue("region 9");
            assertThat(server.scriptFailures()).isEmpty();
        }
    }

    @Test
    void regionThatWasBeingOpened_isOpenedOnTheNextConnection() throws Exception {
        Script script =
                peer -> {
                    if (peer.number == 0) {
                        peer.greet().read(); // OPEN_REGION, and the connection is lost
                    } else {
                        serveRegions(peer, 2, 9);
                    }
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertThat(larder.cache("users").getText("key")).hasValue("region 9");
        }
    }

    @Test
    void regionRefused_failsItsCallsOnly() throws Exception {
        Script script =
                peer -> {
                    peer.greet();
                    while (true) {
                        Frame request = peer.read();
                        peer.write(
                                request.is(Opcode.OPEN_REGION)
                                        ? request.reply(Status.UNKNOWN_REGION, KEY)
                                        : request.ok("fine"));
                    }
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            var refused = larder.cache("users").async().getText("key");
            assertThat(larder.cache().getText("key")).hasValue("fine");
            assertThatThrownBy(refused::join)
                    .hasCauseInstanceOf(ServerException.class)
                    .hasMessageContaining("region users")
                    .hasMessageContaining("UNKNOWN_REGION");
        }
    }
}

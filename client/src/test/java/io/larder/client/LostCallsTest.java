package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.FakeServer.Script;
import io.larder.client.api.CircuitOpenException;
import io.larder.client.api.ConnectionLostException;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions.RetryWhenLost;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.api.PutOptions;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.api.ServerHealth.Circuit;
import io.larder.protocol.Opcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of calls whose connection is lost, or whose server answers no more. */
@Timeout(60)
class LostCallsTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);

    private static LarderBuilder client(FakeServer server) {
        return Larder.builder(server.uri())
                .requestTimeout(Duration.ofSeconds(20))
                .reconnectBackOff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    /** The first connection ends with the first request. */
    private static FakeServer losingTheFirst() throws Exception {
        return FakeServer.firstThenGood(peer -> peer.greet().read());
    }

    @Test
    void read_isSentAgain() throws Exception {
        try (FakeServer server = losingTheFirst();
                Larder larder = client(server).connect()) {
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void readOfManyKeys_isSentAgain() throws Exception {
        try (FakeServer server = losingTheFirst();
                Larder larder = client(server).connect()) {
            assertThat(larder.cache().getAll(List.of(KEY, KEY)))
                    .containsExactly(Optional.empty(), Optional.empty());
        }
    }

    @Test
    void write_isNotSentAgain() throws Exception {
        try (FakeServer server = losingTheFirst();
                Larder larder = client(server).connect()) {
            assertThatThrownBy(() -> larder.cache().put(KEY, KEY))
                    .isInstanceOf(ConnectionLostException.class)
                    .satisfies(
                            e -> assertThat(((LarderException) e).mayHaveBeenApplied()).isTrue());
            assertThat(larder.cache().get(KEY)).isEmpty();
        }
    }

    @Test
    void repeatableWrite_isSentAgainIfAllowed_andOthersAreNot() throws Exception {
        Script first =
                peer -> {
                    peer.greet();
                    for (int i = 0; i < 5; i++) {
                        peer.read();
                    }
                };
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder =
                        client(server)
                                .retryWhenLost(RetryWhenLost.READS_AND_REPEATABLE_WRITES)
                                .connect()) {
            var put = larder.async().put(KEY, KEY);
            var delete = larder.async().delete("other".getBytes(UTF_8));
            var conditional = larder.async().put(KEY, KEY, PutOptions.DEFAULT.onlyIfAbsent());
            var counter = larder.async().increment(KEY, 1);
            var append = larder.async().append(KEY, KEY);

            assertThat(put.join().isApplied()).isTrue();
            assertThat(delete.join()).isTrue();
            for (CompletableFuture<?> lost : List.of(conditional, counter, append)) {
                assertThatThrownBy(lost::join).hasCauseInstanceOf(ConnectionLostException.class);
            }
        }
    }

    @Test
    void nothing_isSentAgainIfForbidden() throws Exception {
        try (FakeServer server = losingTheFirst();
                Larder larder = client(server).retryWhenLost(RetryWhenLost.NOTHING).connect()) {
            assertThatThrownBy(() -> larder.cache().get(KEY))
                    .isInstanceOf(ConnectionLostException.class);
        }
    }

    @Test
    void retries_endWithTheBudget() throws Exception {
        AtomicInteger gets = new AtomicInteger();
        Script script =
                peer -> {
                    peer.greet();
                    while (true) {
                        gets.addAndGet(peer.read().is(Opcode.GET) ? 1 : 0);
                        if (peer.number > 0 || gets.get() == 200) {
                            return;
                        }
                    }
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).circuitFailurePercent(0).connect()) {
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(larder.async().get(KEY));
            }
            await().until(() -> calls.stream().filter(CompletableFuture::isDone).count() >= 190);
            assertThat(calls.stream().filter(CompletableFuture::isCompletedExceptionally))
                    .hasSizeGreaterThanOrEqualTo(190);
        }
    }

    @Test
    void retry_goesToTheNextServer() throws Exception {
        Script losing = peer -> peer.greet().read();
        try (FakeServer one = new FakeServer(losing);
                FakeServer other = new FakeServer(peer -> peer.greet().serve());
                Larder larder =
                        Larder.builder(
                                        "larder://127.0.0.1:"
                                                + one.port()
                                                + ",127.0.0.1:"
                                                + other.port())
                                .requestTimeout(Duration.ofSeconds(20))
                                .reconnectBackOff(Duration.ofSeconds(20), Duration.ofSeconds(20))
                                .whenDisconnected(WhenDisconnected.NEXT_SERVER)
                                .connect()) {
            for (int i = 0; i < 50; i++) {
                assertThat(larder.cache().getText("key " + i)).isEmpty();
            }
            assertThat(one.connections()).isEqualTo(1);
            assertThat(larder.health().get(0).isConnected()).isFalse();
        }
    }

    @Test
    void serverThatAnswersNothing_isLeftAlone_andFoundAgain() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        Script script =
                peer -> {
                    peer.greet();
                    mayAnswer.await();
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            var impatient = larder.async().withTimeout(Duration.ofMillis(20));
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                calls.add(impatient.get(KEY));
            }
            for (CompletableFuture<?> call : calls) {
                assertThatThrownBy(call::join).hasCauseInstanceOf(RequestTimeoutException.class);
            }
            assertThat(larder.health().get(0).circuit()).isEqualTo(Circuit.OPEN);
            assertThatThrownBy(() -> larder.cache().get(KEY))
                    .isInstanceOf(CircuitOpenException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port());

            mayAnswer.countDown();
            await().ignoreExceptionsInstanceOf(LarderException.class)
                    .until(
                            () ->
                                    larder.cache().get(KEY).isEmpty()
                                            && larder.health().get(0).circuit() == Circuit.CLOSED);
        }
    }
}

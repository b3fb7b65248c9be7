package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.client.FakeServer.Script;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.api.TooLargeException;
import io.larder.client.api.TooManyRequestsException;
import io.larder.protocol.HelloLimits;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that does not read, or does not answer: the window holds and memory stays flat. */
@Timeout(60)
class SlowServerTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);
    private static final int MEBIBYTE = 1 << 20;
    private static final HelloLimits GENEROUS =
            new HelloLimits(4_095, 2 * MEBIBYTE, 1_024, 1 << 16, Integer.MAX_VALUE);

    private static LarderBuilder client(FakeServer server) {
        return Larder.builder(server.uri())
                .requestTimeout(Duration.ofSeconds(30))
                .circuitFailurePercent(0);
    }

    private static Throwable failureOf(CompletableFuture<?> future) throws Exception {
        try {
            future.get(30, TimeUnit.SECONDS);
            throw new AssertionError("succeeded (expected: a failure)");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    /** Greets, and does nothing else until it may; then serves well. */
    private static Script stuckUntil(CountDownLatch mayGoOn, HelloLimits limits) {
        return peer -> {
            peer.greet(limits, 1);
            mayGoOn.await();
            peer.serve();
        };
    }

    @Test
    void moreCallsThanTheWindow_areRefusedAtOnce() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (FakeServer server = new FakeServer(stuckUntil(mayGoOn, GENEROUS));
                Larder larder = client(server).windowRequests(100).connect()) {
            List<CompletableFuture<?>> admitted = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                admitted.add(larder.async().get(KEY));
            }
            for (int i = 0; i < 1_000; i++) {
                assertThat(failureOf(larder.async().get(KEY)))
                        .isInstanceOf(TooManyRequestsException.class)
                        .hasMessageContaining("within 100 calls");
            }
            mayGoOn.countDown();
            for (CompletableFuture<?> future : admitted) {
                assertThat(future.get(30, TimeUnit.SECONDS)).isEqualTo(Optional.empty());
            }
            assertThat(larder.async().get(KEY).get()).isEmpty();
        }
    }

    @Test
    void moreBytesThanTheWindow_areRefusedAtOnceAndMemoryStaysFlat() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        byte[] value = new byte[MEBIBYTE];
        try (FakeServer server = new FakeServer(stuckUntil(mayGoOn, GENEROUS));
                Larder larder = client(server).windowBytes(16L * MEBIBYTE).connect()) {
            long directBefore = directBytes();
            List<CompletableFuture<?>> futures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                futures.add(larder.async().put(KEY, value));
            }
            long refused = 0;
            for (CompletableFuture<?> future : futures) {
                refused += future.isCompletedExceptionally() ? 1 : 0;
            }
            assertThat(refused).isEqualTo(185);
            assertThat(failureOf(futures.get(199)))
                    .isInstanceOf(TooManyRequestsException.class)
                    .hasMessageContaining("16777216 bytes");
            assertThat(directBytes() - directBefore).isLessThan(8L * MEBIBYTE);
            mayGoOn.countDown();
            for (CompletableFuture<?> future : futures.subList(0, 15)) {
                future.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void manySmallWritesToAServerThatDoesNotRead_keepMemoryFlat() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        byte[] value = new byte[4_000];
        try (FakeServer server = new FakeServer(stuckUntil(mayGoOn, GENEROUS));
                Larder larder = client(server).windowRequests(8_001).connect()) {
            long directBefore = directBytes();
            List<CompletableFuture<?>> futures = new ArrayList<>();
            for (int i = 0; i < 8_000; i++) {
                futures.add(larder.async().put(KEY, value));
            }
            var last = larder.async().withTimeout(Duration.ofMillis(20)).get(KEY);
            assertThat(failureOf(last)).isInstanceOf(RequestTimeoutException.class);
            assertThat(directBytes() - directBefore).isLessThan(8L * MEBIBYTE);
            mayGoOn.countDown();
            for (CompletableFuture<?> future : futures) {
                future.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void blockingCall_onTheEventLoop_isRefused() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (FakeServer server = new FakeServer(stuckUntil(mayGoOn, GENEROUS));
                Larder larder = client(server).connect()) {
            CompletableFuture<?> nested =
                    larder.async().get(KEY).thenApply(value -> larder.cache().get(KEY));
            mayGoOn.countDown();

            assertThat(failureOf(nested))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("larder-client-");
        }
    }

    @Test
    void blockingCalls_waitForTheWindow() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (FakeServer server = new FakeServer(stuckUntil(mayGoOn, GENEROUS));
                Larder larder = client(server).windowRequests(2).connect()) {
            List<CompletableFuture<Optional<byte[]>>> blocking = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                blocking.add(
                        CompletableFuture.supplyAsync(
                                () -> larder.cache().get(KEY), task -> new Thread(task).start()));
            }
            await().until(() -> larder.async().get(KEY).isCompletedExceptionally());
            mayGoOn.countDown();
            for (CompletableFuture<Optional<byte[]>> future : blocking) {
                assertThat(future.get(30, TimeUnit.SECONDS)).isEmpty();
            }
        }
    }

    @Test
    void blockingCall_withoutRoomUntilItsTimeout_isRefused() throws Exception {
        try (FakeServer server = new FakeServer(peer -> peer.greet().awaitEnd());
                Larder larder = client(server).windowRequests(1).connect()) {
            CompletableFuture<?> holdsTheWindow = larder.async().get(KEY);

            CompletableFuture<?> refused =
                    CompletableFuture.supplyAsync(
                            () -> larder.cache().withTimeout(Duration.ofMillis(30)).get(KEY));

            assertThat(failureOf(refused)).isInstanceOf(TooManyRequestsException.class);
            assertThat(holdsTheWindow).isNotDone();
        }
    }

    @Test
    void callsThatTimeOut_leaveTheWindow() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (FakeServer server = new FakeServer(stuckUntil(mayGoOn, GENEROUS));
                Larder larder = client(server).windowRequests(8).connect()) {
            var impatient = larder.async().withTimeout(Duration.ofMillis(20));
            for (int i = 0; i < 20; i++) {
                assertThat(failureOf(impatient.get(KEY)))
                        .isInstanceOf(RequestTimeoutException.class);
            }
            mayGoOn.countDown();
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void requestAboveTheWholeWindow_isRefusedNamingIt() throws Exception {
        try (FakeServer server = new FakeServer(peer -> peer.greet(GENEROUS, 1).serve());
                Larder larder = client(server).windowBytes(64 << 10).connect()) {
            assertThat(failureOf(larder.async().put(KEY, new byte[64 << 10])))
                    .isInstanceOf(TooLargeException.class)
                    .hasMessageContaining("65536, the client's windowBytes");
        }
    }

    @Test
    void cancelledCalls_leaveTheWindow() throws Exception {
        try (FakeServer server = new FakeServer(Peer::awaitEnd);
                Larder larder = client(server).windowRequests(4).connectInBackground()) {
            for (int i = 0; i < 4; i++) {
                larder.async().get(KEY).cancel(false);
            }
            CompletableFuture<?> next = larder.async().get(KEY);
            assertThat(failureOf(next)).isInstanceOf(TooManyRequestsException.class);

            await().until(
                            () ->
                                    !larder.async()
                                            .withTimeout(Duration.ofMillis(20))
                                            .get(KEY)
                                            .isCompletedExceptionally());
        }
    }

    @Test
    void callsBeforeTheGreeting_failAsNotConnected() throws Exception {
        try (FakeServer server = new FakeServer(Peer::awaitEnd);
                Larder larder = client(server).connectInBackground()) {
            assertThat(failureOf(larder.async().withTimeout(Duration.ofMillis(20)).get(KEY)))
                    .isInstanceOf(NotConnectedException.class);
        }
    }
}

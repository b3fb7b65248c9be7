package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.larder.client.FakeServer.Script;
import io.larder.client.api.CallListener;
import io.larder.client.api.CallListener.Ended;
import io.larder.client.api.CallListener.Outcome;
import io.larder.client.api.Codec;
import io.larder.client.api.LoadOptions;
import io.larder.client.api.PutOptions;
import io.larder.client.api.RequestTimeoutException;
import io.larder.client.typed.TypedCache;
import io.larder.protocol.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a listener is told of each call, and what becomes of what it throws. */
@Timeout(30)
class CallListenerTest {
    private static RealServer server;

    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final CallListener listener = (operation, region) -> ended::add;

    @BeforeAll
    static void start() throws Exception {
        server = RealServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private Larder connect(String uri) {
        return Larder.builder(uri)
                .requestTimeout(Duration.ofSeconds(20))
                .callListener(listener)
                .connect();
    }

    /** What was told of the next call; a future completes a moment before its end is told. */
    private Ended next() {
        await().until(() -> !ended.isEmpty());
        return ended.remove();
    }

    @Test
    void everyKindOfCall_isToldWithItsOutcome() {
        byte[] key = "everyKind".getBytes(UTF_8);
        try (Larder larder = connect(server.uri())) {
            larder.cache("users").get(key);
            assertThat(next())
                    .returns("GET", Ended::operation)
                    .returns("users", Ended::region)
                    .returns(Outcome.MISS, Ended::outcome)
                    .returns(24L + key.length, Ended::requestBytes)
                    .returns(24L, Ended::replyBytes)
                    .returns(0, Ended::retries)
                    .satisfies(call -> assertThat(call.nanos()).isPositive());

            larder.cache().put(key, key);
            assertThat(next())
                    .returns("SET", Ended::operation)
                    .returns("", Ended::region)
                    .returns(true, Ended::isWrite)
                    .returns(1, Ended::itemsDone)
                    .returns(Outcome.OK, Ended::outcome);

            larder.cache().put(key, key, PutOptions.DEFAULT.onlyIfAbsent());
            assertThat(next().outcome()).isEqualTo(Outcome.REFUSED);

            larder.cache().getAll(List.of(key, key, "absent".getBytes(UTF_8)));
            assertThat(next())
                    .returns("BATCH", Ended::operation)
                    .returns(false, Ended::isWrite)
                    .returns(2, Ended::itemsDone)
                    .returns(1, Ended::itemsMissed)
                    .returns(Outcome.OK, Ended::outcome);

            larder.ping();
            assertThat(next())
                    .returns("PING", Ended::operation)
                    .returns(Outcome.OK, Ended::outcome);
        }
        assertThat(ended).isEmpty();
    }

    @Test
    void start_isToldOnTheCallersThreadAndEndOnce() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        CallListener tracer =
                (operation, region) -> {
                    thread.set(Thread.currentThread());
                    return ended::add;
                };
        try (Larder larder = Larder.builder(server.uri()).callListener(tracer).connect()) {
            larder.cache().getText("k");

            assertThat(thread.get()).isSameAs(Thread.currentThread());
            next();
        }
        assertThat(ended).isEmpty();
    }

    @Test
    void getOrLoad_isAMissThenAHit() {
        try (Larder larder = connect(server.uri())) {
            byte[] key = "loaded".getBytes(UTF_8);
            larder.cache().getOrLoad(key, LoadOptions.DEFAULT, it -> Optional.of(it));
            assertThat(next()).returns(0, Ended::itemsDone).returns(1, Ended::itemsMissed);
            assertThat(next()).returns("SET", Ended::operation).returns(1, Ended::itemsDone);

            larder.cache().getOrLoad(key, LoadOptions.DEFAULT, it -> Optional.empty());
            assertThat(next()).returns(1, Ended::itemsDone).returns(0, Ended::itemsMissed);
        }
    }

    @Test
    void andThen_tellsBoth() {
        Queue<Ended> others = new ConcurrentLinkedQueue<>();
        CallListener both = listener.andThen((operation, region) -> others::add);
        try (Larder larder = Larder.builder(server.uri()).callListener(both).connect()) {
            larder.cache().getText("k");
            Ended call = next();
            await().until(() -> !others.isEmpty());

            assertThat(others).containsExactly(call);
        }
    }

    @Test
    void failedCall_isToldWithItsReason() throws Exception {
        Script silent =
                peer -> {
                    peer.greet();
                    peer.awaitEnd();
                };
        try (FakeServer fake = new FakeServer(silent);
                Larder larder = connect(fake.uri())) {
            var quick = larder.cache().withTimeout(Duration.ofMillis(30));
            assertThatThrownBy(() -> quick.getText("k"))
                    .isInstanceOf(RequestTimeoutException.class);

            Ended call = next();
            assertThat(call.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(call.replyBytes()).isZero();
            assertThat(call.failure()).containsInstanceOf(RequestTimeoutException.class);
        }
    }

    @Test
    void busyServer_isToldAsRetries() throws Exception {
        Script busyTwice =
                peer -> {
                    peer.greet();
                    peer.write(peer.read().reply(Status.BUSY));
                    peer.write(peer.read().reply(Status.BUSY));
                    peer.serve();
                };
        try (FakeServer fake = new FakeServer(busyTwice);
                Larder larder = connect(fake.uri())) {
            larder.cache().getText("k");

            assertThat(next().retries()).isEqualTo(2);
        }
    }

    @Test
    void cancelledCall_isToldAsSuch() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Script silent =
                peer -> {
                    peer.greet();
                    peer.read();
                    asked.countDown();
                    peer.awaitEnd();
                };
        try (FakeServer fake = new FakeServer(silent);
                Larder larder = connect(fake.uri())) {
            CompletableFuture<?> call =
                    new TypedCache<>(larder.cache(), Codec.utf8(), Codec.utf8()).async().get("k");
            asked.await();
            call.cancel(true);

            assertThat(next().outcome()).isEqualTo(Outcome.CANCELLED);
        }
    }

    @Test
    void whatItThrows_isLoggedOnceAndBreaksNothing() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.larder.client.net.CallReports");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        CallListener faulty =
                (operation, region) -> {
                    if (region.equals("users")) {
                        throw new IllegalStateException("start");
                    }
                    return call -> {
                        throw new AssertionError("end");
                    };
                };
        try (Larder larder = Larder.builder(server.uri()).callListener(faulty).connect()) {
            for (int i = 0; i < 10; i++) {
                larder.cache().putText("k", "v");
                assertThat(larder.cache().getText("k")).hasValue("v");
                assertThat(larder.cache("users").getText("absent")).isEmpty();
            }
        } finally {
            logger.detachAppender(log);
        }

        assertThat(log.list)
                .singleElement()
                .satisfies(
                        event ->
                                assertThat(event.getFormattedMessage())
                                        .contains("the call listener failed"));
    }
}

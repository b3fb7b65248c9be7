package io.larder.client;

import static io.larder.protocol.ProtocolLimits.FEATURE_CANCEL;
import static io.larder.protocol.ProtocolLimits.FEATURE_PIECES;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.FakeServer.Script;
import io.larder.client.api.RequestTimeoutException;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.RequestFlag;
import io.larder.protocol.Status;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that are taken back, and large values that nobody stands behind. */
@Timeout(60)
class CancelTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);
    private static final int LARGE_BYTES = 32 << 20;

    private static LarderBuilder client(FakeServer server) {
        return Larder.builder(server.uri())
                .requestTimeout(Duration.ofSeconds(30))
                .reconnectBackOff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    private static int idIn(Frame cancel) {
        return Unpooled.wrappedBuffer(cancel.value()).readInt();
    }

    private static boolean hasMore(Frame frame) {
        return (FrameHeader.flags(Unpooled.wrappedBuffer(frame.bytes()), 0) & RequestFlag.MORE)
                != 0;
    }

    @Test
    void cancelledCall_isTakenBack_andItsAnswerReachesNobody() throws Exception {
        CountDownLatch hasRead = new CountDownLatch(1);
        Script script =
                peer -> {
                    peer.greetWith(FEATURE_CANCEL);
                    Frame get = peer.read();
                    hasRead.countDown();
                    Frame cancel = peer.read();
                    assertThat(cancel.is(Opcode.CANCEL)).isTrue();
                    assertThat(idIn(cancel)).isEqualTo(get.id());
                    peer.write(get.reply(Status.CANCELLED));
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).windowRequests(1).connect()) {
            var get = larder.async().get(KEY);
            hasRead.await();
            get.cancel(false);
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(1);
            assertThat(server.scriptFailures()).isEmpty();
        }
    }

    @Test
    void serverWithoutCancel_isNotTold() throws Exception {
        AtomicInteger cancels = new AtomicInteger();
        CountDownLatch hasRead = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        Script script =
                peer -> {
                    peer.greet();
                    Frame get = peer.read();
                    hasRead.countDown();
                    mayAnswer.await();
                    peer.write(get.ok("late"));
                    while (true) {
                        Frame next = peer.read();
                        cancels.addAndGet(next.is(Opcode.CANCEL) ? 1 : 0);
                        peer.write(next.reply(Status.MISS));
                    }
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            var get = larder.async().get(KEY);
            hasRead.await();
            var next = larder.async().get(KEY);
            get.cancel(false);
            mayAnswer.countDown();

            assertThat(next.join()).isEmpty();
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(cancels.get()).isZero();
        }
    }

    @Test
    void replyInPieces_thatTakesTooLong_isTakenBack() throws Exception {
        Script script =
                peer -> {
                    peer.greetWith(FEATURE_CANCEL, FEATURE_PIECES);
                    Frame get = peer.read();
                    byte[] first =
                            get.replyWith(
                                    Status.OK,
                                    Frame.extension(ExtensionType.VALUE_LENGTH, 1 << 20),
                                    new byte[100]);
                    FrameHeader.putFlags(Unpooled.wrappedBuffer(first), 0, RequestFlag.MORE);
                    peer.write(first);
                    Frame cancel = peer.read();
                    assertThat(cancel.is(Opcode.CANCEL)).isTrue();
                    assertThat(idIn(cancel)).isEqualTo(get.id());
                    peer.write(get.reply(Status.CANCELLED));
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            var impatient = larder.cache().withTimeout(Duration.ofMillis(200));
            assertThatThrownBy(() -> impatient.get(KEY))
                    .isInstanceOf(RequestTimeoutException.class);
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(1);
            assertThat(server.scriptFailures()).isEmpty();
        }
    }

    @Test
    void smallRequest_overtakesALargeValue() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicInteger piecesBefore = new AtomicInteger();
        Script script =
                peer -> {
                    peer.greetWith(FEATURE_CANCEL, FEATURE_PIECES);
                    mayRead.await();
                    boolean isOver = false;
                    while (!isOver) {
                        Frame next = peer.read();
                        if (next.is(Opcode.GET)) {
                            peer.write(next.reply(Status.MISS));
                        } else if (hasMore(next)) {
                            piecesBefore.incrementAndGet();
                        } else {
                            peer.write(next.ok());
                            isOver = true;
                        }
                    }
                    peer.awaitEnd();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            var put = larder.async().put(KEY, new byte[LARGE_BYTES]);
            var get = larder.async().get(KEY).thenApply(found -> piecesBefore.get());
            mayRead.countDown();

            // What the kernel's buffers take is ahead of it, and no more; the value has 256 pieces.
            assertThat(get.join()).isLessThan(128);
            assertThat(put.join().isApplied()).isTrue();
        }
    }

    @Test
    void largeValue_thatIsCancelled_isSentNoFurther() throws Exception {
        CountDownLatch hasBegun = new CountDownLatch(1);
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicInteger pieces = new AtomicInteger();
        Script script =
                peer -> {
                    peer.greetWith(FEATURE_CANCEL, FEATURE_PIECES);
                    Frame next = peer.read();
                    if (next.is(Opcode.GET)) { // a small request may overtake a large one
                        peer.write(next.reply(Status.MISS));
                        next = peer.read();
                    }
                    int id = next.id();
                    hasBegun.countDown();
                    mayRead.await();
                    while (!next.is(Opcode.CANCEL)) {
                        if (next.is(Opcode.GET)) {
                            peer.write(next.reply(Status.MISS));
                        } else {
                            assertThat(next.id()).isEqualTo(id);
                            pieces.incrementAndGet();
                        }
                        next = peer.read();
                    }
                    assertThat(idIn(next)).isEqualTo(id);
                    byte[] cancelled =
                            Frame.reply(
                                    Status.CANCELLED.code(),
                                    id,
                                    Opcode.SET.code(),
                                    new byte[0],
                                    new byte[0]);
                    peer.write(cancelled);
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            var put = larder.async().put(KEY, new byte[LARGE_BYTES]);
            var get = larder.async().get(KEY);
            hasBegun.await();
            put.cancel(false);
            mayRead.countDown();

            assertThat(get.join()).isEmpty();
            assertThat(pieces.get()).isLessThan(256);
            assertThat(server.scriptFailures()).isEmpty();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void realServer_goesOnAfterValuesThatWereTakenBack() throws Exception {
        try (RealServer server = RealServer.start(0, "256m");
                Larder larder =
                        Larder.builder(server.uri())
                                .requestTimeout(Duration.ofSeconds(30))
                                .connect()) {
            byte[] value = new byte[LARGE_BYTES];
            for (int i = 0; i < 10; i++) {
                var put = larder.async().put(KEY, value);
                larder.ping();
                put.cancel(false);
            }
            assertThat(larder.cache().put(KEY, value).isApplied()).isTrue();
            for (int i = 0; i < 10; i++) {
                var get = larder.async().get(KEY);
                larder.ping();
                get.cancel(false);
            }
            assertThat(larder.cache().get(KEY)).hasValue(value);
            await().until(() -> larder.health().get(0).callsUnanswered() == 0);
            assertThat(larder.stats().get("uncaught_errors")).isEqualTo("0");
        }
    }
}

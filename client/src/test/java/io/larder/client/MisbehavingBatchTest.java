package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.FakeServer.Script;
import io.larder.client.api.CallInterruptedException;
import io.larder.client.api.ConnectionLostException;
import io.larder.client.api.KeyResult;
import io.larder.client.api.LarderException;
import io.larder.client.api.ProtocolViolationException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.ServerException;
import io.larder.client.api.StoredValue;
import io.larder.client.api.WriteResult;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies to a BATCH that are short, out of order, or partly refused; and its limits. */
@Timeout(30)
class MisbehavingBatchTest {
    private static List<byte[]> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> ("key " + i).getBytes(UTF_8)).toList();
    }

    private static List<Optional<String>> texts(List<Optional<byte[]>> values) {
        return values.stream().map(value -> value.map(it -> new String(it, UTF_8))).toList();
    }

    private static Larder connect(FakeServer server) {
        return Larder.builder(server.uri()).requestTimeout(Duration.ofSeconds(10)).connect();
    }

    /** Serves one BATCH by hand, the rest well. */
    private interface BatchAnswer {
        List<byte[]> answer(List<Frame> operations);
    }

    private static FakeServer serverOf(BatchAnswer firstBatch) throws Exception {
        Script script =
                peer -> {
                    peer.greet();
                    Frame batch = peer.read();
                    peer.write(
                            batch.reply(
                                    Status.OK,
                                    Frame.concatenate(firstBatch.answer(batch.batch()))));
                    while (true) {
                        Frame request = peer.read();
                        peer.write(
                                request.is(Opcode.GET)
                                        ? request.ok("alone " + request.keyText())
                                        : peer.answer(request));
                    }
                };
        return new FakeServer(script);
    }

    @Test
    void oneReplyMissing_failsTheCall() throws Exception {
        try (FakeServer server = serverOf(operations -> List.of(operations.get(0).ok("a")));
                Larder larder = connect(server)) {
            assertThatThrownBy(() -> larder.cache().getAll(keys(2)))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("no reply to operation 1");
            assertThat(larder.cache().getText("next")).hasValue("alone next");
        }
    }

    @Test
    void oneReplyTooMany_failsTheCall() throws Exception {
        try (FakeServer server =
                        serverOf(
                                operations ->
                                        List.of(
                                                operations.get(0).ok("a"),
                                                operations.get(1).ok("b"),
                                                operations.get(1).ok("c")));
                Larder larder = connect(server)) {
            assertThatThrownBy(() -> larder.cache().getAll(keys(2)))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("more replies (expected: 2)");
        }
    }

    @Test
    void repliesOutOfOrder_failTheCall() throws Exception {
        try (FakeServer server =
                        serverOf(
                                operations ->
                                        List.of(
                                                operations.get(1).ok("b"),
                                                operations.get(0).ok("a")));
                Larder larder = connect(server)) {
            assertThatThrownBy(() -> larder.cache().getAll(keys(2)))
                    .isInstanceOf(ProtocolViolationException.class);
        }
    }

    @Test
    void garbageForReplies_failsTheCall() throws Exception {
        try (FakeServer server = serverOf(operations -> List.of("garbage".getBytes(UTF_8)));
                Larder larder = connect(server)) {
            assertThatThrownBy(() -> larder.cache().getAll(keys(2)))
                    .isInstanceOf(ProtocolViolationException.class);
        }
    }

    @Test
    void oneOperationRefused_failsTheCallWithItsError() throws Exception {
        try (FakeServer server =
                        serverOf(
                                operations ->
                                        List.of(
                                                operations.get(0).ok("a"),
                                                operations
                                                        .get(1)
                                                        .reply(
                                                                Status.INTERNAL,
                                                                "bug".getBytes(UTF_8))));
                Larder larder = connect(server)) {
            assertThatThrownBy(() -> larder.cache().getAll(keys(2)))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("INTERNAL")
                    .hasMessageContaining("bug");
        }
    }

    @Test
    void repliesThatDidNotFit_areAskedForAgain() throws Exception {
        BatchAnswer answer =
                operations -> {
                    List<byte[]> replies = new ArrayList<>();
                    replies.add(operations.get(0).ok("a"));
                    replies.add(operations.get(1).reply(Status.REPLY_TOO_LARGE));
                    replies.add(operations.get(2).reply(Status.MISS));
                    return replies;
                };
        try (FakeServer server = serverOf(answer);
                Larder larder = connect(server)) {
            assertThat(texts(larder.cache().getAll(keys(3))))
                    .containsExactly(
                            Optional.of("a"), Optional.of("alone key 1"), Optional.empty());
        }
    }

    @Test
    void nothingThatFits_isAskedForOneByOneAndTheRestTogether() throws Exception {
        BatchAnswer answer =
                operations ->
                        operations.stream()
                                .map(operation -> operation.reply(Status.REPLY_TOO_LARGE))
                                .toList();
        try (FakeServer server = serverOf(answer);
                Larder larder = connect(server)) {
            assertThat(texts(larder.cache().getAll(keys(3))))
                    .containsExactly(
                            Optional.of("alone key 0"), Optional.empty(), Optional.empty());
        }
    }

    @Test
    void manyKeys_areSplitByTheServersLimits() throws Exception {
        HelloLimits limits = new HelloLimits(100, 1_000, 5, 10, 10_000);
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        Script script =
                peer -> {
                    peer.greet(limits, 1);
                    while (true) {
                        Frame request = peer.read();
                        sizes.add(request.is(Opcode.BATCH) ? request.batch().size() : 1);
                        peer.write(peer.answer(request));
                    }
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = connect(server)) {
            assertThat(larder.cache().getAll(keys(11))).hasSize(11);
            assertThat(sizes).containsExactly(5, 5, 1);
        }
    }

    private static final byte[] VALUE = "v".getBytes(UTF_8);

    private static List<KeyResult<WriteResult>> putAll(Larder larder, int count) {
        return larder.cache()
                .putAll(
                        keys(count),
                        Collections.nCopies(count, StoredValue.raw(VALUE)),
                        PutOptions.DEFAULT);
    }

    @Test
    void putAll_oneOperationRefused_failsItsKeyAlone() throws Exception {
        BatchAnswer answer =
                operations ->
                        List.of(
                                operations.get(0).ok(),
                                operations.get(1).reply(Status.OUT_OF_CAPACITY),
                                operations.get(2).reply(Status.EXISTS));
        try (FakeServer server = serverOf(answer);
                Larder larder = connect(server)) {
            List<KeyResult<WriteResult>> results = putAll(larder, 3);

            assertThat(results.get(0).get().isApplied()).isTrue();
            assertThat(results.get(1).failure())
                    .hasValueSatisfying(
                            failure -> {
                                assertThat(failure).isInstanceOf(ServerException.class);
                                assertThat(failure.mayHaveBeenApplied()).isFalse();
                            });
            assertThat(results.get(2).get()).isEqualTo(WriteResult.EXISTS);
        }
    }

    @Test
    void putAll_busyOperations_areSentAgain() throws Exception {
        BatchAnswer answer =
                operations ->
                        List.of(
                                operations.get(0).reply(Status.BUSY),
                                operations.get(1).ok(),
                                operations.get(2).reply(Status.BUSY));
        List<String> stored = new CopyOnWriteArrayList<>();
        Script script =
                peer -> {
                    peer.greet();
                    Frame first = peer.read();
                    peer.write(
                            first.reply(
                                    Status.OK, Frame.concatenate(answer.answer(first.batch()))));
                    Frame again = peer.read();
                    again.batch().forEach(operation -> stored.add(operation.keyText()));
                    peer.write(peer.answer(again));
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = connect(server)) {
            assertThat(putAll(larder, 3)).allMatch(result -> result.get().isApplied());
            assertThat(stored).containsExactly("key 0", "key 2");
        }
    }

    @Test
    void putAll_connectionLost_saysThatNobodyKnows() throws Exception {
        Script script =
                peer -> {
                    peer.greet();
                    peer.read();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = connect(server)) {
            assertThat(putAll(larder, 3))
                    .extracting(result -> result.failure().orElseThrow())
                    .allMatch(failure -> failure instanceof ConnectionLostException)
                    .allMatch(LarderException::mayHaveBeenApplied);
        }
    }

    @Test
    void getAll_connectionLost_changedNothing() throws Exception {
        Script script =
                peer -> {
                    peer.greet();
                    peer.read();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = connect(server)) {
            assertThatThrownBy(() -> larder.cache().getAll(keys(3)))
                    .isInstanceOfSatisfying(
                            LarderException.class,
                            e -> assertThat(e.mayHaveBeenApplied()).isFalse());
        }
    }

    @Test
    void putAll_repliesOutOfOrder_failEveryKey() throws Exception {
        BatchAnswer answer = operations -> List.of(operations.get(1).ok(), operations.get(0).ok());
        try (FakeServer server = serverOf(answer);
                Larder larder = connect(server)) {
            assertThat(putAll(larder, 2))
                    .extracting(result -> result.failure().orElseThrow())
                    .allMatch(failure -> failure instanceof ProtocolViolationException)
                    .allMatch(LarderException::mayHaveBeenApplied);
        }
    }

    @Test
    void cancelled_asksForNothingMore() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        List<Frame> later = new CopyOnWriteArrayList<>();
        Script script =
                peer -> {
                    peer.greet();
                    Frame batch = peer.read();
                    asked.countDown();
                    cancelled.await();
                    peer.write(
                            batch.reply(
                                    Status.OK,
                                    Frame.concatenate(
                                            batch.batch().stream()
                                                    .map(it -> it.reply(Status.BUSY))
                                                    .toList())));
                    while (true) {
                        Frame request = peer.read();
                        later.add(request);
                        peer.write(peer.answer(request));
                    }
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = connect(server)) {
            var reading = larder.cache().async().getAll(keys(3));
            asked.await();
            assertThat(reading.cancel(true)).isTrue();
            cancelled.countDown();

            assertThat(larder.cache().getText("next")).isEmpty();
            assertThat(later).extracting(Frame::keyText).containsExactly("next");
        }
    }

    @Test
    void putAll_interrupted_saysThatNobodyKnows() throws Exception {
        Script silent =
                peer -> {
                    peer.greet();
                    peer.awaitEnd();
                };
        try (FakeServer server = new FakeServer(silent);
                Larder larder = connect(server)) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> putAll(larder, 3))
                    .isInstanceOfSatisfying(
                            CallInterruptedException.class,
                            e -> assertThat(e.mayHaveBeenApplied()).isTrue());
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void keysAndValuesOfDifferentCount_areRefused() throws Exception {
        try (FakeServer server = serverOf(operations -> List.of());
                Larder larder = connect(server)) {
            assertThatThrownBy(() -> larder.cache().putAll(keys(2), List.of(), PutOptions.DEFAULT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("values: 0 (expected: 2, one a key)");
        }
    }
}

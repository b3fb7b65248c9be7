package io.larder.server.net;

import static io.larder.protocol.RequestFlag.QUIET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.command.CommandLimits;
import io.larder.server.command.ReplyFrame;
import io.larder.server.command.RequestFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many requests under way at once: each reply is its request's, whatever the ids. */
class PipeliningTest {
    @ParameterizedTest
    @EnumSource
    void manyClients_onEitherTransport_getTheirOwnAnswers(Transport transport) throws Exception {
        assumeTrue(transport.isAvailable());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (BinaryServer server =
                new BinaryServer(BinaryServer.config(), CommandLimits.DEFAULT, transport)) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                long seed = 77L + i;
                clients.add(
                        threads.submit(
                                () -> {
                                    pipeline(server.port(), seed);
                                    return null;
                                }));
            }
            for (Future<?> client : clients) {
                client.get();
            }
            assertThat(server.errors.count()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Sends rows of requests with ids in no order, and holds each reply to its request. */
    private static void pipeline(int port, long seed) throws IOException {
        Random random = new Random(seed);
        try (RawClient client = RawClient.greeted(port)) {
            for (int round = 0; round < 60; round++) {
                int count = random.nextInt(1, 200);
                RequestFrame[] row = new RequestFrame[2 * count + 1];
                Map<Integer, String> expected = new HashMap<>();
                for (int i = 0; i < count; i++) {
                    String key = "client" + seed + "-" + random.nextInt(50);
                    String value = key + "=" + "x".repeat(random.nextInt(300)) + i;
                    int id = random.nextInt();
                    row[2 * i] = RequestFrame.set(key, value).flags(QUIET).id(random.nextInt());
                    row[2 * i + 1] = RequestFrame.get(key).id(id);
                    expected.put(id, value);
                }
                row[2 * count] = RequestFrame.of(Opcode.NOOP).id(0x7E57);
                expected.remove(0x7E57);
                client.send(RequestFrame.row(row));
                for (int i = 0; i < count; i++) {
                    ReplyFrame reply = client.reply();
                    assertThat(reply.opcode()).describedAs("seed %d", seed).isEqualTo(Opcode.GET);
                    assertThat(reply.text())
                            .describedAs("seed %d", seed)
                            .isEqualTo(expected.get(reply.id()));
                }
                assertThat(client.reply().id()).isEqualTo(0x7E57);
            }
        }
    }

    @Test
    void quietRequestsAndABarrier_onlyHitsAndTheBarrierAnswer() throws IOException {
        try (BinaryServer server = new BinaryServer();
                RawClient client = RawClient.greeted(server.port())) {
            client.send(
                    RequestFrame.row(
                            RequestFrame.set("a", "1").flags(QUIET).id(1),
                            RequestFrame.get("none").flags(QUIET).id(2),
                            RequestFrame.get("a").flags(QUIET).id(3),
                            RequestFrame.of(Opcode.NOOP).id(4)));
            assertThat(client.reply().id()).isEqualTo(3);
            ReplyFrame barrier = client.reply();
            assertThat(barrier.id()).isEqualTo(4);
            assertThat(barrier.status()).isEqualTo(Status.OK);
        }
    }
}

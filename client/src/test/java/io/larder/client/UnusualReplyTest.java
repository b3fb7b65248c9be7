package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.FakeServer.Script;
import io.larder.client.api.LarderException;
import io.larder.client.api.ProtocolViolationException;
import io.larder.client.api.ServerException;
import io.larder.protocol.ExtensionType;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sound frames with unusual content: at most one call fails, and the connection is kept. */
@Timeout(30)
class UnusualReplyTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);

    private static LarderBuilder client(FakeServer server) {
        return Larder.builder(server.uri()).requestTimeout(Duration.ofSeconds(10));
    }

    private static boolean mayHaveBeenApplied(Throwable failure) {
        return ((LarderException) failure).mayHaveBeenApplied();
    }

    @Test
    void unsolicitedPush_isIgnored() throws Exception {
        Script script =
                peer -> {
                    peer.greet();
                    byte[] push = Frame.reply(0, 99, Opcode.HOT_KEY.code(), new byte[0], KEY);
                    push[0] = (byte) 0xD3;
                    peer.write(push);
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void unreadableNumber_failsTheOneCallOnly() throws Exception {
        Script script =
                peer -> {
                    peer.greet();
                    peer.write(peer.read().ok("abc")); // an INCREMENT's number has 8 bytes
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertThatThrownBy(() -> larder.cache().increment(KEY, 1))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("unreadable reply")
                    .satisfies(e -> assertThat(mayHaveBeenApplied(e)).isTrue());
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void unknownCriticalExtension_failsTheOneCallOnly() throws Exception {
        Script script =
                peer -> {
                    peer.greet();
                    peer.write(
                            peer.read()
                                    .replyWith(Status.OK, new byte[] {(byte) 0xFE, 0, 1, 9}, KEY));
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertThatThrownBy(() -> larder.cache().getEntry(KEY))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("0xfe");
            assertThat(larder.cache().get(KEY)).isEmpty();
        }
    }

    @Test
    void unknownExtension_isSkipped() throws Exception {
        byte[] version = Frame.extension(ExtensionType.VERSION, 42);
        byte[] extensions = Frame.concatenate(List.of(new byte[] {0x7E, 0, 1, 9}, version));
        Script script =
                peer -> {
                    peer.greet();
                    peer.write(peer.read().replyWith(Status.OK, extensions, KEY));
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertThat(larder.cache().getEntry(KEY))
                    .hasValueSatisfying(
                            entry -> {
                                assertThat(entry.version()).isEqualTo(42);
                                assertThat(entry.value()).isEqualTo(KEY);
                            });
        }
    }

    @Test
    void unknownStatuses_areJudgedByTheirRange() throws Exception {
        int[] statuses = {0x0F, 0x3F, 0x7F, 0xBF};
        Script script =
                peer -> {
                    peer.greet();
                    for (int status : statuses) {
                        Frame request = peer.read();
                        peer.write(
                                Frame.reply(
                                        status, request.id(), request.opcode(), new byte[0], KEY));
                    }
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            assertThat(larder.cache().get(KEY)).hasValue(KEY);
            assertThat(larder.cache().get(KEY)).isEmpty();
            assertThatThrownBy(() -> larder.cache().put(KEY, KEY))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("STATUS_0x7F")
                    .satisfies(e -> assertThat(mayHaveBeenApplied(e)).isFalse());
            assertThatThrownBy(() -> larder.cache().put(KEY, KEY))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("STATUS_0xBF")
                    .satisfies(e -> assertThat(mayHaveBeenApplied(e)).isTrue());
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void repliesInReverse_reachTheRightCalls() throws Exception {
        int calls = 100;
        Script script =
                peer -> {
                    peer.greet();
                    List<byte[]> replies = new ArrayList<>();
                    for (int i = 0; i < calls; i++) {
                        Frame request = peer.read();
                        replies.add(0, request.ok("value of " + request.keyText()));
                    }
                    peer.write(Frame.concatenate(replies));
                    peer.serve();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server).connect()) {
            List<CompletableFuture<Optional<String>>> futures = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                futures.add(larder.async().getText("key " + i));
            }
            for (int i = 0; i < calls; i++) {
                assertThat(futures.get(i).get()).hasValue("value of key " + i);
            }
        }
    }
}

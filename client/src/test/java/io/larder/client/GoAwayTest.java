package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.client.FakeServer.Script;
import io.larder.client.api.BytesCache;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.api.Ttl;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.server.StartException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server says that it is stopping, and no call fails for it. */
@Timeout(120)
class GoAwayTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);
    private static final int THREADS = 8;

    private static byte[] push(int opcode, int bodyBytes) {
        ByteBuf frame = Unpooled.buffer().writeZero(24 + bodyBytes);
        FrameHeader.putPush(frame, 0, opcode, 0);
        FrameHeader.putLengths(frame, 0, 0, 0, bodyBytes);
        return ByteBufUtil.getBytes(frame);
    }

    private static LarderBuilder client(int port) {
        return Larder.builder("larder://127.0.0.1:" + port)
                .requestTimeout(Duration.ofSeconds(20))
                .reconnectBackOff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    @Test
    void whatIsUnanswered_isStillAnswered_andTheRestGoesOverTheNextConnection() throws Exception {
        Script first =
                peer -> {
                    peer.greet();
                    var one = peer.read();
                    var two = peer.read();
                    peer.write(push(Opcode.GOAWAY.code(), 0), one.ok("one"));
                    peer.write(two.ok("two"));
                    peer.awaitEnd();
                };
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server.port()).connect()) {
            var one = larder.async().get(KEY);
            var two = larder.async().get(KEY);

            assertThat(one.join()).hasValue("one".getBytes(UTF_8));
            var three = larder.async().get(KEY);
            assertThat(two.join()).hasValue("two".getBytes(UTF_8));
            assertThat(three.join()).isEmpty();
            assertThat(server.connections()).isEqualTo(2);
            assertThat(server.scriptFailures()).isEmpty();
        }
    }

    @Test
    void idleConnection_isReplaced() throws Exception {
        Script first =
                peer -> {
                    peer.greet();
                    peer.write(peer.read().ok(), push(Opcode.GOAWAY.code(), 0));
                    peer.awaitEnd();
                };
        try (FakeServer server = FakeServer.firstThenGood(first);
                Larder larder = client(server.port()).connect()) {
            larder.ping();
            await().until(() -> server.connections() == 2);
            assertThat(larder.cache().get(KEY)).isEmpty();
        }
    }

    @Test
    void serverThatGreetsAndLeaves_isNotStormed() throws Exception {
        Script leaving =
                peer -> {
                    peer.greet();
                    peer.write(push(Opcode.GOAWAY.code(), 0));
                    peer.awaitEnd();
                };
        try (FakeServer server = new FakeServer(leaving);
                Larder larder =
                        Larder.builder(server.uri())
                                .requestTimeout(Duration.ofMillis(300))
                                .reconnectBackOff(Duration.ofSeconds(20), Duration.ofSeconds(20))
                                .connect()) {
            await().until(() -> !larder.health().get(0).isConnected());
            assertThat(larder.async().get(KEY).handle((value, failure) -> failure).join())
                    .isNotNull();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void pushBeforeTheGreeting_orOfAnUnknownKind_isIgnored() throws Exception {
        Script script =
                peer -> {
                    var hello = peer.read();
                    peer.write(push(Opcode.GOAWAY.code(), 0), push(0xFE, 100), hello.greeting());
                    var get = peer.read();
                    peer.write(push(0xFE, 0), push(Opcode.TOPOLOGY.code(), 9), get.ok("value"));
                    peer.awaitEnd();
                };
        try (FakeServer server = new FakeServer(script);
                Larder larder = client(server.port()).connect()) {
            assertThat(larder.cache().get(KEY)).hasValue("value".getBytes(UTF_8));
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    /** The successor listens on the port as soon as the leaving server has left it. */
    @Test
    void restartUnderLoad_failsNoCall() throws Exception {
        RealServer server = RealServer.start();
        int port = server.port();
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1);
        try (Larder larder = client(port).connect()) {
            List<Future<Integer>> loads = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                byte[] key = ("key " + thread).getBytes(UTF_8);
                loads.add(executor.submit(() -> load(larder.cache(), key, stop)));
            }
            for (int restart = 0; restart < 3; restart++) {
                larder.cache().get(KEY);
                server = replace(server, executor);
            }
            assertThat(larder.cache().put(KEY, KEY).isApplied()).isTrue();
            stop.set(true);
            for (Future<Integer> load : loads) {
                assertThat(load.get()).isPositive();
            }
        } finally {
            stop.set(true);
            executor.shutdown();
            server.close();
        }
    }

    @Test
    void serverThatLeavesUnderLoad_failsNoCall_ofThoseThatMayGoToTheNext() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        RealServer leaving = RealServer.start();
        try (RealServer staying = RealServer.start();
                Larder larder =
                        Larder.builder(leaving.uri() + ",127.0.0.1:" + staying.port())
                                .requestTimeout(Duration.ofSeconds(20))
                                .whenDisconnected(WhenDisconnected.NEXT_SERVER)
                                .connect()) {
            List<Future<Integer>> loads = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                byte[] key = ("key " + thread).getBytes(UTF_8);
                loads.add(executor.submit(() -> load(larder.cache(), key, stop)));
            }
            await().until(() -> larder.cache().getText("counter").isPresent());
            leaving.close();
            assertThat(larder.cache().put(KEY, KEY).isApplied()).isTrue();
            stop.set(true);
            for (Future<Integer> load : loads) {
                assertThat(load.get()).isPositive();
            }
        } finally {
            stop.set(true);
            executor.shutdown();
            leaving.close();
        }
    }

    private static int load(BytesCache cache, byte[] key, AtomicBoolean stop) {
        int calls = 0;
        while (!stop.get()) {
            assertThat(cache.put(key, key).isApplied()).isTrue();
            cache.increment("counter", 1, 0, Ttl.NEVER);
            cache.get(key).ifPresent(value -> assertThat(value).isEqualTo(key));
            calls++;
        }
        return calls;
    }

    private static RealServer replace(RealServer leaving, ExecutorService executor)
            throws Exception {
        int port = leaving.port();
        Future<?> end = executor.submit(leaving::close);
        RealServer[] successor = new RealServer[1];
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .ignoreExceptionsInstanceOf(StartException.class)
                .until(
                        () -> {
                            successor[0] = RealServer.start(port);
                            return true;
                        });
        end.get();
        return successor[0];
    }
}

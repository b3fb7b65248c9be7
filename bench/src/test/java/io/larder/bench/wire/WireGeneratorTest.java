package io.larder.bench.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.bench.BenchException;
import io.larder.bench.wire.KeySequence.Distribution;
import io.larder.server.LarderServer;
import io.larder.server.config.ConfigurationLoader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The generator against a whole server, in each of its protocols. */
@Timeout(60)
class WireGeneratorTest {
    private static final int KEYS = 1_000;
    private static final int DEPTH = 7;
    private static final long NANOS = 50_000_000;

    private static LarderServer server;

    private final WireTally tally = new WireTally();

    @BeforeAll
    static void startServer() throws Exception {
        server =
                LarderServer.start(
                        new ConfigurationLoader()
                                .define("listeners.data.port=0")
                                .define("listeners.admin.port=0")
                                .define("listeners.http.port=0")
                                .define("listeners.memcached.port=0")
                                .define("listeners.resp.port=0")
                                .define("threads.event-loops=1")
                                .define("store.memory=64m")
                                .load());
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static InetSocketAddress address(Protocol protocol) {
        String listener =
                switch (protocol) {
                    case LARDER -> "data";
                    case MEMCACHED -> "memcached";
                    case RESP -> "resp";
                };
        return requireNonNull(server.address(listener));
    }

    private static WireGenerator connect(Protocol protocol, int valueBytes) {
        return WireGenerator.connect(
                address(protocol),
                protocol,
                new WireItems(valueBytes),
                new WireGenerator.Size(3, DEPTH));
    }

    private static WireGenerator.Load load(int keys, int setPercent) {
        return new WireGenerator.Load(
                KeySequence.draw(Distribution.uniform, keys), DEPTH, setPercent);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void bothLoops_getEveryAnswerRight(Protocol protocol) {
        try (WireGenerator generator = connect(protocol, 100)) {
            generator.store(0, KEYS, tally);
            assertThat(tally.operations()).isEqualTo(KEYS);

            generator.run(load(KEYS, 20), NANOS, tally);
            long closed = tally.operations() - KEYS;
            generator.runOpen(load(KEYS, 20), 10_000, NANOS, tally);

            assertThat(closed).isPositive().satisfies(count -> assertThat(count % DEPTH).isZero());
            assertThat(tally.operations()).isGreaterThan(KEYS + closed);
            assertThat(tally.misses()).isZero();
            assertThat(tally.failed()).isZero();
        }
    }

    /** More than the sockets hold, both ways at once: neither side may wait for the other. */
    @ParameterizedTest
    @EnumSource(Protocol.class)
    void batchesLargerThanTheSockets_areAnswered(Protocol protocol) {
        int depth = 64;
        int keys = 64;
        try (WireGenerator generator =
                WireGenerator.connect(
                        address(protocol),
                        protocol,
                        new WireItems(64 << 10),
                        new WireGenerator.Size(1, depth))) {
            generator.store(0, keys, tally);

            generator.run(
                    new WireGenerator.Load(KeySequence.draw(Distribution.uniform, keys), depth, 50),
                    NANOS,
                    tally);

            assertThat(tally.operations()).isGreaterThanOrEqualTo(keys + depth);
            assertThat(tally.misses()).isZero();
            assertThat(tally.failed()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void absentKeys_areMisses(Protocol protocol) {
        try (WireGenerator generator = connect(protocol, 24)) {
            generator.store(0, KEYS, tally);
            tally.reset();

            generator.run(load(WireItems.KEYS_MAX, 0), NANOS, tally);

            assertThat(tally.misses()).isPositive();
            assertThat(tally.failed()).isZero();
        }
    }

    @Test
    void serverThatCloses_endsTheRun() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WireGenerator generator =
                        WireGenerator.connect(
                                (InetSocketAddress) listener.getLocalSocketAddress(),
                                Protocol.RESP,
                                new WireItems(8),
                                new WireGenerator.Size(1, 1));
                Socket accepted = listener.accept()) {
            accepted.shutdownOutput();

            assertThatThrownBy(() -> generator.run(load(1, 0), NANOS, tally))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("closed the connection");
        }
    }

    @Test
    void answerThatNobodyAskedFor_endsTheRun() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WireGenerator generator =
                        WireGenerator.connect(
                                (InetSocketAddress) listener.getLocalSocketAddress(),
                                Protocol.RESP,
                                new WireItems(8),
                                new WireGenerator.Size(1, 1));
                Socket accepted = listener.accept()) {
            accepted.getOutputStream().write("$-1\r\n".repeat(DEPTH + 1).getBytes());

            assertThatThrownBy(() -> generator.run(load(1, 0), NANOS, tally))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("expected: of a request not yet answered");
        }
    }
}

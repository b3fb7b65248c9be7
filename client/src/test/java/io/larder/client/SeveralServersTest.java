package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.api.BytesCache;
import io.larder.client.api.CircuitOpenException;
import io.larder.client.api.LarderException;
import io.larder.client.api.LarderOptions.WhenDisconnected;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.ServerHealth;
import io.larder.client.api.ServerHealth.Circuit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One client of three real servers. */
@Timeout(120)
class SeveralServersTest {
    private static final int KEYS = 300;

    private final List<RealServer> servers = new ArrayList<>();

    @BeforeEach
    void startServers() throws Exception {
        for (int i = 0; i < 3; i++) {
            servers.add(RealServer.start());
        }
    }

    @AfterEach
    void stopServers() {
        servers.forEach(RealServer::close);
    }

    private String uri() {
        return servers.stream()
                .map(server -> "127.0.0.1:" + server.port())
                .collect(Collectors.joining(",", "larder://", ""));
    }

    private LarderBuilder client() {
        return Larder.builder(uri())
                .requestTimeout(Duration.ofSeconds(20))
                .reconnectBackOff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    private static byte[] key(int i) {
        return ("key " + i).getBytes(UTF_8);
    }

    private static void putAll(BytesCache cache) {
        List<CompletableFuture<?>> puts = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            puts.add(cache.async().put(key(i), key(i)));
        }
        puts.forEach(CompletableFuture::join);
    }

    private static List<byte[]> keys() {
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            keys.add(key(i));
        }
        return keys;
    }

    private static Set<String> scanAll(BytesCache cache) {
        Set<String> found = new HashSet<>();
        cache.keys(new byte[0]).forEach(key -> found.add(new String(key, UTF_8)));
        return found;
    }

    /** How many of the keys a server has, asked alone. */
    private static int countOn(RealServer server) {
        try (Larder larder = Larder.connect(server.uri())) {
            return scanAll(larder.cache()).size();
        }
    }

    @Test
    void keys_areDividedAndFoundAgain_alsoByAnotherClient() {
        try (Larder larder = client().connect()) {
            putAll(larder.cache());
        }
        List<Integer> counts = servers.stream().map(SeveralServersTest::countOn).toList();
        assertThat(counts).allSatisfy(count -> assertThat(count).isGreaterThan(KEYS / 6));
        assertThat(counts.stream().mapToInt(it -> it).sum()).isEqualTo(KEYS);

        List<RealServer> inOrder = List.copyOf(servers);
        servers.clear();
        servers.addAll(List.of(inOrder.get(2), inOrder.get(0), inOrder.get(1)));
        try (Larder other = client().connectionsPerServer(4).eventLoopThreads(2).connect()) {
            for (int i = 0; i < KEYS; i++) {
                assertThat(other.cache().get(key(i))).hasValue(key(i));
            }
        }
    }

    @Test
    void getAll_asksEachServerForItsOwn() {
        try (Larder larder = client().connectionsPerServer(2).connect()) {
            putAll(larder.cache());
            List<byte[]> wanted = keys();
            wanted.add("absent".getBytes(UTF_8));

            List<Optional<byte[]>> found = larder.cache().getAll(wanted);

            assertThat(found).hasSize(KEYS + 1);
            for (int i = 0; i < KEYS; i++) {
                assertThat(found.get(i)).hasValue(key(i));
            }
            assertThat(found.get(KEYS)).isEmpty();
        }
    }

    @Test
    void scan_goesThroughAllServers() {
        try (Larder larder = client().connect()) {
            putAll(larder.cache("named"));

            assertThat(scanAll(larder.cache("named"))).hasSize(KEYS);
            assertThat(scanAll(larder.cache())).isEmpty();
        }
    }

    @Test
    void scanFrom_beginsWithItsKey_andNeverComesBack() {
        try (Larder larder = client().connect()) {
            BytesCache cache = larder.cache();
            putAll(cache);
            Set<String> found = new HashSet<>();
            var page = cache.scanFrom(key(7), new byte[0], 10);
            assertThat(page.keys()).first().isEqualTo(key(7));
            while (true) {
                page.keys().forEach(key -> assertThat(found.add(new String(key, UTF_8))).isTrue());
                if (page.isLast()) {
                    break;
                }
                page = cache.scan(new byte[0], page.nextCursor(), 10);
            }
            assertThat(found).hasSizeLessThanOrEqualTo(KEYS);
        }
    }

    @Test
    void cursorOfAServerThatIsNot_isRefused() {
        try (Larder larder = client().connect()) {
            assertThatThrownBy(() -> larder.cache().scan(new byte[0], 3L << 56, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cursor: ");
        }
    }

    @Test
    void clear_emptiesAllServers() {
        try (Larder larder = client().connect()) {
            putAll(larder.cache("named"));
            larder.cache().putText("other", "stays");

            larder.cache("named").clear();

            assertThat(scanAll(larder.cache("named"))).isEmpty();
            assertThat(larder.cache().getText("other")).hasValue("stays");
        }
    }

    @Test
    void statsAndPing_askAllServers() {
        try (Larder larder = client().connect()) {
            putAll(larder.cache());

            Map<String, String> stats = larder.stats();

            int items = 0;
            for (RealServer server : servers) {
                items += Integer.parseInt(stats.get("127.0.0.1:" + server.port() + "/items"));
            }
            assertThat(items).isEqualTo(KEYS);
            assertThat(larder.ping()).isPositive();
        }
    }

    @Test
    void health_tellsOfEachConnection() {
        try (Larder larder = client().connectionsPerServer(2).connect()) {
            assertThat(larder.health())
                    .hasSize(6)
                    .allSatisfy(
                            health -> {
                                assertThat(health.isConnected()).isTrue();
                                assertThat(health.circuit()).isEqualTo(Circuit.CLOSED);
                            });
            servers.get(1).close();
            await().until(
                            () ->
                                    larder.health().stream()
                                            .filter(health -> health.connectFailures() > 2)
                                            .map(ServerHealth::address)
                                            .toList()
                                            .equals(
                                                    List.of(
                                                            "127.0.0.1:" + servers.get(1).port(),
                                                            "127.0.0.1:" + servers.get(1).port())));
        }
    }

    @Test
    void deadServer_takesItsKeysWithIt_andNoOthers() {
        try (Larder larder = client().whenDisconnected(WhenDisconnected.FAIL_FAST).connect()) {
            putAll(larder.cache());
            int lost = countOn(servers.get(1));
            servers.get(1).close();
            await().until(() -> !larder.health().get(1).isConnected());

            int failed = 0;
            for (int i = 0; i < KEYS; i++) {
                try {
                    assertThat(larder.cache().get(key(i))).hasValue(key(i));
                } catch (LarderException e) {
                    assertThat(e)
                            .isInstanceOfAny(
                                    NotConnectedException.class, CircuitOpenException.class);
                    failed++;
                }
            }

            assertThat(failed).isEqualTo(lost);
        }
    }

    @Test
    void nextServer_hasTheKeysOfADeadOne_untilItIsBack() throws Exception {
        try (Larder larder = client().whenDisconnected(WhenDisconnected.NEXT_SERVER).connect()) {
            putAll(larder.cache());
            int port = servers.get(1).port();
            servers.get(1).close();
            await().until(() -> !larder.health().get(1).isConnected());

            putAll(larder.cache());
            for (int i = 0; i < KEYS; i++) {
                assertThat(larder.cache().get(key(i))).hasValue(key(i));
            }
            assertThat(countOn(servers.get(0)) + countOn(servers.get(2))).isEqualTo(KEYS);

            servers.set(1, RealServer.start(port));
            await().until(() -> larder.health().get(1).isConnected());
            putAll(larder.cache());
            assertThat(countOn(servers.get(1))).isGreaterThan(KEYS / 6);
        }
    }

    @Test
    void noServer_failsConnect_oneIsEnough() {
        servers.get(0).close();
        servers.get(1).close();
        try (Larder larder = client().connect()) {
            assertThat(larder.health()).extracting(ServerHealth::isConnected).contains(true);
        }
        servers.get(2).close();
        assertThatThrownBy(() -> client().connect()).isInstanceOf(NotConnectedException.class);
    }

    @Test
    void callsForAKey_keepTheirOrder_onAnyNumberOfConnections() {
        try (Larder larder = client().connectionsPerServer(4).eventLoopThreads(2).connect()) {
            BytesCache cache = larder.cache();
            List<CompletableFuture<Boolean>> inOrder = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                byte[] key = key(i % 20);
                byte[] value = ("value " + i).getBytes(UTF_8);
                var unused = cache.async().put(key, value, PutOptions.DEFAULT);
                inOrder.add(
                        cache.async()
                                .get(key)
                                .thenApply(
                                        found ->
                                                new String(found.orElseThrow(), UTF_8)
                                                        .equals(new String(value, UTF_8))));
            }
            assertThat(inOrder).allSatisfy(it -> assertThat(it.join()).isTrue());
        }
    }
}

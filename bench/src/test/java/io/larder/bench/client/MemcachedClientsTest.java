package io.larder.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.compat.CompatServer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.rubyeye.xmemcached.GetsResponse;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.command.BinaryCommandFactory;
import net.rubyeye.xmemcached.exception.MemcachedException;
import net.spy.memcached.CASResponse;
import net.spy.memcached.CASValue;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.ConnectionFactoryBuilder.Protocol;
import net.spy.memcached.MemcachedClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** memcached's clients on the JVM, as their users use them, against a server of Larder's. */
@Tag("slow")
@Timeout(60)
class MemcachedClientsTest {
    private static final int MANY = 500;
    private static final int LARGE_BYTES = 900_000;
    private static final int SECONDS_MAX = 20;

    private static CompatServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new CompatServer("listeners.memcached.port=0", "store.memory=64m");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() throws Exception {
        assertThat(server.talk("memcached", "flush_all\r\n")).isEqualTo("OK\r\n");
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", server.port("memcached"));
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void spymemcached_doesAllItKnows(Protocol protocol) throws Exception {
        MemcachedClient client =
                new MemcachedClient(
                        new ConnectionFactoryBuilder()
                                .setProtocol(protocol)
                                .setOpTimeout(TimeUnit.SECONDS.toMillis(SECONDS_MAX))
                                .build(),
                        List.of(address()));
        try {
            assertThat(client.set("a", 0, "one").get()).isTrue();
            assertThat(client.add("a", 0, "two").get()).isFalse();
            assertThat(client.replace("none", 0, "two").get()).isFalse();
            assertThat(client.get("a")).isEqualTo("one");
            assertThat(client.get("none")).isNull();
            assertThat(client.append("a", "!").get()).isTrue();
            assertThat(client.prepend("a", "<").get()).isTrue();
            CASValue<Object> seen = client.gets("a");
            assertThat(seen.getValue()).isEqualTo("<one!");
            assertThat(client.cas("a", seen.getCas(), "two")).isEqualTo(CASResponse.OK);
            assertThat(client.cas("a", seen.getCas(), "three")).isEqualTo(CASResponse.EXISTS);
            assertThat(client.cas("none", seen.getCas(), "x")).isEqualTo(CASResponse.NOT_FOUND);
            assertThat(client.incr("n", 2, 40)).isEqualTo(40);
            assertThat(client.incr("n", 2)).isEqualTo(42);
            assertThat(client.decr("n", 50)).isZero();
            assertThat(client.incr("none", 1)).isEqualTo(-1);
            assertThat(client.touch("a", 100).get()).isTrue();
            assertThat(client.delete("a").get()).isTrue();
            assertThat(client.delete("a").get()).isFalse();
            assertThat(client.getVersions()).containsValue("1.6.18");
            assertThat(client.getStats().values().iterator().next())
                    .containsKeys("curr_items", "cmd_get", "get_hits", "bytes_read");
            for (int i = 0; i < MANY; i++) {
                var unused = client.set("k" + i, 0, i);
            }
            List<String> keys = new ArrayList<>();
            Map<String, Object> expected = new HashMap<>();
            for (int i = 0; i < MANY; i++) {
                keys.add("k" + i);
                expected.put("k" + i, i);
            }
            keys.add("none");
            assertThat(client.getBulk(keys)).isEqualTo(expected);
            byte[] large = new byte[LARGE_BYTES];
            large[LARGE_BYTES - 1] = 7;
            assertThat(client.set("large", 0, large).get()).isTrue();
            assertThat((byte[]) client.get("large")).isEqualTo(large);
            assertThat(client.flush().get()).isTrue();
            assertThat(client.get("k1")).isNull();
        } finally {
            client.shutdown(5, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void xmemcached_doesAllItKnows(boolean isBinary) throws Exception {
        XMemcachedClientBuilder builder = new XMemcachedClientBuilder(List.of(address()));
        if (isBinary) {
            builder.setCommandFactory(new BinaryCommandFactory());
        }
        builder.setOpTimeout(TimeUnit.SECONDS.toMillis(SECONDS_MAX));
        net.rubyeye.xmemcached.MemcachedClient client = builder.build();
        try {
            assertThat(client.set("a", 0, "one")).isTrue();
            assertThat(client.add("a", 0, "two")).isFalse();
            assertThat(client.replace("none", 0, "two")).isFalse();
            assertThat(client.<String>get("a")).isEqualTo("one");
            assertThat(client.<String>get("none")).isNull();
            assertThat(client.append("a", "!")).isTrue();
            assertThat(client.prepend("a", "<")).isTrue();
            GetsResponse<String> seen = client.gets("a");
            assertThat(seen.getValue()).isEqualTo("<one!");
            assertThat(client.cas("a", 0, "two", seen.getCas())).isTrue();
            assertThat(client.cas("a", 0, "three", seen.getCas())).isFalse();
            assertThat(client.incr("n", 2, 40)).isEqualTo(40);
            assertThat(client.incr("n", 2)).isEqualTo(42);
            assertThat(client.decr("n", 50)).isZero();
            assertThat(client.touch("a", 100)).isTrue();
            if (isBinary) {
                assertThat(client.<String>getAndTouch("a", 100)).isEqualTo("two");
            }
            assertThat(client.delete("a")).isTrue();
            assertThat(client.delete("a")).isFalse();
            client.setWithNoReply("quiet", 0, "x");
            assertThat(client.<String>get("quiet")).isEqualTo("x");
            client.deleteWithNoReply("quiet");
            assertThat(client.<String>get("quiet")).isNull();
            List<String> keys = new ArrayList<>();
            Map<String, Object> expected = new HashMap<>();
            for (int i = 0; i < MANY; i++) {
                client.setWithNoReply("k" + i, 0, i);
                keys.add("k" + i);
                expected.put("k" + i, i);
            }
            keys.add("none");
            assertThat(client.<Object>get(keys)).isEqualTo(expected);
            assertThat(client.getStats().get(address())).containsKeys("curr_items", "get_hits");
            assertThat(client.getVersions()).containsValue("1.6.18");
            assertThat(client.set("word", 0, "x")).isTrue();
            assertThatThrownBy(() -> client.incr("word", 1)).isInstanceOf(MemcachedException.class);
            client.flushAll();
            assertThat(client.<Object>get("k1")).isNull();
        } finally {
            client.shutdown();
        }
    }
}

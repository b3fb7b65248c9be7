package io.larder.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.compat.CompatServer;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ExpireArgs;
import io.lettuce.core.GetExArgs;
import io.lettuce.core.KeyValue;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.GetExParams;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/** Redis's clients on the JVM, as their users use them, against a server of Larder's. */
@Tag("slow")
@Timeout(60)
class RespClientsTest {
    private static final int MANY = 500;

    private static CompatServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new CompatServer("listeners.resp.port=0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() throws Exception {
        assertThat(server.talk("resp", "FLUSHALL\r\n")).isEqualTo("+OK\r\n");
    }

    private static RedisClient lettuce(ProtocolVersion version) {
        RedisClient client =
                RedisClient.create("redis://127.0.0.1:" + server.port("resp") + "?timeout=10s");
        client.setOptions(ClientOptions.builder().protocolVersion(version).build());
        return client;
    }

    private static void end(RedisClient client) {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @EnumSource(names = {"RESP2", "RESP3"})
    void lettuce_reads_writes_counts_expiresAndScans(ProtocolVersion version) {
        RedisClient client = lettuce(version);
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();

            assertThat(redis.ping()).isEqualTo("PONG");
            assertThat(redis.set("a", "1", SetArgs.Builder.nx().px(60_000))).isEqualTo("OK");
            assertThat(redis.set("a", "2", SetArgs.Builder.nx())).isNull();
            assertThat(redis.setGet("a", "3", SetArgs.Builder.keepttl())).isEqualTo("1");
            assertThat(redis.pttl("a")).isBetween(1L, 60_000L);
            assertThat(redis.getex("a", GetExArgs.Builder.persist())).isEqualTo("3");
            assertThat(redis.ttl("a")).isEqualTo(-1);
            assertThat(redis.expire("a", 100, ExpireArgs.Builder.nx())).isTrue();
            assertThat(redis.expire("a", 50, ExpireArgs.Builder.gt())).isFalse();
            assertThat(redis.mset(Map.of("b", "x", "c", "y"))).isEqualTo("OK");
            assertThat(redis.mget("b", "none", "c"))
                    .containsExactly(
                            KeyValue.just("b", "x"),
                            KeyValue.empty("none"),
                            KeyValue.just("c", "y"));
            assertThat(redis.msetnx(Map.of("b", "z", "d", "z"))).isFalse();
            assertThat(redis.incrby("n", 41)).isEqualTo(41);
            assertThat(redis.incr("n")).isEqualTo(42);
            assertThat(redis.incrbyfloat("f", 0.5)).isEqualTo(0.5);
            assertThat(redis.append("b", "yz")).isEqualTo(3);
            assertThat(redis.setrange("b", 1, "--")).isEqualTo(3);
            assertThat(redis.getrange("b", 0, 1)).isEqualTo("x-");
            assertThat(redis.exists("a", "b", "none")).isEqualTo(2);
            assertThat(redis.getdel("c")).isEqualTo("y");
            assertThat(redis.del("b", "none")).isEqualTo(1);
            assertThat(redis.type("a")).isEqualTo("string");
            assertThat(redis.clientGetname()).isNull();
            assertThat(redis.clientList()).contains("laddr=127.0.0.1:" + server.port("resp"));
            assertThat(redis.dbsize()).isEqualTo(3);
            assertThat(redis.randomkey()).isIn("a", "n", "f");
            assertThat(redis.info("server")).contains("redis_mode:standalone");
            assertThat(redis.commandCount()).isPositive();
            assertThat(redis.configGet("maxmemory")).containsKey("maxmemory");
            assertThat(keys(ScanIterator.scan(redis))).containsExactlyInAnyOrder("a", "n", "f");
            assertThatThrownBy(() -> redis.lpush("list", "x"))
                    .isInstanceOf(RedisCommandExecutionException.class)
                    .hasMessageContaining("unknown command 'LPUSH'");
            assertThat(redis.get("a")).isEqualTo("3");
        } finally {
            end(client);
        }
    }

    private static Set<String> keys(ScanIterator<String> scan) {
        Set<String> keys = new HashSet<>();
        scan.forEachRemaining(keys::add);
        return keys;
    }

    @Test
    void lettuce_pipelines_andGetsEachAnswerForItsQuestion() throws Exception {
        RedisClient client = lettuce(ProtocolVersion.RESP3);
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisAsyncCommands<String, String> redis = connection.async();
            connection.setAutoFlushCommands(false);
            List<RedisFuture<?>> writes = new ArrayList<>();
            List<RedisFuture<String>> reads = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                writes.add(redis.set("k" + i, "v" + i));
                reads.add(redis.get("k" + i));
            }
            connection.flushCommands();

            assertThat(
                            LettuceFutures.awaitAll(
                                    Duration.ofSeconds(20), writes.toArray(RedisFuture[]::new)))
                    .isTrue();
            for (int i = 0; i < MANY; i++) {
                assertThat(reads.get(i).get(20, TimeUnit.SECONDS)).isEqualTo("v" + i);
            }
        } finally {
            end(client);
        }
    }

    @Test
    void lettuce_isToldOfAChangeToWhatItHasRead() throws Exception {
        RedisClient client = lettuce(ProtocolVersion.RESP3);
        try (StatefulRedisConnection<String, String> near = client.connect();
                StatefulRedisConnection<String, String> writer = client.connect()) {
            BlockingQueue<List<?>> told = new LinkedBlockingQueue<>();
            near.addListener(message -> told.add(message.getContent(bytes -> bytes)));
            near.sync().clientTracking(TrackingArgs.Builder.enabled());
            writer.sync().set("a", "1");
            assertThat(near.sync().get("a")).isEqualTo("1");

            writer.sync().set("a", "2");

            List<?> push = told.poll(20, TimeUnit.SECONDS);
            assertThat(push).hasSize(2);
            assertThat(near.sync().get("a")).isEqualTo("2");
        } finally {
            end(client);
        }
    }

    private static Jedis jedis(RedisProtocol protocol) {
        return new Jedis(
                new HostAndPort("127.0.0.1", server.port("resp")),
                DefaultJedisClientConfig.builder()
                        .protocol(protocol)
                        .clientName("shop")
                        .timeoutMillis(10_000)
                        .build());
    }

    @ParameterizedTest
    @EnumSource(names = {"RESP2", "RESP3"})
    void jedis_reads_writes_counts_expiresAndScans(RedisProtocol protocol) {
        try (Jedis redis = jedis(protocol)) {
            assertThat(redis.clientGetname()).isEqualTo("shop");
            assertThat(redis.set("a", "1", SetParams.setParams().nx().ex(60))).isEqualTo("OK");
            assertThat(redis.set("a", "2", SetParams.setParams().nx())).isNull();
            assertThat(redis.setGet("a", "3")).isEqualTo("1");
            assertThat(redis.ttl("a")).isEqualTo(-1);
            assertThat(redis.getEx("a", GetExParams.getExParams().ex(60))).isEqualTo("3");
            assertThat(redis.ttl("a")).isBetween(1L, 60L);
            assertThat(redis.persist("a")).isEqualTo(1);
            assertThat(redis.mset("b", "x", "c", "y")).isEqualTo("OK");
            assertThat(redis.mget("b", "none", "c")).containsExactly("x", null, "y");
            assertThat(redis.incrBy("n", 41)).isEqualTo(41);
            assertThat(redis.decr("n")).isEqualTo(40);
            assertThat(redis.incrByFloat("f", 10.25)).isEqualTo(10.25);
            assertThat(redis.strlen("a")).isEqualTo(1);
            assertThat(redis.unlink("b", "none")).isEqualTo(1);
            assertThat(redis.dbSize()).isEqualTo(4);
            assertThat(scanned(redis)).containsExactlyInAnyOrder("a", "c", "n", "f");
            assertThatThrownBy(() -> redis.incr("c"))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessage("ERR value is not an integer or out of range");
            byte[] bytes = {0, (byte) 0xff, '\r', '\n', 0};
            redis.set(bytes, bytes);
            assertThat(redis.get(bytes)).isEqualTo(bytes);
        }
    }

    private static Set<String> scanned(Jedis redis) {
        Set<String> keys = new HashSet<>();
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> page = redis.scan(cursor, new ScanParams().count(100));
            keys.addAll(page.getResult());
            cursor = page.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return keys;
    }

    @Test
    void jedis_pipelines_andGetsEachAnswerForItsQuestion() {
        try (Jedis redis = jedis(RedisProtocol.RESP2);
                Pipeline pipeline = redis.pipelined()) {
            List<Response<String>> reads = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                pipeline.set("k" + i, "v" + i);
                reads.add(pipeline.get("k" + i));
            }

            pipeline.sync();

            for (int i = 0; i < MANY; i++) {
                assertThat(reads.get(i).get()).isEqualTo("v" + i);
            }
        }
    }
}

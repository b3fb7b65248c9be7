package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.BytesCache;
import io.larder.client.api.Entry;
import io.larder.client.api.NotANumberException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.RegionStats;
import io.larder.client.api.ScanPage;
import io.larder.client.api.TooLargeException;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult;
import io.larder.client.api.WriteResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Every operation of the client against the real server; each test has a key of its own. */
@Timeout(60)
class RealServerTest {
    private static final byte[] ONE = bytes("one");
    private static final byte[] TWO = bytes("two");

    private static RealServer server;
    private static Larder larder;

    private final BytesCache cache = larder.cache();
    private byte[] key;

    @BeforeAll
    static void start() throws Exception {
        server = RealServer.start();
        larder = Larder.builder(server.uri()).requestTimeout(Duration.ofSeconds(20)).connect();
    }

    @AfterAll
    static void stop() {
        larder.close();
        server.close();
    }

    @BeforeEach
    void nameKey(TestInfo test) {
        key = bytes(test.getTestMethod().orElseThrow().getName());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void stats_ofARegion_areItsOwn() {
        BytesCache counted = larder.cache("counted");
        counted.putText("k", "v");
        counted.getText("k");
        counted.getText("absent");

        assertThat(counted.stats())
                .returns(1L, RegionStats::items)
                .returns(1L, RegionStats::hits)
                .returns(1L, RegionStats::misses)
                .returns(1L, RegionStats::writes)
                .returns(0L, RegionStats::evictions);
        assertThatThrownBy(() -> larder.cache().stats())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Larder.stats");
    }

    @Test
    void get_absent_isEmpty() {
        assertThat(cache.get(key)).isEmpty();
        assertThat(cache.getEntry(key)).isEmpty();
    }

    @Test
    void put_isRead() {
        WriteResult put = cache.put(key, ONE);

        assertThat(put.isApplied()).isTrue();
        assertThat(cache.get(key)).hasValue(ONE);
        assertThat(cache.getEntry(key))
                .hasValueSatisfying(
                        entry -> {
                            assertThat(entry.value()).isEqualTo(ONE);
                            assertThat(entry.version()).isEqualTo(put.version());
                            assertThat(entry.expiresInMillis()).isEqualTo(Entry.NEVER_EXPIRES);
                            assertThat(entry.clientFlags()).isZero();
                        });
    }

    @Test
    void put_emptyValue_isNoMiss() {
        cache.put(key, new byte[0]);

        assertThat(cache.get(key)).hasValue(new byte[0]);
    }

    @Test
    void put_copiesTheCallersArrays() {
        byte[] mutableKey = key.clone();
        byte[] value = ONE.clone();
        CompletableFuture<WriteResult> put = cache.async().put(mutableKey, value);
        Arrays.fill(mutableKey, (byte) 0);
        Arrays.fill(value, (byte) 0);

        assertThat(put.join().isApplied()).isTrue();
        assertThat(cache.get(key)).hasValue(ONE);
    }

    @Test
    void put_withFlagsAndTtl_returnsThem() {
        cache.put(key, ONE, PutOptions.DEFAULT.ttl(Duration.ofHours(1)).clientFlags(0xCAFEBABE));

        assertThat(cache.getEntry(key))
                .hasValueSatisfying(
                        entry -> {
                            assertThat(entry.clientFlags()).isEqualTo(0xCAFEBABE);
                            assertThat(entry.expiresInMillis()).isBetween(1L, 3_600_000L);
                            assertThat(entry.expiresIn()).isPresent();
                        });
    }

    @Test
    void put_withShortTtl_expires() {
        cache.put(key, ONE, PutOptions.DEFAULT.ttlMillis(1));

        await().until(() -> cache.get(key).isEmpty());
    }

    @Test
    void put_onlyIfAbsent_refusesAPresentKey() {
        assertThat(cache.put(key, ONE, PutOptions.DEFAULT.onlyIfAbsent()).isApplied()).isTrue();
        assertThat(cache.put(key, TWO, PutOptions.DEFAULT.onlyIfAbsent()))
                .isEqualTo(WriteResult.EXISTS);
        assertThat(cache.get(key)).hasValue(ONE);
    }

    @Test
    void put_onlyIfPresent_refusesAnAbsentKey() {
        assertThat(cache.put(key, ONE, PutOptions.DEFAULT.onlyIfPresent()))
                .isEqualTo(WriteResult.MISSING);
        cache.put(key, ONE);
        assertThat(cache.put(key, TWO, PutOptions.DEFAULT.onlyIfPresent()).isApplied()).isTrue();
    }

    @Test
    void compareAndSet_wantsTheVersion() {
        assertThat(cache.compareAndSet(key, 1, ONE)).isEqualTo(WriteResult.MISSING);
        long version = cache.put(key, ONE).version();

        WriteResult applied = cache.compareAndSet(key, version, TWO);
        WriteResult refused = cache.compareAndSet(key, version, ONE);

        assertThat(applied.isApplied()).isTrue();
        assertThat(refused.outcome()).isEqualTo(Outcome.VERSION_MISMATCH);
        assertThat(refused.version()).isEqualTo(applied.version());
        assertThat(cache.get(key)).hasValue(TWO);
    }

    @Test
    void getIfChanged_tellsChangedUnchangedAndMissing() {
        assertThat(cache.getIfChanged(key, 1).isMissing()).isTrue();
        long version = cache.put(key, ONE).version();

        assertThat(cache.getIfChanged(key, version).isUnchanged()).isTrue();
        assertThat(cache.getIfChanged(key, version - 1).entry())
                .hasValueSatisfying(entry -> assertThat(entry.value()).isEqualTo(ONE));
    }

    @Test
    void delete_saysIfThereWasOne() {
        cache.put(key, ONE);

        assertThat(cache.delete(key)).isTrue();
        assertThat(cache.delete(key)).isFalse();
        assertThat(cache.get(key)).isEmpty();
    }

    @Test
    void deleteIfVersion_wantsTheVersion() {
        assertThat(cache.deleteIfVersion(key, 1)).isEqualTo(WriteResult.MISSING);
        long version = cache.put(key, ONE).version();

        assertThat(cache.deleteIfVersion(key, version - 1).outcome())
                .isEqualTo(Outcome.VERSION_MISMATCH);
        assertThat(cache.deleteIfVersion(key, version).isApplied()).isTrue();
        assertThat(cache.get(key)).isEmpty();
    }

    @Test
    void touch_setsTheExpiry() {
        assertThat(cache.touch(key, Ttl.ofMillis(1_000_000))).isFalse();
        cache.put(key, ONE);

        assertThat(cache.touch(key, Ttl.ofMillis(1_000_000))).isTrue();
        assertThat(cache.getEntry(key).orElseThrow().expiresInMillis()).isBetween(1L, 1_000_000L);
        assertThat(cache.touch(key, Ttl.NEVER)).isTrue();
        assertThat(cache.getEntry(key).orElseThrow().expiresIn()).isEmpty();
    }

    @Test
    void getAndTouch_returnsTheEntryWithItsNewExpiry() {
        assertThat(cache.getAndTouch(key, Ttl.ofMillis(1_000_000))).isEmpty();
        cache.put(key, ONE);

        Entry<byte[]> entry = cache.getAndTouch(key, Ttl.ofMillis(1_000_000)).orElseThrow();

        assertThat(entry.value()).isEqualTo(ONE);
        assertThat(entry.expiresInMillis()).isBetween(1L, 1_000_000L);
    }

    @Test
    void increment_countsAndCreates() {
        assertThat(cache.increment(key, 5)).isEmpty();
        assertThat(cache.increment(key, 5, 100, Ttl.NEVER)).isEqualTo(105);
        assertThat(cache.increment(key, -6)).hasValue(99);
        assertThat(cache.get(key)).hasValue(bytes("99"));
    }

    @Test
    void increment_ofSomethingElse_isRefused() {
        cache.put(key, ONE);
        assertThatThrownBy(() -> cache.increment(key, 1)).isInstanceOf(NotANumberException.class);

        cache.put(key, bytes(Long.toString(Long.MAX_VALUE)));
        assertThatThrownBy(() -> cache.increment(key, 1))
                .isInstanceOf(NotANumberException.class)
                .hasMessageContaining("NUMBER_OVERFLOW");
    }

    @Test
    void appendAndPrepend_extendAPresentValue() {
        assertThat(cache.append(key, ONE)).isEqualTo(WriteResult.MISSING);
        assertThat(cache.prepend(key, ONE)).isEqualTo(WriteResult.MISSING);
        cache.put(key, bytes("b"));

        assertThat(cache.append(key, bytes("c")).isApplied()).isTrue();
        assertThat(cache.prepend(key, bytes("a")).isApplied()).isTrue();
        assertThat(cache.get(key)).hasValue(bytes("abc"));
    }

    @Test
    void getAll_keepsTheOrderOfTheKeys() {
        BytesCache region = larder.cache("get-all");
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            keys.add(bytes("key " + i));
            if (i % 3 != 0) {
                region.async().put(bytes("key " + i), bytes("value " + i)).join();
            }
        }
        keys.add(bytes("key 1"));

        List<Optional<byte[]>> values = region.getAll(keys);

        assertThat(values).hasSize(3_001);
        for (int i = 0; i < 3_000; i++) {
            Optional<String> expected = i % 3 == 0 ? Optional.empty() : Optional.of("value " + i);
            assertThat(values.get(i).map(it -> new String(it, UTF_8))).isEqualTo(expected);
        }
        assertThat(values.get(3_000)).hasValue(bytes("value 1"));
        assertThat(region.getAll(List.of())).isEmpty();
    }

    @Test
    void getAll_ofMoreThanOneReplyHolds_readsTheRestAgain() {
        BytesCache region = larder.cache("get-all-large");
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            keys.add(bytes("key " + i));
            byte[] value = new byte[40_000 + i];
            Arrays.fill(value, (byte) i);
            region.put(keys.get(i), value);
        }

        List<Optional<byte[]>> values = region.getAll(keys);

        for (int i = 0; i < 30; i++) {
            byte[] expected = new byte[40_000 + i];
            Arrays.fill(expected, (byte) i);
            assertThat(values.get(i)).hasValue(expected);
        }
    }

    @Test
    void regions_keepTheSameKeyApart() {
        BytesCache users = larder.cache("users");
        BytesCache orders = larder.cache("orders");
        users.put(key, ONE);
        orders.put(key, TWO);

        assertThat(users.get(key)).hasValue(ONE);
        assertThat(orders.get(key)).hasValue(TWO);
        assertThat(cache.get(key)).isEmpty();
        assertThat(users.region()).isEqualTo("users");
        assertThat(larder.cache("users").get(key)).hasValue(ONE);
    }

    @Test
    void clear_emptiesOneRegion() {
        BytesCache users = larder.cache("to-clear");
        users.put(key, ONE);
        cache.put(key, TWO);

        users.clear();

        assertThat(users.get(key)).isEmpty();
        assertThat(cache.get(key)).hasValue(TWO);
    }

    @Test
    void scan_returnsKeysWithThePrefix() {
        BytesCache region = larder.cache("to-scan");
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            region.put(bytes("a" + i), ONE);
            region.put(bytes("b" + i), ONE);
            wanted.add("a" + i);
        }
        List<String> keys = new ArrayList<>();
        long cursor = ScanPage.START;
        do {
            ScanPage page = region.scan(bytes("a"), cursor, 3);
            page.keys().forEach(it -> keys.add(new String(it, UTF_8)));
            cursor = page.nextCursor();
        } while (cursor != ScanPage.START);

        assertThat(keys).containsExactlyInAnyOrderElementsOf(wanted);
        List<String> iterated = new ArrayList<>();
        region.keys(bytes("a")).forEach(it -> iterated.add(new String(it, UTF_8)));
        assertThat(iterated).isEqualTo(keys);
    }

    @Test
    void scanFrom_beginsWithTheKey() {
        BytesCache region = larder.cache("to-scan-from");
        for (int i = 0; i < 50; i++) {
            region.put(bytes("a" + i), ONE);
        }

        ScanPage page = region.scanFrom(bytes("a17"), new byte[0], 1);

        assertThat(page.keys()).containsExactly(bytes("a17"));
    }

    @Test
    void longKeyAndLongValue_areKept() {
        byte[] longKey = new byte[4_095];
        Arrays.fill(longKey, (byte) 'k');
        byte[] longValue = new byte[60_000];
        Arrays.fill(longValue, (byte) 'v');

        assertThat(cache.put(longKey, ONE).isApplied()).isTrue();
        assertThat(cache.get(longKey)).hasValue(ONE);
        assertThat(cache.put(key, longValue).isApplied()).isTrue();
        assertThat(cache.get(key)).hasValue(longValue);
    }

    @Test
    void keyOrValue_aboveTheirLimits_failNamingThem() {
        assertThatThrownBy(() -> cache.get(new byte[4_096]))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("keyLength: 4096 (expected: 1..4095");
        assertThatThrownBy(() -> cache.get(new byte[70_000]))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("keyLength: 70000 (expected: 1..4095");
        assertThatThrownBy(() -> cache.put(key, new byte[17 << 20]))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("valueLength: 17825792 (expected: 0..16777216)");
        assertThatThrownBy(() -> cache.get(new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keyLength: 0 (expected: 1..");
    }

    @Test
    void text_isUtf8() {
        cache.putText("schlüssel", "wert ✓");

        assertThat(cache.getText("schlüssel")).hasValue("wert ✓");
        assertThat(cache.get(bytes("schlüssel"))).hasValue(bytes("wert ✓"));
        assertThat(cache.increment("zähler", 1, 0, Ttl.NEVER)).isEqualTo(1);
        assertThat(cache.touch("schlüssel", Ttl.NEVER)).isTrue();
        assertThat(cache.delete("schlüssel")).isTrue();
    }

    @Test
    void async_composesWithoutWaiting() {
        AsyncBytesCache async = larder.async();

        Optional<String> value =
                async.putText("composed", "1")
                        .thenCompose(put -> async.increment("composed", 41, 0, Ttl.NEVER))
                        .thenCompose(number -> async.getText("composed"))
                        .join();

        assertThat(value).hasValue("42");
    }

    @Test
    void callbackExecutor_completesAndMayBlock() {
        var executor = Executors.newSingleThreadExecutor();
        try (Larder other = Larder.builder(server.uri()).callbackExecutor(executor).connect()) {
            assertThat(other.cache().async().get(key).thenApply(value -> cache.get(key)).join())
                    .isEmpty();
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void ping_takesTime() {
        assertThat(larder.ping()).isPositive();
        assertThat(larder.pingAsync().join()).isPositive();
    }

    @Test
    void stats_haveTheFiguresOfTheContract() {
        assertThat(larder.stats())
                .containsKeys("items", "hits", "misses", "memory_limit_bytes")
                .containsEntry("memory_limit_bytes", "67108864");
    }
}

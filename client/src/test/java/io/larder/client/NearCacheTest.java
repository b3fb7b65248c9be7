package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.client.api.BytesCache;
import io.larder.client.api.Entry;
import io.larder.client.api.NearOptions;
import io.larder.client.api.NearStats;
import io.larder.client.api.PutOptions;
import io.larder.client.api.Ttl;
import io.larder.faults.FaultProxy;
import io.larder.faults.FaultRates;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies of a real server's values: when they answer, and what ends them. */
class NearCacheTest {
    private static final byte[] KEY = "k".getBytes(UTF_8);
    private static final byte[] VALUE = "v".getBytes(UTF_8);
    private static final NearOptions OPTIONS =
            NearOptions.DEFAULT.withHeartbeat(Duration.ofMillis(20));

    private RealServer server;
    private FaultProxy proxy;
    private Larder larder;
    private Larder other;
    private BytesCache near;
    private BytesCache plain;

    @BeforeEach
    void start() throws Exception {
        server = RealServer.start();
        proxy =
                new FaultProxy(
                        new InetSocketAddress("127.0.0.1", server.port()), FaultRates.NONE, 1);
        larder = Larder.connect("larder://127.0.0.1:" + proxy.port());
        other = Larder.connect(server.uri());
        near = larder.nearCache("r", OPTIONS);
        plain = other.cache("r");
        plain.put(KEY, VALUE);
    }

    @AfterEach
    void stop() throws Exception {
        larder.close();
        other.close();
        proxy.close();
        server.close();
    }

    private NearStats stats() {
        return near.nearStats().orElseThrow();
    }

    /** Reads until a copy answers, and returns what it says. */
    private byte[] readCopy(byte[] key) {
        long hits = stats().hits();
        byte[][] read = new byte[1][];
        await().pollInterval(Duration.ofMillis(1))
                .until(
                        () -> {
                            read[0] = near.get(key).orElseThrow();
                            return stats().hits() > hits;
                        });
        return read[0];
    }

    @Test
    void get_again_isAnsweredByTheCopy() {
        assertThat(readCopy(KEY)).isEqualTo(VALUE);
        long misses = stats().misses();
        assertThat(near.getEntry(KEY).map(Entry::value)).contains(VALUE);
        assertThat(near.async().get(KEY)).isCompletedWithValueMatching(Optional::isPresent);
        assertThat(near.getAll(List.of(KEY)).get(0)).contains(VALUE);

        assertThat(stats().misses()).isLessThanOrEqualTo(misses + 1); // a heartbeat may be late
        assertThat(stats().entries()).isOne();
    }

    @Test
    void values_areTheCallersOwn() {
        byte[] read = readCopy(KEY);
        read[0] = 'x';
        near.get(KEY).orElseThrow()[0] = 'y';

        assertThat(readCopy(KEY)).isEqualTo(VALUE);
    }

    @Test
    void entry_hasWhatTheServerSaid() {
        plain.put(KEY, VALUE, PutOptions.DEFAULT.clientFlags(7).ttl(Duration.ofHours(1)));
        Entry<byte[]> fromServer = plain.getEntry(KEY).orElseThrow();
        await().untilAsserted(
                        () -> {
                            assertThat(readCopy(KEY)).isEqualTo(VALUE);
                            Entry<byte[]> copy = near.getEntry(KEY).orElseThrow();
                            assertThat(copy.version()).isEqualTo(fromServer.version());
                            assertThat(copy.clientFlags()).isEqualTo(7);
                            assertThat(copy.expiresInMillis())
                                    .isBetween(1L, fromServer.expiresInMillis() + 1);
                        });
    }

    static Stream<Consumer<BytesCache>> writes() {
        return Stream.of(
                cache -> cache.put(KEY, "w".getBytes(UTF_8)),
                cache -> cache.append(KEY, VALUE),
                cache -> cache.prepend(KEY, VALUE),
                cache -> cache.delete(KEY),
                cache -> cache.invalidatePrefix(KEY),
                BytesCache::clear);
    }

    static Stream<Consumer<BytesCache>> touches() {
        return Stream.of(
                cache -> cache.touch(KEY, Ttl.ofMillis(1)),
                cache -> cache.getAndTouch(KEY, Ttl.ofMillis(1)));
    }

    @ParameterizedTest
    @MethodSource("writes")
    void ownWrite_isSeenByTheNextRead(Consumer<BytesCache> write) {
        for (int round = 0; round < 10; round++) {
            plain.put(KEY, VALUE);
            readCopy(KEY);
            write.accept(near);
            Optional<byte[]> read = near.get(KEY);
            assertThat(read.map(bytes -> new String(bytes, UTF_8)))
                    .isEqualTo(plain.get(KEY).map(bytes -> new String(bytes, UTF_8)));
        }
    }

    @ParameterizedTest
    @MethodSource({"writes", "touches"})
    void othersWrite_isSeenSoon(Consumer<BytesCache> write) {
        readCopy(KEY);
        write.accept(plain);
        Function<BytesCache, String> read =
                cache -> cache.get(KEY).map(bytes -> new String(bytes, UTF_8)).orElse("miss");

        await().untilAsserted(() -> assertThat(read.apply(near)).isEqualTo(read.apply(plain)));
    }

    @Test
    void lostPush_dropsEverything() {
        readCopy(KEY);
        proxy.rates(new FaultRates(1, 0, 1, 0, 0, 1, 0));
        plain.put(KEY, "w".getBytes(UTF_8));

        await().untilAsserted(() -> assertThat(near.get(KEY)).contains("w".getBytes(UTF_8)));
        assertThat(stats().dropsForGap()).isPositive();
        assertThat(stats().invalidations()).isZero();
    }

    @Test
    void lostConnection_dropsEverything_andCopiesAreKeptAgainAfterIt() {
        readCopy(KEY);
        long drops = stats().dropsForDisconnection();
        proxy.sever();
        await().until(() -> stats().dropsForDisconnection() > drops);
        plain.put(KEY, "w".getBytes(UTF_8));

        assertThat(readCopy(KEY)).isEqualTo("w".getBytes(UTF_8));
    }

    @Test
    void silence_endsWhatCopiesMaySay() {
        readCopy(KEY);
        proxy.rates(new FaultRates(0, 0, 1, 1, 0, 1, 0));
        await().until(() -> stats().dropsForSilence() > 0);
        long hits = stats().hits();
        for (int i = 0; i < 100; i++) {
            assertThat(near.get(KEY)).contains(VALUE);
        }
        assertThat(stats().hits()).isEqualTo(hits);

        proxy.rates(FaultRates.NONE);
        assertThat(readCopy(KEY)).isEqualTo(VALUE);
    }

    @Test
    void expiredItem_isNotReadFromItsCopy() {
        plain.put(KEY, VALUE, PutOptions.DEFAULT.ttl(Duration.ofMillis(300)));
        near.get(KEY);

        await().until(() -> near.get(KEY).isEmpty());
    }

    @Test
    void copies_keepTheirBounds() {
        BytesCache few = larder.nearCache("few", OPTIONS.withEntriesMax(10).withBytesMax(10_000));
        BytesCache all = other.cache("few");
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            keys.add(("key" + i).getBytes(UTF_8));
            all.put(keys.get(i), VALUE);
        }
        await().untilAsserted(
                        () -> {
                            keys.forEach(few::get);
                            assertThat(few.nearStats().orElseThrow().entries()).isBetween(1L, 10L);
                        });
        assertThat(few.nearStats().orElseThrow().bytes()).isLessThanOrEqualTo(10_000);
    }

    @Test
    void getAll_ofCopiesAndOthers_keepsTheOrder() {
        byte[] second = "k2".getBytes(UTF_8);
        plain.put(second, "2".getBytes(UTF_8));
        readCopy(KEY);

        List<Optional<byte[]>> found = near.getAll(List.of(second, "absent".getBytes(UTF_8), KEY));
        assertThat(found.get(0)).contains("2".getBytes(UTF_8));
        assertThat(found.get(1)).isEmpty();
        assertThat(found.get(2)).contains(VALUE);
        assertThat(found).hasSize(3);
    }

    @Test
    void options_outOfRange_areRefused() {
        assertThatThrownBy(() -> NearOptions.DEFAULT.withHeartbeat(Duration.ofMillis(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heartbeatMillis: 9 (expected: 10..60000)");
        assertThat(NearOptions.DEFAULT.bound()).isEqualTo(Duration.ofSeconds(1));
        assertThat(plain.nearStats()).isEmpty();
    }
}

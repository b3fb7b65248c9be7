package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.api.BytesCache;
import io.larder.client.api.ChecksumException;
import io.larder.client.api.KeyResult;
import io.larder.client.api.NotConnectedException;
import io.larder.client.api.PutOptions;
import io.larder.client.api.StoredValue;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult;
import io.larder.faults.FaultProxy;
import io.larder.faults.FaultRates;
import io.larder.protocol.GoldenVectors;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes that a proxy damages between client and real server. */
@Timeout(60)
class ChecksumsTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);
    private static final byte[] VALUE = "value".getBytes(UTF_8);
    private static final int LARGE_BYTES = 3 << 20;

    private RealServer server;
    private FaultProxy proxy;
    private Larder larder;
    private BytesCache cache;

    @BeforeEach
    void start() throws Exception {
        server = RealServer.start();
        proxy =
                new FaultProxy(
                        new InetSocketAddress("127.0.0.1", server.port()), FaultRates.NONE, 7);
        larder =
                Larder.builder("larder://127.0.0.1:" + proxy.port())
                        .requestTimeout(Duration.ofSeconds(20))
                        .checksums(true)
                        .connect();
        cache = larder.cache();
    }

    @AfterEach
    void stop() throws Exception {
        larder.close();
        proxy.close();
        server.close();
    }

    private void damage(double requests, double replies) {
        proxy.rates(FaultRates.NONE.damage(requests, replies));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void everything_worksWithChecksums() {
        byte[] large = bytes(LARGE_BYTES);
        cache.put(KEY, VALUE);
        cache.put("large".getBytes(UTF_8), large);

        assertThat(cache.get(KEY)).contains(VALUE);
        assertThat(cache.get("large".getBytes(UTF_8)).orElseThrow()).isEqualTo(large);
        List<Optional<byte[]>> all = cache.getAll(List.of(KEY, "none".getBytes(UTF_8)));
        assertThat(all.get(0)).contains(VALUE);
        assertThat(all.get(1)).isEmpty();
        assertThat(cache.increment("n", 1, 5, Ttl.NEVER)).isEqualTo(6);
        cache.clear();
        assertThat(cache.get(KEY)).isEmpty();
    }

    @Test
    void put_damagedTwice_fails_andStoresNothing() {
        damage(1, 0);
        assertThatThrownBy(() -> cache.put(KEY, VALUE))
                .isInstanceOfSatisfying(
                        ChecksumException.class,
                        failure -> assertThat(failure.mayHaveBeenApplied()).isFalse());
        assertThat(proxy.counts().damagedRequests()).isEqualTo(2);

        damage(0, 0);
        assertThat(cache.get(KEY)).isEmpty();
        assertThat(cache.put(KEY, VALUE).isApplied()).isTrue();
    }

    @Test
    void get_damagedTwice_fails_andTheConnectionGoesOn() {
        cache.put(KEY, VALUE);
        damage(0, 1);
        assertThatThrownBy(() -> cache.get(KEY)).isInstanceOf(ChecksumException.class);
        assertThat(proxy.counts().damagedReplies()).isEqualTo(2);

        damage(0, 0);
        assertThat(cache.get(KEY)).contains(VALUE);
        assertThat(proxy.counts().connections()).isOne();
    }

    @Test
    void largeValue_damagedInAPiece_failsBothWays() {
        byte[] large = bytes(LARGE_BYTES);
        damage(1, 0);
        assertThatThrownBy(() -> cache.put(KEY, large)).isInstanceOf(ChecksumException.class);
        damage(0, 0);
        assertThat(cache.get(KEY)).isEmpty();
        cache.put(KEY, large);
        damage(0, 1);
        assertThatThrownBy(() -> cache.get(KEY)).isInstanceOf(ChecksumException.class);
        damage(0, 0);

        assertThat(cache.get(KEY).orElseThrow()).isEqualTo(large);
    }

    @Test
    void batch_asksAgainForWhatWasDamaged() {
        List<byte[]> keys =
                IntStream.range(0, 50).mapToObj(i -> ("k" + i).getBytes(UTF_8)).toList();
        damage(1, 0);
        // The last operation of the batch is damaged, and alone as well, twice.
        List<KeyResult<WriteResult>> put = cache.putAll(keys, stored(keys), PutOptions.DEFAULT);
        assertThat(put.subList(0, 49)).noneMatch(KeyResult::isFailed);
        assertThatThrownBy(put.get(49)::get).isInstanceOf(ChecksumException.class);

        damage(0, 0);
        List<Optional<byte[]>> got = cache.getAll(keys);
        for (int i = 0; i < 49; i++) {
            assertThat(got.get(i)).contains(keys.get(i));
        }
        assertThat(got.get(49)).isEmpty();
        damage(0, 1);
        assertThatThrownBy(() -> cache.getAll(keys.subList(0, 49)))
                .isInstanceOf(ChecksumException.class);
    }

    private static List<StoredValue> stored(List<byte[]> values) {
        return values.stream().map(value -> new StoredValue(value, StoredValue.RAW)).toList();
    }

    @Test
    void noDamagedValue_isEverGiven_andMostReadsSucceedAtTheSecondTry() {
        cache.put(KEY, VALUE);
        damage(0.1, 0.1);
        int failed = 0;
        for (int i = 0; i < 400; i++) {
            try {
                byte[] value = cache.get(KEY).orElseThrow();
                assertThat(Arrays.equals(value, VALUE)).isTrue();
            } catch (ChecksumException e) {
                failed++;
            }
        }
        long damaged = proxy.counts().damagedReplies() + proxy.counts().damagedRequests();

        assertThat(damaged).isGreaterThan(20);
        assertThat((long) failed).isLessThan(damaged / 2);
    }

    @Test
    void serverWithoutChecksums_isNotConnectedTo() throws Exception {
        FakeServer.Script script =
                peer -> {
                    peer.read();
                    peer.write(GoldenVectors.load("hello").reply());
                    peer.awaitEnd();
                };
        try (FakeServer plain = new FakeServer(script)) {
            assertThatThrownBy(() -> Larder.builder(plain.uri()).checksums(true).connect())
                    .isInstanceOf(NotConnectedException.class)
                    .hasMessageContaining("checksums");
        }
    }
}

package io.larder.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.api.AsyncBytesCache;
import io.larder.client.api.BytesCache;
import io.larder.client.api.PutOptions;
import io.larder.client.api.TooLargeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values longer than a frame, through a real server and back. */
@Timeout(120)
class LargeValuesTest {
    private static final int MIB = 1 << 20;

    private static RealServer server;
    private static Larder larder;

    @BeforeAll
    static void start() throws Exception {
        server = RealServer.start(0, "272m");
        larder = Larder.builder(server.uri()).requestTimeout(Duration.ofSeconds(60)).connect();
    }

    @AfterAll
    static void stop() {
        larder.close();
        server.close();
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {131_072, 131_073, MIB, MIB + 5_120, 3 * MIB + 17, 64 * MIB})
    void value_comesBackWhole(int length) {
        BytesCache cache = larder.cache();
        byte[] value = bytes(length);

        assertThat(cache.put(key("whole"), value).isApplied()).isTrue();
        assertThat(cache.get(key("whole")).orElseThrow()).isEqualTo(value);
    }

    @Test
    void metadataAndConditions_holdForAValueInPieces() {
        BytesCache cache = larder.cache();
        byte[] value = bytes(2 * MIB);
        long version = cache.put(key("meta"), value).version();

        assertThat(cache.put(key("meta"), value, PutOptions.DEFAULT.onlyIfAbsent()).isApplied())
                .isFalse();
        assertThat(cache.getEntry(key("meta")).orElseThrow().version()).isEqualTo(version);
        assertThat(cache.append(key("meta"), new byte[] {1}).isApplied()).isTrue();
        assertThat(cache.get(key("meta")).orElseThrow()).hasSize(2 * MIB + 1);
        assertThat(cache.delete(key("meta"))).isTrue();
        assertThat(cache.get(key("meta"))).isEmpty();
    }

    @Test
    void valueAboveTheServersLimit_isTooLarge_andTheConnectionGoesOn() {
        BytesCache cache = larder.cache();

        assertThatThrownBy(() -> cache.put(key("above"), new byte[64 * MIB + 1]))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("67108864");
        assertThat(cache.get(key("above"))).isEmpty();
    }

    @Test
    void smallRequests_passLargeOnes_onOneConnection() throws Exception {
        AsyncBytesCache cache = larder.cache().async();
        byte[] large = bytes(5 * MIB);
        cache.put(key("large"), large).get(60, TimeUnit.SECONDS);
        cache.put(key("small"), new byte[] {7}).get(60, TimeUnit.SECONDS);
        List<CompletableFuture<Optional<byte[]>>> larges = new ArrayList<>();
        List<CompletableFuture<Optional<byte[]>>> smalls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            larges.add(cache.get(key("large")));
            smalls.add(cache.get(key("small")));
        }

        for (CompletableFuture<Optional<byte[]>> each : smalls) {
            assertThat(each.get(60, TimeUnit.SECONDS).orElseThrow()).containsExactly(7);
        }
        for (CompletableFuture<Optional<byte[]>> each : larges) {
            assertThat(each.get(60, TimeUnit.SECONDS).orElseThrow()).isEqualTo(large);
        }
    }
}

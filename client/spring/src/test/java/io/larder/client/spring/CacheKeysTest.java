package io.larder.client.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.api.CodecException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;

class CacheKeysTest {
    private record Id(String name, int number) {}

    private static String text(Object key) {
        return new String(CacheKeys.bytes(key), UTF_8);
    }

    @Test
    void text_isItself_andOthersBeginWithTheirType() {
        assertThat(text("ada")).isEqualTo("ada");
        assertThat(text(42L)).isEqualTo("Long#42");
        assertThat(text(TimeUnit.DAYS)).isEqualTo("java.util.concurrent.TimeUnit#DAYS");
        assertThat(text(new SimpleKey("ada", 42L))).isEqualTo("SimpleKey#3:ada7:Long#42");
        assertThat(text(new Id("a", 1))).isEqualTo(Id.class.getName() + "#1:a9:Integer#1");
    }

    @Test
    void keysThatDiffer_haveDifferentBytes() {
        List<Object> keys =
                List.of(
                        "",
                        "String#",
                        "1",
                        1,
                        1L,
                        (short) 1,
                        1.0,
                        1f,
                        '1',
                        true,
                        "true",
                        "Long#1",
                        "a,b",
                        List.of("a", "b"),
                        List.of("a,b"),
                        List.of("1:a"),
                        new SimpleKey("a", "b"),
                        new SimpleKey("a,b"),
                        new SimpleKey("a", "b,c"),
                        new SimpleKey("a,b", "c"),
                        new SimpleKey((Object) null),
                        SimpleKey.EMPTY,
                        new String[] {"a", "b"},
                        new int[] {1},
                        new Integer[] {1},
                        new Id("a", 1),
                        new Id("a", 2),
                        new BigDecimal("1.0"),
                        new BigDecimal("1.00"),
                        new UUID(1, 2),
                        Instant.EPOCH,
                        TimeUnit.DAYS);

        assertThat(keys.stream().map(CacheKeysTest::text)).doesNotHaveDuplicates();
    }

    @Test
    void keysThatAreEqual_haveTheSameBytes() {
        assertThat(text(new Id(new String("a"), 1))).isEqualTo(text(new Id("a", 1)));
        assertThat(text(new ArrayList<>(List.of("a", 1L)))).isEqualTo(text(List.of("a", 1L)));
        assertThat(text(new SimpleKey((Object) new String[] {"a"})))
                .isEqualTo(text(new SimpleKey((Object) new String[] {"a"})));
    }

    @Test
    void typesWithoutText_areRefusedByName() {
        Stream.of(new Object(), new SimpleKey(new StringBuilder("a")))
                .forEach(
                        key ->
                                assertThatThrownBy(() -> CacheKeys.bytes(key))
                                        .isInstanceOf(IllegalArgumentException.class)
                                        .hasMessageContaining("@Cacheable(key"));
        assertThatThrownBy(() -> CacheKeys.bytes("\ud800")).isInstanceOf(CodecException.class);
    }
}

package io.larder.client.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.api.Codec;
import io.larder.client.api.CodecException;
import java.io.File;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HibernateCodecsTest {
    private record Money(long cents, String currency) implements Serializable {}

    private static class Key implements Serializable {
        final Object id;
        final int hashCode;
        transient Object cached;

        Key(Object id, int hashCode) {
            this.id = id;
            this.hashCode = hashCode;
        }
    }

    /** What an application writes that has values of its own. */
    public static final class WithMoney extends HibernateCodecs {
        public WithMoney() {
            super("io.larder.client.jcache");
        }
    }

    private static final ClassLoader LOADER = HibernateCodecsTest.class.getClassLoader();
    private final Codec<Object> keys = new HibernateCodecs().keys(Object.class, LOADER);
    private final Codec<Object> values = new HibernateCodecs().values(Object.class, LOADER);

    @Test
    void values_comeBack() {
        Serializable[] state = {1L, "text", LocalDate.EPOCH, TimeUnit.DAYS.name(), null};

        assertThat((Object[]) values.decode(values.encode(state)))
                .containsExactly((Object[]) state);
    }

    @Test
    void classesThatWereNotAllowed_areNotMade() {
        assertThatThrownBy(() -> values.decode(values.encode(new File("any"))))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("REJECTED");
        assertThatThrownBy(() -> values.decode(values.encode(new Money(1, "EUR"))))
                .isInstanceOf(CodecException.class);
        Codec<Object> allowing = new WithMoney().values(Object.class, LOADER);
        assertThat(allowing.decode(allowing.encode(new Money(1, "EUR"))))
                .isEqualTo(new Money(1, "EUR"));
        assertThatThrownBy(() -> allowing.decode(allowing.encode(new File("any"))))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void setsInSets_thatTakeForEver_areRefused() {
        Set<Object> nested = new HashSet<>();
        for (int depth = 0; depth < 30; depth++) {
            Set<Object> outer = new HashSet<>();
            outer.add(nested);
            nested = outer;
        }
        Set<Object> bomb = nested;

        assertThatThrownBy(() -> values.decode(values.encode(bomb)))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void scalarKeys_areText_andOthersADigest() {
        assertThat(keys.fromBytes(keys.toBytes(42L))).isEqualTo(42L);
        byte[] digest = keys.toBytes(new Key(42L, 1));
        assertThat(digest).hasSize(65).startsWith('x');
        assertThatThrownBy(() -> keys.fromBytes(digest)).isInstanceOf(CodecException.class);
    }

    @Test
    void equalKeys_haveTheSameBytes_howeverTheyWereMade() {
        assertThat(digest(new Key(new String("a"), 1))).isEqualTo(digest(new Key("a", 2)));
        assertThat(digest(List.of("a", "a")))
                .isEqualTo(digest(Arrays.asList(new String("a"), new String("a"))));
        assertThat(digest(Set.of("a", "b"))).isEqualTo(digest(new TreeSet<>(Set.of("b", "a"))));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", 2);
        map.put("a", 1);
        assertThat(digest(map)).isEqualTo(digest(Map.of("a", 1, "b", 2)));
        Key used = new Key("a", 1);
        used.cached = "seen";
        assertThat(digest(used)).isEqualTo(digest(new Key("a", 1)));
    }

    @Test
    void keysThatDiffer_haveOtherBytes() {
        assertThat(
                        List.of(
                                digest(new Key("a", 1)),
                                digest(new Key("b", 1)),
                                digest(new Key(1, 1)),
                                digest(new Key(1L, 1)),
                                digest(new Key('1', 1)),
                                digest(new Key(null, 1)),
                                digest(new Money(1, "a")),
                                digest(new Money(1, null)),
                                digest(List.of("ab", "c")),
                                digest(List.of("a", "bc")),
                                digest(List.of(List.of("a"), "b")),
                                digest(List.of(List.of("a", "b"))),
                                digest(Set.of("ab", "c")),
                                digest(new Object[] {"ab", "c"}),
                                digest(new String[] {"ab", "c"}),
                                digest(new int[] {1}),
                                digest(new long[] {1}),
                                digest(TimeUnit.DAYS),
                                digest(LocalDate.EPOCH)))
                .doesNotHaveDuplicates();
    }

    @Test
    void keysWithoutSuchAForm_areRefused() {
        assertThatThrownBy(() -> keys.toBytes(new Key(new File("a"), 1)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("java.io.File");
        Object[] itself = new Object[1];
        itself[0] = itself;
        assertThatThrownBy(() -> keys.toBytes(itself)).isInstanceOf(CodecException.class);
    }

    private String digest(Object key) {
        return new String(keys.toBytes(key), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}

package io.larder.client.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.larder.client.api.Codec;
import io.larder.client.api.CodecException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TypeCodecsTest {
    private static final ClassLoader LOADER = TypeCodecsTest.class.getClassLoader();

    private final TypeCodecs codecs = new TypeCodecs();

    record User(String name) {}

    @Test
    void typeless_scalarsComeBackAsTheyWere() {
        Codec<Object> codec = codecs.values(Object.class, LOADER);
        List<Object> scalars =
                List.of(
                        "grün",
                        "",
                        7L,
                        7,
                        (short) 7,
                        (byte) 7,
                        true,
                        0.1,
                        0.1f,
                        new BigInteger("123456789012345678901"),
                        new BigDecimal("1.50"),
                        UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"),
                        Instant.ofEpochSecond(1_700_000_000, 5),
                        LocalDate.of(2026, 2, 28));

        for (Object scalar : scalars) {
            assertThat(codec.decode(codec.encode(scalar))).isEqualTo(scalar);
        }
        assertThat(scalars.stream().map(codec::toBytes).map(RawKey::new)).doesNotHaveDuplicates();
    }

    @Test
    void typeless_anotherClass_isRefusedWithWhatToDo() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codecs.values(Object.class, LOADER).encode(new User("ada")))
                .withMessageContaining("User in a cache without types")
                .withMessageContaining("LarderConfiguration");
    }

    @Test
    void typeless_bytesOfNoScalar_areRefused() {
        Codec<Object> codec = codecs.keys(Object.class, LOADER);

        for (String text : List.of("", "?x", "iseven", "bmaybe")) {
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> codec.fromBytes(text.getBytes()));
        }
    }

    @Test
    void textAndWholeNumbers_areWhatOtherClientsWrite() {
        assertThat(codecs.keys(String.class, LOADER).toBytes("ada"))
                .isEqualTo(Codec.utf8().toBytes("ada"));
        assertThat(codecs.values(Long.class, LOADER).encode(42L).format())
                .isEqualTo(Codec.longs().encode(42L).format());
    }

    @Test
    void classes_areJsonAsValuesAndRefusedAsKeys() {
        Codec<User> codec = codecs.values(User.class, LOADER);

        assertThat(codec.toBytes(new User("ada"))).asString().isEqualTo("{\"name\":\"ada\"}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codecs.keys(User.class, LOADER))
                .withMessageContaining("LarderConfiguration.setKeyCodec");
    }
}

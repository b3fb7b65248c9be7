package io.larder.client.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
    private static final int LONG_LENGTH = 10_000;
    private static final String COMPRESSIBLE = "larder ".repeat(LONG_LENGTH / 7);

    record User(String name, int age) {}

    private static String incompressible(int length) {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) (' ' + random.nextInt(95)));
        }
        return text.toString();
    }

    private static <T> T roundTrip(Codec<T> codec, T value) {
        return codec.decode(codec.encode(value));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "what?", "\u00E9\u4E2D", "\uD83D\uDE00", "\uFFFD"})
    void utf8_comesBack(String text) {
        StoredValue stored = Codec.utf8().encode(text);

        assertThat(stored.bytes()).isEqualTo(utf8(text));
        assertThat(stored.format()).isEqualTo(0x20);
        assertThat(Codec.utf8().decode(stored)).isEqualTo(text);
    }

    @Test
    void utf8_halfASurrogatePair_isRefused() {
        assertThatThrownBy(() -> Codec.utf8().encode("a\uD83D"))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("cannot write with the codec utf8");
    }

    @Test
    void utf8_bytesThatAreNone_areRefused() {
        assertThatThrownBy(() -> Codec.utf8().fromBytes(new byte[] {(byte) 0xC3, 'a'}))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("cannot read with the codec utf8");
    }

    @Test
    void bytes_areCopiedBothWays() {
        byte[] bytes = {1, 2};
        StoredValue stored = Codec.bytes().encode(bytes);
        bytes[0] = 9;
        Codec.bytes().decode(stored)[1] = 9;

        assertThat(stored.bytes()).containsExactly(1, 2);
        assertThat(stored.format()).isEqualTo(0x10);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void longs_areDecimalText(long number) {
        StoredValue stored = Codec.longs().encode(number);

        assertThat(stored.bytes()).isEqualTo(utf8(Long.toString(number)));
        assertThat(stored.format()).isEqualTo(0x30);
        assertThat(Codec.longs().decode(stored)).isEqualTo(number);
    }

    @Test
    void longs_otherText_isRefused() {
        assertThatThrownBy(() -> Codec.longs().fromBytes(utf8("many")))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("longs")
                .hasMessageContaining("many");
    }

    @Test
    void json_recordComesBack() {
        Codec<User> codec = Codec.json(User.class);

        assertThat(roundTrip(codec, new User("Ada", 36))).isEqualTo(new User("Ada", 36));
        assertThat(codec.encode(new User("Ada", 36)).format()).isEqualTo(0x40);
    }

    @Test
    void json_propertyOfALaterVersion_isSkipped() {
        assertThat(Codec.json(User.class).fromBytes(utf8("{\"name\":\"Ada\",\"age\":36,\"x\":1}")))
                .isEqualTo(new User("Ada", 36));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[1]", "{\"age\":\"old\"}"})
    void json_thatIsNoUser_isRefused(String json) {
        assertThatThrownBy(() -> Codec.json(User.class).fromBytes(utf8(json)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("cannot read with the codec json(");
    }

    @Test
    void json_genericTypeAndMapperOfYourOwn() {
        Codec<List<User>> codec =
                JacksonCodec.of(new JsonMapper(), new TypeReference<List<User>>() {});

        assertThat(roundTrip(codec, List.of(new User("Ada", 36))))
                .containsExactly(new User("Ada", 36));
    }

    @Test
    void own_comesBackWithItsType() {
        Codec<Instant> codec =
                Codec.of(
                        9,
                        instant -> utf8(instant.toString()),
                        bytes -> Instant.parse(new String(bytes, UTF_8)));

        assertThat(roundTrip(codec, Instant.EPOCH)).isEqualTo(Instant.EPOCH);
        assertThat(codec.encode(Instant.EPOCH).format()).isEqualTo(0x90);
        assertThatThrownBy(() -> codec.fromBytes(utf8("yesterday")))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void own_typeOfLardersOwn_isRefused() {
        assertThatThrownBy(() -> Codec.of(7, Codec.utf8()::toBytes, Codec.utf8()::fromBytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("type: 7 (expected: 8..15)");
    }

    @Test
    void own_thatReturnsNull_isACodecException() {
        Codec<String> codec = Codec.of(text -> null, bytes -> null);

        assertThatThrownBy(() -> codec.encode("a")).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> codec.fromBytes(new byte[1])).isInstanceOf(CodecException.class);
    }

    @Test
    void nullValue_isRefused() {
        assertThatThrownBy(() -> Codec.utf8().encode(null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void otherType_isRefusedNamingBoth() {
        StoredValue json = Codec.json(User.class).encode(new User("Ada", 36));

        assertThatThrownBy(() -> Codec.utf8().decode(json))
                .isInstanceOf(CodecException.class)
                .hasMessage(
                        "type of the value: 4, JSON (expected: 2, UTF-8 text, which the codec utf8"
                                + " reads)");
    }

    @Test
    void rawValue_isReadByAnyCodec() {
        assertThat(Codec.utf8().decode(StoredValue.raw(utf8("7")))).isEqualTo("7");
        assertThat(Codec.longs().decode(StoredValue.raw(utf8("7")))).isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void compressed_longValue_isShorterAndReadWithOrWithoutCompression(Compression compression) {
        Codec<String> codec = Codec.compressed(Codec.utf8(), compression, 100);
        StoredValue stored = codec.encode(COMPRESSIBLE);

        assertThat(stored.bytes()).hasSizeLessThan(LONG_LENGTH / 10);
        assertThat(stored.format()).isEqualTo(0x20 | compression.ordinal() + 1);
        assertThat(codec.decode(stored)).isEqualTo(COMPRESSIBLE);
        assertThat(Codec.utf8().decode(stored)).isEqualTo(COMPRESSIBLE);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void compressed_belowTheThresholdOrIncompressible_staysPlain(Compression compression) {
        Codec<String> codec = Codec.compressed(Codec.utf8(), compression, 100);

        assertThat(codec.encode("a".repeat(99)).format()).isEqualTo(0x20);
        assertThat(codec.encode("a".repeat(100)).format()).isNotEqualTo(0x20);
        String noise = incompressible(101);
        assertThat(codec.encode(noise).bytes()).isEqualTo(utf8(noise));
        assertThat(codec.encode(noise).format()).isEqualTo(0x20);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void compressed_aboveItsLimit_isNeitherPackedNorUnpacked(Compression compression) {
        Codec<String> narrow = Codec.compressed(Codec.utf8(), compression, 10, 1_000);

        assertThat(narrow.encode("a".repeat(1_001)).format()).isEqualTo(0x20);
        StoredValue longer =
                Codec.compressed(Codec.utf8(), compression, 10).encode("a".repeat(1_001));
        assertThatThrownBy(() -> narrow.decode(longer))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("plain length: 1001 (expected: 0..1000, the codec's limit)");
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void compressed_lengthThatLies_isRefused(Compression compression) {
        StoredValue stored = Codec.compressed(Codec.utf8(), compression, 100).encode(COMPRESSIBLE);
        int plainBytes = ByteBuffer.wrap(stored.bytes()).getInt();
        for (int lie : new int[] {0, plainBytes - 1, plainBytes + 1, -1, Integer.MAX_VALUE}) {
            byte[] bytes = stored.bytes().clone();
            ByteBuffer.wrap(bytes).putInt(lie);
            assertThatThrownBy(() -> Codec.utf8().decode(new StoredValue(bytes, stored.format())))
                    .as("length %d", lie)
                    .isInstanceOf(CodecException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void compressed_cutOff_isRefused(Compression compression) {
        StoredValue stored = Codec.compressed(Codec.utf8(), compression, 100).encode(COMPRESSIBLE);
        for (int length = 0; length < stored.bytes().length; length++) {
            byte[] cut = Arrays.copyOf(stored.bytes(), length);
            assertThatThrownBy(() -> Codec.utf8().decode(new StoredValue(cut, stored.format())))
                    .as("%d bytes", length)
                    .isInstanceOf(CodecException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void compressed_garbage_isAValueOrACodecException(Compression compression) {
        StoredValue stored =
                Codec.compressed(Codec.bytes(), compression, 100).encode(utf8(COMPRESSIBLE));
        Random random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = stored.bytes().clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(Codec.bytes().decode(new StoredValue(bytes, stored.format())))
                        .hasSizeLessThanOrEqualTo(Codec.PLAIN_BYTES_MAX_DEFAULT);
            } catch (CodecException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void unknownPacking_isRefusedNamingThoseKnown() {
        assertThatThrownBy(() -> Codec.utf8().decode(new StoredValue(new byte[9], 0x27)))
                .isInstanceOf(CodecException.class)
                .hasMessage("packing of the value: 7 (expected: 0 plain, 1 LZ4, 2 Zstd)");
    }

    @Test
    void compressed_wrongBounds_areRefused() {
        assertThatThrownBy(() -> Codec.compressed(Codec.utf8(), Compression.LZ4, 0))
                .hasMessage("thresholdBytes: 0 (expected: 1..)");
        assertThatThrownBy(() -> Codec.compressed(Codec.utf8(), Compression.LZ4, 100, 99))
                .hasMessage("plainBytesMax: 99 (expected: 100..1073741824)");
    }

    @Test
    void capabilities_areThoseOfTheBytes() {
        assertThat(Codec.utf8().isAppendable()).isTrue();
        assertThat(Codec.bytes().isAppendable()).isTrue();
        assertThat(Codec.longs().isAppendable()).isFalse();
        assertThat(Codec.json(User.class).isAppendable()).isFalse();
        assertThat(Codec.compressed(Codec.utf8(), Compression.LZ4, 1).isAppendable()).isFalse();
        assertThat(Codec.longs().isCounter()).isTrue();
        assertThat(Codec.utf8().isCounter()).isFalse();
    }
}

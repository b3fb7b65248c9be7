package io.larder.bench.ycsb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCodecTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "field0",
                "field9",
                "field10",
                "field007",
                "field",
                "field-1",
                "field1x",
                "field999999999",
                "field1000000000",
                "Field1",
                "Größe",
                ""
            })
    void decode_givesBackEveryName(String name) {
        byte[] record = RecordCodec.encode(Map.of(name, "value".getBytes(UTF_8)));

        Map<String, byte[]> fields = RecordCodec.decode(record);

        assertThat(fields).containsOnlyKeys(name);
        assertThat(fields.get(name)).asString(UTF_8).isEqualTo("value");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 100_000})
    void decode_givesBackValuesOfEveryLength(int length) {
        byte[] value = new byte[length];
        new Random(length).nextBytes(value);

        Map<String, byte[]> fields = RecordCodec.decode(RecordCodec.encode(Map.of("f", value)));

        assertThat(fields.get("f")).isEqualTo(value);
    }

    @Test
    void decode_keepsTheOrder() {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        for (String name : List.of("field3", "z", "field0", "a")) {
            fields.put(name, name.getBytes(UTF_8));
        }

        assertThat(RecordCodec.decode(RecordCodec.encode(fields)).keySet())
                .containsExactly("field3", "z", "field0", "a");
    }

    @Test
    void encode_defaultRecord_takesTwoBytesForEachField() {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        for (int i = 0; i < 10; i++) {
            fields.put("field" + i, new byte[100]);
        }

        assertThat(RecordCodec.encode(fields)).hasSize(1_022);
    }

    @Test
    void decode_recordCutOffAnywhere_isRefused() {
        byte[] record = RecordCodec.encode(Map.of("field1", new byte[3], "other", new byte[200]));

        for (int length = 0; length < record.length; length++) {
            byte[] beginning = Arrays.copyOf(record, length);
            assertThatIllegalArgumentException().isThrownBy(() -> RecordCodec.decode(beginning));
        }
    }

    @Test
    void decode_bytesLeftOver_isRefused() {
        byte[] record = RecordCodec.encode(Map.of("field1", new byte[3]));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordCodec.decode(Arrays.copyOf(record, record.length + 1)));
    }

    @Test
    void decode_negativeLength_isRefused() {
        byte[] record = {1, 1, 1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};

        assertThatIllegalArgumentException().isThrownBy(() -> RecordCodec.decode(record));
    }

    @Test
    void decode_anotherFormat_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordCodec.decode(new byte[] {2, 0}))
                .withMessageContaining("record format: 2");
    }
}

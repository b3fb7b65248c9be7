package io.larder.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SoakValueTest {
    private final SoakValue value = new SoakValue(200);

    @Test
    void value_saysWhatItIs() {
        value.write(7, 3, 100);

        assertThat(value.isOf(7, 100)).isTrue();
        assertThat(value.sequence()).isEqualTo(3);
    }

    @Test
    void value_ofAnotherKeyOrLength_isNotThisOne() {
        value.write(7, 3, 100);

        assertThat(value.isOf(8, 100)).isFalse();
        assertThat(value.isOf(7, 99)).isFalse();
        assertThat(value.isOf(7, SoakValue.BYTES_MIN - 1)).isFalse();
        assertThat(value.isOf(7, 201)).isFalse();
    }

    @Test
    void value_withAnyByteChanged_isNotThisOne() {
        value.write(7, 3, 100);
        for (int i = 0; i < 100; i++) {
            value.bytes()[i] ^= 1;
            assertThat(value.isOf(7, 100)).isFalse();
            value.bytes()[i] ^= 1;
        }
    }
}

package io.larder.server.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 9, 10, -10, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1})
    void format_thenParse_isTheNumber(long number) {
        byte[] text = new byte[20];

        int length = DecimalText.format(number, text);

        assertThat(new String(text, 0, length, ISO_8859_1)).isEqualTo(Long.toString(number));
        assertThat(DecimalText.isLong(text, length)).isTrue();
        assertThat(DecimalText.parse(text, length)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                " 1",
                "1 ",
                "1.0",
                "0x1",
                "--1",
                "9223372036854775808",
                "-9223372036854775809",
                "9999999999999999999",
                "-9999999999999999999",
                "10000000000000000000"
            })
    void isLong_whatIsNone_isFalse(String text) {
        assertThat(DecimalText.isLong(text.getBytes(ISO_8859_1), text.length())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000",
                "-0000000000000000000",
                "0000000000000000042",
                "-0000000000000000042",
                "-0",
                "007"
            })
    void isLong_withLeadingZeros_isTrue_andParsedAsSuch(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);

        assertThat(DecimalText.isLong(bytes, bytes.length)).isTrue();
        assertThat(DecimalText.parse(bytes, bytes.length)).isEqualTo(Long.parseLong(text));
    }
}

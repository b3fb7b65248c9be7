package io.larder.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypeTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4194304, 4194304",
        "512k, 524288",
        "64m, 67108864",
        "64M, 67108864",
        "4g, 4294967296",
        "1t, 1099511627776",
        "7 m, 7340032",
    })
    void size_inAnyUnit_isBytes(String text, long bytes) {
        assertThat(SizeType.of(0, Long.MAX_VALUE).parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "m",
                " ",
                "-1",
                "+1",
                "64mb",
                "64 mib",
                "1.5g",
                "0x10",
                "1_000",
                "٣m",
                "50%",
                "9223372036854775808",
                "8388608t",
                "9007199254740992k"
            })
    void size_thatIsNone_isRefused(String text) {
        SizeType type = SizeType.of(0, Long.MAX_VALUE);

        assertThatThrownBy(() -> type.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4194303", "3m", "4095k", "9m", "8388609"})
    void size_outOfRange_isRefused(String text) {
        SizeType type = SizeType.of(4 * MIB, 8 * MIB);

        assertThatThrownBy(() -> type.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"50%, 524288000", "100%, 1048576000", "1%, 10485760", "25 %, 262144000"})
    void size_asPercentage_isShareOfWhole(String text, long bytes) {
        SizeType type = new SizeType(4 * MIB, Long.MAX_VALUE, 1000 * MIB);

        assertThat(type.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0%", "101%", "-5%", "%", "5.5%"})
    void size_asImpossiblePercentage_isRefused(String text) {
        SizeType type = new SizeType(4 * MIB, Long.MAX_VALUE, 1000 * MIB);

        assertThatThrownBy(() -> type.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1000, 1000", "4194304, 4m", "1536, 1536", "6144, 6k", "1099511627776, 1t"})
    void size_formatted_isShortestExactForm(long bytes, String text) {
        assertThat(SizeType.format(bytes)).isEqualTo(text);
        assertThat(SizeType.of(0, Long.MAX_VALUE).parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "250, 250", "250ms, 250", "10s, 10000", "5m, 300000", "1h, 3600000"})
    void duration_inAnyUnit_isMilliseconds(String text, long millis) {
        assertThat(new DurationType(0, 3_600_000).parse(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "-1",
                "1.5s",
                "10 seconds",
                "1d",
                "2h",
                "3600001",
                "99999999999999999999h"
            })
    void duration_thatIsNoneOrOutOfRange_isRefused(String text) {
        DurationType type = new DurationType(0, 3_600_000);

        assertThatThrownBy(() -> type.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "65536", "7170 ", "1e3", "http", "99999999999999999999"})
    void port_thatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> CountType.PORT.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0.0.0.0, 0.0.0.0",
        "larder-1.example, larder-1.example",
        "::, ::",
        "::1, ::1",
        "[::1], ::1",
        "fe80::1%eth0, fe80::1%eth0",
    })
    void host_byNameOrAddress_isTaken(String text, String host) {
        assertThat(new HostType().parse(text)).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a b", "localhost:7170", "[localhost]", "[::1]:7170", "http://x", "é"})
    void host_thatIsNone_isRefused(String text) {
        HostType type = new HostType();

        assertThatThrownBy(() -> type.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "1", "TRUE", "on"})
    void flag_thatIsNeitherTrueNorFalse_isRefused(String text) {
        FlagType type = new FlagType();

        assertThatThrownBy(() -> type.parse(text)).isInstanceOf(IllegalArgumentException.class);
        assertThat(type.parse("true")).isTrue();
        assertThat(type.parse("false")).isFalse();
    }
}

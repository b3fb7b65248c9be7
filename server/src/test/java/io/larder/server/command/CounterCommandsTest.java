package io.larder.server.command;

import static io.larder.protocol.ExtensionType.DELTA;
import static io.larder.protocol.ExtensionType.EXPIRES_IN;
import static io.larder.protocol.ExtensionType.INITIAL;
import static io.larder.protocol.ExtensionType.TTL;
import static io.larder.protocol.ExtensionType.VERSION;
import static io.larder.protocol.RequestFlag.IF_VERSION;
import static io.larder.protocol.RequestFlag.QUIET;
import static io.larder.protocol.RequestFlag.RETURN_META;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterCommandsTest {
    private final CommandFixture fixture = CommandFixture.open();

    private static RequestFrame increment() {
        return RequestFrame.of(Opcode.INCREMENT, "n");
    }

    private static long number(ReplyFrame reply) {
        assertThat(reply.status()).isEqualTo(Status.OK);
        return ByteBuffer.wrap(reply.value()).getLong();
    }

    private String stored() {
        return fixture.send(RequestFrame.get("n")).text();
    }

    @Test
    void increment_withoutDelta_addsOne() {
        fixture.send(RequestFrame.set("n", "41"));
        assertThat(number(fixture.send(increment()))).isEqualTo(42);
        assertThat(stored()).isEqualTo("42");
    }

    @Test
    void increment_absentWithoutInitial_isMiss() {
        assertThat(fixture.send(increment()).status()).isEqualTo(Status.MISS);
        assertThat(fixture.send(RequestFrame.get("n")).status()).isEqualTo(Status.MISS);
    }

    @Test
    void increment_absent_countsFromInitialAndNeverExpires() {
        RequestFrame request = increment().with(INITIAL, 10).with(DELTA, -3).flags(RETURN_META);
        ReplyFrame reply = fixture.send(request);
        assertThat(number(reply)).isEqualTo(7);
        assertThat(reply.number(EXPIRES_IN)).isEqualTo(ProtocolLimits.TTL_NEVER);
        assertThat(number(fixture.send(request))).isEqualTo(4);
        assertThat(stored()).isEqualTo("4");
    }

    @Test
    void increment_absentWithTtl_expiresAndTtlDoesNotTouchWhatIsThere() {
        RequestFrame request = increment().with(INITIAL, 0).with(TTL, 100).flags(RETURN_META);
        assertThat(fixture.send(request).number(EXPIRES_IN)).isEqualTo(100);
        fixture.nowMillis += 60;
        ReplyFrame second = fixture.send(request);
        assertThat(number(second)).isEqualTo(2);
        assertThat(second.number(EXPIRES_IN)).isEqualTo(40);
        fixture.nowMillis += 40;
        assertThat(number(fixture.send(request))).isEqualTo(1);
    }

    @Test
    void increment_quiet_isCountedWithoutReply() {
        assertThat(fixture.sendAll(increment().with(INITIAL, 0).flags(QUIET))).isEmpty();
        assertThat(stored()).isEqualTo("1");
        assertThat(fixture.sendAll(RequestFrame.of(Opcode.INCREMENT, "m").flags(QUIET)))
                .extracting(ReplyFrame::status)
                .containsExactly(Status.MISS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1.5",
                "-",
                "+1",
                " 1",
                "9223372036854775808",
                "00000000000000000001"
            })
    void increment_ofNoNumber_isNotANumber(String value) {
        fixture.send(RequestFrame.set("n", value));
        ReplyFrame reply = fixture.send(increment().with(INITIAL, 0));
        assertThat(reply.status()).isEqualTo(Status.NOT_A_NUMBER);
        assertThat(reply.text()).isEqualTo("value: " + value + " (expected: a decimal number)");
        assertThat(stored()).isEqualTo(value);
    }

    @Test
    void increment_beyondTheRange_isOverflow() {
        fixture.send(RequestFrame.set("n", Long.toString(Long.MAX_VALUE - 1)));
        assertThat(number(fixture.send(increment()))).isEqualTo(Long.MAX_VALUE);
        ReplyFrame reply = fixture.send(increment());
        assertThat(reply.status()).isEqualTo(Status.NUMBER_OVERFLOW);
        assertThat(stored()).isEqualTo(Long.toString(Long.MAX_VALUE));
        fixture.send(RequestFrame.of(Opcode.DELETE, "n"));
        RequestFrame first = increment().with(INITIAL, Long.MIN_VALUE).with(DELTA, -1);
        assertThat(fixture.send(first).status()).isEqualTo(Status.NUMBER_OVERFLOW);
        assertThat(fixture.send(RequestFrame.get("n")).status()).isEqualTo(Status.MISS);
    }

    @Test
    void increment_whenInitialAndDeltaOverflow_stillCountsWhatIsThere() {
        fixture.send(RequestFrame.set("n", "5"));
        RequestFrame request = increment().with(INITIAL, Long.MIN_VALUE).with(DELTA, -1);
        assertThat(number(fixture.send(request))).isEqualTo(4);
    }

    @Test
    void increment_ifVersion_onlyOfThatVersionAndNeverCreates() {
        RequestFrame never = increment().flags(IF_VERSION).with(VERSION, 9).with(INITIAL, 0);
        assertThat(fixture.send(never).status()).isEqualTo(Status.MISS);
        RequestFrame absent = increment().flags(IF_VERSION).with(VERSION, 0).with(INITIAL, 0);
        assertThat(number(fixture.send(absent))).isEqualTo(1);
        assertThat(fixture.send(absent).status()).isEqualTo(Status.VERSION_MISMATCH);
        RequestFrame absentWithTtl =
                increment().flags(IF_VERSION).with(VERSION, 0).with(INITIAL, 0).with(TTL, 5);
        assertThat(fixture.send(absentWithTtl).status()).isEqualTo(Status.VERSION_MISMATCH);
        long version = fixture.send(RequestFrame.get("n").flags(RETURN_META)).number(VERSION);
        RequestFrame right = increment().flags(IF_VERSION).with(VERSION, version);
        assertThat(number(fixture.send(right))).isEqualTo(2);
    }
}

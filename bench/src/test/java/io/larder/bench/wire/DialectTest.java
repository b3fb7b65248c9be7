package io.larder.bench.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.bench.BenchException;
import io.larder.bench.wire.Dialect.Answer;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialectTest {
    private static final String VALUE_OF_5 = "\0\0\0\0\0\0\0\5xx";

    private final WireItems items = new WireItems(10);
    private final ByteBuf out = Unpooled.buffer();

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 10, 99, 100, 9_999, 10_000, 999_999, 12_345_678, 99_999_999})
    void decimalDigits_areThoseOfTheFormatter(int number) {
        byte[] digits = ByteBuffer.allocate(8).putLong(WireItems.decimalDigits(number)).array();

        assertThat(new String(digits, US_ASCII)).isEqualTo(String.format("%08d", number));
    }

    @Test
    void valueTooShortForItsIndex_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new WireItems(7));
    }

    @Test
    void binaryGet_isAFrameWithATwentyByteKey() {
        Protocol.LARDER.dialect(items).writeGet(out, 7, 4711);

        assertThat(FrameHeader.opcode(out, 0)).isEqualTo(Opcode.GET.code());
        assertThat(FrameHeader.requestId(out, 0)).isEqualTo(7);
        assertThat(FrameHeader.frameBytes(out, 0)).isEqualTo(out.readableBytes());
        assertThat(out.toString(FrameHeader.keyOffset(out, 0), 20, US_ASCII))
                .isEqualTo("larder:b000000004711");
    }

    @Test
    void memcachedRequests_areThoseOfItsTextProtocol() {
        Dialect dialect = Protocol.MEMCACHED.dialect(items);

        dialect.writeGet(out, 1, 5);
        dialect.writeSet(out, 2, 5);

        assertThat(out.toString(US_ASCII))
                .isEqualTo(
                        "get larder:b000000000005\r\n"
                                + "set larder:b000000000005 0 0 10\r\n"
                                + VALUE_OF_5
                                + "\r\n");
    }

    @Test
    void respRequests_areArraysOfBulkStrings() {
        Dialect dialect = Protocol.RESP.dialect(items);

        dialect.writeGet(out, 1, 5);
        dialect.writeSet(out, 2, 5);

        assertThat(out.toString(US_ASCII))
                .isEqualTo(
                        "*2\r\n$3\r\nGET\r\n$20\r\nlarder:b000000000005\r\n"
                                + "*3\r\n$3\r\nSET\r\n$20\r\nlarder:b000000000005\r\n$10\r\n"
                                + VALUE_OF_5
                                + "\r\n");
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void requests_areNoLongerThanWasSaid(Protocol protocol) {
        Dialect dialect = protocol.dialect(items);

        dialect.writeSet(out, 1, 5);

        assertThat(out.readableBytes()).isLessThanOrEqualTo(dialect.requestBytesMax());
    }

    @ParameterizedTest
    @CsvSource({
        "MEMCACHED, VALUE larder:b000000000005 0 10~V~END~, RIGHT",
        "MEMCACHED, VALUE larder:b000000000006 0 10~V~END~, WRONG",
        "MEMCACHED, VALUE larder:b000000000005 0 10~0123456789~END~, WRONG",
        "MEMCACHED, END~, MISS",
        "MEMCACHED, ERROR~, WRONG",
        "MEMCACHED, SERVER_ERROR out of memory~, WRONG",
        "RESP, $10~V~, RIGHT",
        "RESP, $10~0123456789~, WRONG",
        "RESP, $-1~, MISS",
        "RESP, -ERR no~, WRONG"
    })
    void repliesToAGet_areJudgedOnceTheyAreAllThere(
            Protocol protocol, String reply, Answer expected) {
        ByteBuf whole = reply(reply);
        Dialect dialect = protocol.dialect(items);

        for (int bytes = 0; bytes < whole.readableBytes(); bytes++) {
            assertThat(dialect.replyBytes(whole.slice(0, bytes))).isEqualTo(Dialect.INCOMPLETE);
        }
        ByteBuf withMore = Unpooled.wrappedBuffer(whole, reply("VALUE~$1~"));
        assertThat(dialect.replyBytes(withMore)).isEqualTo(whole.readableBytes());
        assertThat(dialect.answer(withMore, false, 5)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "MEMCACHED, STORED~, RIGHT",
        "MEMCACHED, NOT_STORED~, WRONG",
        "RESP, +OK~, RIGHT",
        "RESP, $-1~, WRONG",
        "RESP, -OOM~, WRONG"
    })
    void repliesToASet_areRightOnlyIfItWasStored(Protocol protocol, String reply, Answer expected) {
        ByteBuf whole = reply(reply);
        Dialect dialect = protocol.dialect(items);

        assertThat(dialect.replyBytes(whole)).isEqualTo(whole.readableBytes());
        assertThat(dialect.answer(whole, true, 5)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "MEMCACHED, VALUE larder:b000000000005 0 9~012345678~END~END~",
        "RESP, $9~012345678~+OK~"
    })
    void valueOfAnotherLength_endsTheRun(Protocol protocol, String reply) {
        assertThatThrownBy(() -> protocol.dialect(items).answer(reply(reply), false, 5))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("expected: a value of 10 bytes");
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"MEMCACHED", "RESP"})
    void lineWithoutAnEnd_endsTheRun(Protocol protocol) {
        ByteBuf endless = reply("-".repeat(512));

        assertThatThrownBy(() -> protocol.dialect(items).replyBytes(endless))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("a line of 512 bytes");
    }

    private static ByteBuf reply(String text) {
        return Unpooled.copiedBuffer(
                text.replace("V~E", VALUE_OF_5 + "~E")
                        .replace("~V~", '~' + VALUE_OF_5 + '~')
                        .replace("~", "\r\n"),
                US_ASCII);
    }
}

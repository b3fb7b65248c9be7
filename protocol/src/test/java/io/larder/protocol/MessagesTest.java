package io.larder.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final HelloRequest HELLO =
            new HelloRequest(1, 255, "café", List.of("trace", ""));
    private static final HelloResponse ANSWER =
            new HelloResponse(
                    1,
                    new HelloLimits(0xFFFF, Integer.MAX_VALUE, 0, 1, Integer.MAX_VALUE),
                    -1L,
                    "0.1.0",
                    List.of("trace"));

    private final ByteBuf buffer = Unpooled.buffer();

    @AfterEach
    void release() {
        assertThat(buffer.release()).isTrue();
    }

    @Test
    void helloRequest_written_isReadBack() {
        HELLO.write(buffer);
        assertThat(HelloRequest.read(buffer, 0, buffer.readableBytes())).isEqualTo(HELLO);
        assertThat(HELLO.speaks(255)).isTrue();
        assertThat(HELLO.speaks(0)).isFalse();
    }

    @Test
    void helloResponse_written_isReadBack() {
        ANSWER.write(buffer);
        assertThat(HelloResponse.read(buffer, 0, buffer.readableBytes())).isEqualTo(ANSWER);
    }

    @Test
    void hello_withFieldsOfALaterVersion_isReadAsFarAsKnown() {
        HELLO.write(buffer);
        buffer.writeLong(-1);
        assertThat(HelloRequest.read(buffer, 0, buffer.readableBytes())).isEqualTo(HELLO);
    }

    @Test
    void hello_cutAnywhere_isMalformed() {
        HELLO.write(buffer);
        for (int length = 0; length < buffer.readableBytes(); length++) {
            int cut = length;
            assertThatThrownBy(() -> HelloRequest.read(buffer, 0, cut))
                    .isInstanceOf(MalformedMessageException.class)
                    .hasMessageContaining("(expected: ");
        }
        buffer.clear();
        ANSWER.write(buffer);
        for (int length = 0; length < buffer.readableBytes(); length++) {
            int cut = length;
            assertThatThrownBy(() -> HelloResponse.read(buffer, 0, cut))
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void hello_versionsUpsideDown_isMalformed() {
        buffer.writeByte(3).writeByte(2).writeShort(0).writeByte(0).writeByte(0);
        assertThatThrownBy(() -> HelloRequest.read(buffer, 0, 6))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("versionMax: 2 (expected: from 3)");
    }

    @Test
    void hello_moreFeaturesThanAllowed_isMalformedAndNotWritten() {
        buffer.writeByte(1).writeByte(1).writeShort(0).writeByte(0).writeByte(33).writeZero(33);
        assertThatThrownBy(() -> HelloRequest.read(buffer, 0, buffer.readableBytes()))
                .isInstanceOf(MalformedMessageException.class);
        HelloRequest many = new HelloRequest(1, 1, "", Collections.nCopies(33, "f"));
        assertThatThrownBy(() -> many.write(buffer)).hasMessage("features: 33 (expected: 0..32)");
        assertThatThrownBy(() -> HelloRequest.of("n".repeat(256)).write(buffer))
                .hasMessage("clientNameBytes: 256 (expected: 0..255)");
    }

    @Test
    void helloResponse_countsBeyondAnInt_areTheLargestInt() {
        buffer.writeByte(1).writeByte(0).writeShort(-1);
        buffer.writeInt(-1).writeInt(Integer.MIN_VALUE).writeInt(-1).writeInt(-1);
        buffer.writeLong(0).writeByte(0).writeByte(0);
        int max = Integer.MAX_VALUE;
        assertThat(HelloResponse.read(buffer, 0, buffer.readableBytes()).limits())
                .isEqualTo(new HelloLimits(0xFFFF, max, max, max, max));
    }

    @Test
    void error_written_isReadBack() {
        ErrorBody error =
                ErrorBody.of("keyLength", 5000, "1..4095")
                        .withLimit(4095)
                        .withRetryAfterMillis(Integer.MIN_VALUE);
        buffer.writeByte(0xEE);
        error.writeResponse(buffer, Opcode.GET.code(), Status.KEY_LENGTH, 77);
        assertThat(error.text()).isEqualTo("keyLength: 5000 (expected: 1..4095)");
        assertThat(ErrorBody.read(buffer, 1)).isEqualTo(error);
        assertThat(FrameHeader.frameBytes(buffer, 1)).isEqualTo(buffer.writerIndex() - 1);
        assertThat(FrameHeader.requestId(buffer, 1)).isEqualTo(77);
    }

    @Test
    void error_ofTooLongAText_isCutBetweenCharacters() {
        ErrorBody.of("x" + "é".repeat(400))
                .writeResponse(buffer, Opcode.GET.code(), Status.INTERNAL, 1);
        assertThat(FrameHeader.valueBytes(buffer, 0)).isEqualTo(511);
        assertThat(ErrorBody.read(buffer, 0).text()).isEqualTo("x" + "é".repeat(255));
    }

    @Test
    void scanRequest_written_isReadBack() {
        ScanRequest request = new ScanRequest(-1L, 1000);
        request.write(buffer);
        assertThat(buffer.readableBytes()).isEqualTo(ScanRequest.BYTES);
        assertThat(ScanRequest.read(buffer, 0, 12)).isEqualTo(request);
        assertThatThrownBy(() -> ScanRequest.read(buffer, 0, 11))
                .isInstanceOf(MalformedMessageException.class);
        buffer.setInt(8, -1);
        assertThat(ScanRequest.read(buffer, 0, 12).count()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void scanRequest_withAStartKey_hasNoCursor() {
        new ScanRequest(0, 7).write(buffer);
        buffer.writeByte('k');
        assertThat(ScanRequest.read(buffer, 0, 13)).isEqualTo(new ScanRequest(0, 7));
        buffer.setLong(0, -1);
        assertThatThrownBy(() -> ScanRequest.read(buffer, 0, 13))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("cursor: 18446744073709551615 (expected: 0 with a start key)");
    }

    @Test
    void scanReply_written_isReadBack() {
        new ScanReply(3, List.of(new byte[] {1, 2}, new byte[0])).write(buffer);
        ScanReply.writeKey(buffer, buffer, 0, 4);
        ScanReply.putCursor(buffer, 0, Long.MIN_VALUE);
        ScanReply reply = ScanReply.read(buffer, 0, buffer.readableBytes());
        assertThat(reply.cursor()).isEqualTo(Long.MIN_VALUE);
        assertThat(reply.keys())
                .containsExactly(new byte[] {1, 2}, new byte[0], new byte[] {0, 0, 0, 0});
        for (int length : new int[] {0, 7, 9, 11, 13}) {
            assertThatThrownBy(() -> ScanReply.read(buffer, 0, length))
                    .as("length %d", length)
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void numbers_written_areReadBack() {
        for (long number : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            buffer.clear();
            IncrementReply.write(buffer, number);
            assertThat(IncrementReply.read(buffer, 0, 8)).isEqualTo(number);
        }
        buffer.clear();
        OpenRegionReply.write(buffer, 0xFFFF);
        assertThat(OpenRegionReply.read(buffer, 0, 2)).isEqualTo(0xFFFF);
        assertThatThrownBy(() -> OpenRegionReply.read(buffer, 0, 1))
                .hasMessage("valueLength: 1 (expected: 2)");
        assertThatThrownBy(() -> IncrementReply.read(buffer, 0, 2))
                .hasMessage("valueLength: 2 (expected: 8)");
    }

    @Test
    void stats_written_areReadBack() {
        StatsReply.writeLine(buffer, "items", 12);
        StatsReply.writeLine(buffer, "version", "a b");
        assertThat(StatsReply.read(buffer, 0, buffer.readableBytes()))
                .containsExactly(Map.entry("items", "12"), Map.entry("version", "a b"));
        buffer.clear().writeCharSequence("oops\n", StandardCharsets.UTF_8);
        assertThatThrownBy(() -> StatsReply.read(buffer, 0, 5))
                .hasMessage("line: oops (expected: name value)");
    }
}

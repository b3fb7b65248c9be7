package io.larder.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameHeaderTest {
    private static final int OFFSET = 3;

    private final ByteBuf buffer = Unpooled.buffer().writeZero(OFFSET + 24 + 5);

    @AfterEach
    void release() {
        assertThat(buffer.release()).isTrue();
    }

    @Test
    void putRequest_everyField_isReadBack() {
        for (int edge : new int[] {0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF}) {
            for (int wide : new int[] {0, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
                FrameHeader.putRequest(buffer, OFFSET, edge & 0xFF, edge, wide);
                FrameHeader.putDeadline(buffer, OFFSET, wide);
                FrameHeader.putRegion(buffer, OFFSET, edge);
                FrameHeader.putLengths(buffer, OFFSET, edge, 0xFFFF - edge, 77);
                assertThat(FrameHeader.magic(buffer, OFFSET)).isEqualTo(0xD1);
                assertThat(FrameHeader.version(buffer, OFFSET)).isEqualTo(1);
                assertThat(FrameHeader.opcode(buffer, OFFSET)).isEqualTo(edge & 0xFF);
                assertThat(FrameHeader.status(buffer, OFFSET)).isZero();
                assertThat(FrameHeader.flags(buffer, OFFSET)).isEqualTo(edge);
                assertThat(FrameHeader.requestId(buffer, OFFSET)).isEqualTo(wide);
                assertThat(FrameHeader.deadlineMillis(buffer, OFFSET))
                        .isEqualTo(wide & 0xFFFF_FFFFL);
                assertThat(FrameHeader.regionId(buffer, OFFSET)).isEqualTo(edge);
                assertThat(FrameHeader.extensionBytes(buffer, OFFSET)).isEqualTo(edge);
                assertThat(FrameHeader.keyBytes(buffer, OFFSET)).isEqualTo(0xFFFF - edge);
                assertThat(FrameHeader.valueBytes(buffer, OFFSET)).isEqualTo(77);
                assertThat(FrameHeader.bodyBytes(buffer, OFFSET)).isEqualTo(0xFFFF + 77);
                assertThat(FrameHeader.frameBytes(buffer, OFFSET)).isEqualTo(0xFFFF + 77 + 24);
                assertThat(FrameHeader.hasConsistentLengths(buffer, OFFSET)).isTrue();
                assertThat(FrameHeader.extensionOffset(OFFSET)).isEqualTo(OFFSET + 24);
                assertThat(FrameHeader.keyOffset(buffer, OFFSET)).isEqualTo(OFFSET + 24 + edge);
                assertThat(FrameHeader.valueOffset(buffer, OFFSET)).isEqualTo(OFFSET + 24 + 0xFFFF);
            }
        }
    }

    @Test
    void putResponse_everyStatus_isReadBack() {
        for (Status status : Status.values()) {
            FrameHeader.putResponse(buffer, OFFSET, 0xAB, status, -2);
            assertThat(FrameHeader.magic(buffer, OFFSET)).isEqualTo(0xD2);
            assertThat(FrameHeader.opcode(buffer, OFFSET)).isEqualTo(0xAB);
            assertThat(FrameHeader.status(buffer, OFFSET)).isEqualTo(status.code());
            assertThat(FrameHeader.flags(buffer, OFFSET)).isZero();
            assertThat(FrameHeader.requestId(buffer, OFFSET)).isEqualTo(-2);
            assertThat(FrameHeader.bodyBytes(buffer, OFFSET)).isZero();
        }
    }

    @Test
    void put_overGarbage_writes24BytesAndNoMore() {
        buffer.setZero(0, buffer.capacity());
        for (int i = 0; i < buffer.writerIndex(); i++) {
            buffer.setByte(i, 0xEE);
        }
        FrameHeader.putRequest(buffer, OFFSET, 0x10, 0x0402, 0x01020304);
        assertThat(ByteBufUtil.hexDump(buffer))
                .isEqualTo(
                        "eeeeee"
                                + "d101100004020000"
                                + "0102030400000000"
                                + "0000000000000000"
                                + "eeeeeeeeee");
    }

    @Test
    void putServerTime_beyondFourBytes_isCutOff() {
        FrameHeader.putServerTime(buffer, OFFSET, Long.MAX_VALUE);
        assertThat(FrameHeader.serverTimeMicros(buffer, OFFSET)).isEqualTo(0xFFFF_FFFFL);
        FrameHeader.putServerTime(buffer, OFFSET, 17);
        assertThat(FrameHeader.serverTimeMicros(buffer, OFFSET)).isEqualTo(17);
    }

    @Test
    void hasConsistentLengths_bodyOfUnsignedSize_isTrue() {
        FrameHeader.putRequest(buffer, OFFSET, 0x10, 0, 1);
        buffer.setInt(OFFSET + FrameHeader.BODY_LENGTH_OFFSET, -1);
        buffer.setShort(OFFSET + FrameHeader.KEY_LENGTH_OFFSET, 0xFFFF);
        assertThat(FrameHeader.bodyBytes(buffer, OFFSET)).isEqualTo(0xFFFF_FFFFL);
        assertThat(FrameHeader.hasConsistentLengths(buffer, OFFSET)).isTrue();
    }
}

package io.larder.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class FrameChecksumTest {
    private static final int HEADER = ProtocolLimits.HEADER_BYTES;

    /** A SET of a key of no bytes, with room for its checksum. */
    private static ByteBuf frame(ByteBuf buffer, byte[] value) {
        buffer.writeZero(HEADER + FrameChecksum.BYTES);
        FrameHeader.putRequest(buffer, 0, Opcode.SET.code(), 0, 1);
        FrameHeader.putLengths(buffer, 0, FrameChecksum.BYTES, 0, value.length);
        return buffer;
    }

    @Test
    void checksum_isThatOfRfc3720() {
        byte[] zeros = new byte[32];
        ByteBuf buffer = frame(Unpooled.buffer(), zeros).writeBytes(zeros);
        FrameChecksum.put(buffer, 0);

        assertThat(buffer.getInt(HEADER + ExtensionType.PREFIX_BYTES)).isEqualTo(0x8A9136AA);
        assertThat(FrameChecksum.isSound(buffer, 0)).isTrue();
    }

    @Test
    void checksum_isTheSame_whereverTheBytesAre() {
        byte[] value = "a value that is partly elsewhere".getBytes(UTF_8);
        ByteBuf onHeap = frame(Unpooled.buffer(), value).writeBytes(value);
        ByteBuf direct = frame(Unpooled.directBuffer(), value).writeBytes(value);
        ByteBuf head = frame(Unpooled.buffer(), value);
        FrameChecksum.put(onHeap, 0);
        FrameChecksum.put(direct, 0);
        FrameChecksum.put(head, 0, value, 0, value.length);

        int at = HEADER + ExtensionType.PREFIX_BYTES;
        assertThat(direct.getInt(at)).isEqualTo(onHeap.getInt(at));
        assertThat(head.getInt(at)).isEqualTo(onHeap.getInt(at));
        direct.release();
    }

    @Test
    void anyBitOfTheBody_turnedOver_shows() {
        byte[] value = {1, 2, 3};
        ByteBuf buffer = frame(Unpooled.buffer(), value).writeBytes(value);
        FrameChecksum.put(buffer, 0);
        for (int bit = 8 * HEADER; bit < 8 * buffer.writerIndex(); bit++) {
            int at = bit / 8;
            byte before = buffer.getByte(at);
            buffer.setByte(at, before ^ 1 << bit % 8);
            assertThat(FrameChecksum.isSound(buffer, 0)).describedAs("bit %d", bit).isFalse();
            buffer.setByte(at, before);
        }
        assertThat(FrameChecksum.isSound(buffer, 0)).isTrue();
    }

    @Test
    void frameWithoutExtensions_hasNone() {
        ByteBuf buffer = Unpooled.buffer().writeZero(HEADER);
        FrameHeader.putRequest(buffer, 0, Opcode.GET.code(), 0, 1);

        assertThat(FrameChecksum.isPresent(buffer, 0)).isFalse();
        assertThat(FrameChecksum.isSound(buffer, 0)).isFalse();
    }
}

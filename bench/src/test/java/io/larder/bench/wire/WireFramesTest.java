package io.larder.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireFramesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 9, 10, 15, 16, 255, 999_999, 0x1234ABCD, Integer.MAX_VALUE, -1})
    void hexDigits_areThoseOfTheFormatter(int number) {
        byte[] digits = ByteBuffer.allocate(8).putLong(WireFrames.hexDigits(number)).array();

        assertThat(new String(digits, StandardCharsets.US_ASCII))
                .isEqualTo(String.format("%08x", number));
    }

    @Test
    void writeGet_isAFrameWithATwentyByteKey() {
        ByteBuf out = Unpooled.buffer();

        new WireFrames(100).writeGet(out, 7, 0xBEEF);

        assertThat(FrameHeader.opcode(out, 0)).isEqualTo(Opcode.GET.code());
        assertThat(FrameHeader.requestId(out, 0)).isEqualTo(7);
        assertThat(FrameHeader.frameBytes(out, 0)).isEqualTo(out.readableBytes());
        assertThat(out.toString(FrameHeader.keyOffset(out, 0), 20, StandardCharsets.US_ASCII))
                .isEqualTo("larder:bench0000beef");
    }

    @Test
    void writeSet_carriesAValueThatIsOfItsKeyOnly() {
        ByteBuf out = Unpooled.buffer();
        WireFrames frames = new WireFrames(32);

        frames.writeSet(out, 1, 5);

        assertThat(FrameHeader.valueBytes(out, 0)).isEqualTo(32);
        assertThat(frames.isValueOf(out, 0, 5)).isTrue();
        assertThat(frames.isValueOf(out, 0, 6)).isFalse();
        assertThat(new WireFrames(33).isValueOf(out, 0, 5)).isFalse();
    }

    @Test
    void valueTooShortForItsIndex_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new WireFrames(7));
    }
}

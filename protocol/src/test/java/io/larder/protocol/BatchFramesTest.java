package io.larder.protocol;

import static io.larder.protocol.BatchFrames.Step.END;
import static io.larder.protocol.BatchFrames.Step.FRAME;
import static io.larder.protocol.BatchFrames.Step.MALFORMED;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class BatchFramesTest {
    private static final byte[] FIRST = DecoderFixture.request(1, 11, 3, 50);
    private static final byte[] SECOND = DecoderFixture.request(2, 0, 1, 0);

    private final BatchFrames frames = new BatchFrames(FrameDirection.TO_SERVER);

    @Test
    void next_framesInARow_areFoundAndThenTheEnd() {
        ByteBuf value = Unpooled.wrappedBuffer(new byte[5], FIRST, SECOND);
        frames.wrap(value, 5, value.readableBytes() - 5);
        assertThat(frames.next()).isEqualTo(FRAME);
        assertThat(frames.frameOffset()).isEqualTo(5);
        assertThat(frames.next()).isEqualTo(FRAME);
        assertThat(frames.frameOffset()).isEqualTo(5 + FIRST.length);
        assertThat(frames.next()).isEqualTo(END);
        assertThat(frames.next()).isEqualTo(END);
        value.release();
    }

    @Test
    void next_emptyValue_isTheEnd() {
        assertThat(frames.wrap(Unpooled.EMPTY_BUFFER, 0, 0).next()).isEqualTo(END);
    }

    @Test
    void next_cutAnywhere_isMalformed() {
        ByteBuf value = Unpooled.wrappedBuffer(FIRST);
        for (int length = 1; length < FIRST.length; length++) {
            assertThat(frames.wrap(value, 0, length).next()).isEqualTo(MALFORMED);
            assertThat(frames.next()).isEqualTo(MALFORMED);
        }
        value.release();
    }

    @Test
    void next_replyWithinARequest_isMalformed() {
        byte[] reply = SECOND.clone();
        reply[0] = (byte) 0xD2;
        ByteBuf value = Unpooled.wrappedBuffer(reply);
        assertThat(frames.wrap(value, 0, reply.length).next()).isEqualTo(MALFORMED);
        assertThat(new BatchFrames(FrameDirection.TO_CLIENT).wrap(value, 0, reply.length).next())
                .isEqualTo(FRAME);
        value.release();
    }

    @Test
    void next_bodyLengthAtItsEdges_isMalformed() {
        for (int bodyLength : new int[] {0, 2, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
            ByteBuf value = Unpooled.copiedBuffer(SECOND);
            value.setInt(FrameHeader.BODY_LENGTH_OFFSET, bodyLength);
            assertThat(frames.wrap(value, 0, SECOND.length).next())
                    .as("bodyLength %d", bodyLength)
                    .isEqualTo(MALFORMED);
            value.release();
        }
    }

    @Test
    void count_stopsOneBeyondTheLimit() {
        ByteBuf value = Unpooled.wrappedBuffer(FIRST, SECOND, SECOND, new byte[] {1});
        int sound = FIRST.length + 2 * SECOND.length;
        assertThat(frames.count(value, 0, sound, 10)).isEqualTo(3);
        assertThat(frames.next()).isEqualTo(FRAME);
        assertThat(frames.frameOffset()).isZero();
        assertThat(frames.count(value, 0, sound, 3)).isEqualTo(3);
        assertThat(frames.count(value, 0, sound, 1)).isEqualTo(2);
        assertThat(frames.count(value, 0, sound + 1, 10)).isEqualTo(-1);
        assertThat(frames.count(value, 0, sound + 1, 1)).isEqualTo(2);
        assertThat(frames.count(value, 0, 0, 1)).isZero();
        value.release();
    }
}

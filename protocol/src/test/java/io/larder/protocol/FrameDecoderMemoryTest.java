package io.larder.protocol;

import static io.larder.protocol.DecoderFixture.BODY_BYTES_MAX;
import static io.larder.protocol.DecoderFixture.concat;
import static io.larder.protocol.DecoderFixture.header;
import static io.larder.protocol.DecoderFixture.hex;
import static io.larder.protocol.DecoderFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameDecoderMemoryTest {
    private static final int SLACK_BYTES = 64 << 10;
    private static final byte[] SMALL = request(7, 0, 3, 10);

    @Test
    void decode_announcedBodyThatNeverComes_costsNothingWorthMentioning() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.read(header(0, 0, BODY_BYTES_MAX));
            assertThat(fixture.decoder.heldBytes()).isLessThanOrEqualTo(256);
        }
    }

    @Test
    void decode_longFrameInPieces_holdsAtMostWhatCamePlus64KiB() {
        for (int pieceBytes : new int[] {1, 7, 1000, 4096, 65_536, 65_537, 100_000}) {
            byte[] frame = request(3, 0, 10, BODY_BYTES_MAX - 10);
            try (DecoderFixture fixture = new DecoderFixture()) {
                for (int i = 0; i < frame.length; i += pieceBytes) {
                    int length = Math.min(pieceBytes, frame.length - i);
                    fixture.read(frame, i, length);
                    assertThat(fixture.decoder.heldBytes())
                            .isEqualTo(fixture.allocatedBytes())
                            .isLessThanOrEqualTo(i + length + SLACK_BYTES);
                }
                assertThat(fixture.listener.frames).containsExactly(hex(frame));
                assertThat(fixture.decoder.heldBytes()).isZero();
            }
        }
    }

    @Test
    void decode_framesAroundThePieceSize_areWhole() {
        for (int frameBytes = SLACK_BYTES - 2; frameBytes <= SLACK_BYTES + 2; frameBytes++) {
            for (int multiple = 1; multiple <= 2; multiple++) {
                byte[] frame = request(4, 0, 0, frameBytes * multiple - 24);
                try (DecoderFixture fixture = new DecoderFixture()) {
                    fixture.read(frame, 0, 100);
                    fixture.read(frame, 100, frame.length - 200);
                    fixture.read(
                            concat(
                                    Arrays.copyOfRange(frame, frame.length - 100, frame.length),
                                    SMALL));
                    assertThat(fixture.listener.frames).containsExactly(hex(frame), hex(SMALL));
                }
            }
        }
    }

    @Test
    void decode_oversizeBody_isDrainedAndReported() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            byte[] header = header(11, 5, 3_000_000);
            fixture.read(Arrays.copyOf(header, 20));
            fixture.read(Arrays.copyOfRange(header, 20, 24));
            assertThat(fixture.listener.oversizeHeaders).containsExactly(hex(header));
            for (int i = 0; i < 3_000; i++) {
                fixture.read(new byte[1_000]);
                assertThat(fixture.decoder.heldBytes()).isZero();
            }
            assertThat(fixture.decoder.hasPartialFrame()).isFalse();
            fixture.read(SMALL);
            assertThat(fixture.listener.frames).containsExactly(hex(SMALL));
            assertThat(fixture.listener.oversizeHeaders).hasSize(1);
        }
    }

    @Test
    void decode_bodiesWithTheSignBitSet_areUnsignedAndDrained() {
        for (long bodyBytes : new long[] {0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL}) {
            try (DecoderFixture fixture = new DecoderFixture()) {
                fixture.read(header(0, 0, bodyBytes));
                ByteBuf chunk = Unpooled.wrappedBuffer(new byte[1 << 20]);
                for (long left = bodyBytes; left > 0; left -= Math.min(left, 1 << 20)) {
                    int length = (int) Math.min(left, 1 << 20);
                    fixture.channel.writeInbound(chunk.retainedSlice(0, length));
                    assertThat(fixture.decoder.heldBytes()).isZero();
                }
                fixture.read(SMALL);
                assertThat(fixture.listener.frames).containsExactly(hex(SMALL));
                assertThat(chunk.release()).isTrue();
            }
        }
    }

    @Test
    void channelInactive_withHalfAFrame_releasesIt() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.read(request(3, 0, 0, 150_000), 0, 140_000);
            assertThat(fixture.decoder.heldBytes()).isPositive();
            fixture.closeChannel();
            assertThat(fixture.decoder.heldBytes()).isZero();
            assertThat(fixture.listener.frames).isEmpty();
        }
    }

    @Test
    void handlerRemoved_withHalfAFrameAndWhilePaused_releasesAll() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.read(SMALL, 0, 30);
            fixture.decoder.pause();
            fixture.read(SMALL, 30, SMALL.length - 30);
            fixture.channel.pipeline().remove(fixture.decoder);
            assertThat(fixture.decoder.heldBytes()).isZero();
            assertThat(fixture.listener.frames).isEmpty();
        }
    }

    @Test
    void channelInactive_isPassedOn() {
        DecoderFixture fixture = new DecoderFixture();
        boolean[] seen = new boolean[1];
        fixture.channel
                .pipeline()
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelInactive(ChannelHandlerContext ctx) {
                                seen[0] = true;
                            }
                        });
        fixture.close();
        assertThat(seen[0]).isTrue();
    }

    @Test
    void giveUp_ofAHalfFrame_givesBackItsMemoryAndDrainsTheRest() {
        byte[] frame = request(3, 0, 10, BODY_BYTES_MAX - 10);
        for (int received : new int[] {24, 25, 5_000, 70_000, frame.length - 1}) {
            try (DecoderFixture fixture = new DecoderFixture()) {
                fixture.read(frame, 0, received);
                ByteBuf beginning = fixture.decoder.giveUpPartialFrame();
                assertThat(beginning).isNotNull();
                assertThat(FrameHeader.requestId(beginning, 0)).isEqualTo(3);
                assertThat(beginning.readableBytes()).isEqualTo(received);
                beginning.release();
                assertThat(fixture.decoder.heldBytes()).isZero();
                assertThat(fixture.decoder.hasPartialFrame()).isTrue();
                assertThat(fixture.decoder.partialFrameBytes()).isEqualTo(received);
                assertThat(fixture.decoder.giveUpPartialFrame()).isNull();
                fixture.read(concat(Arrays.copyOfRange(frame, received, frame.length), SMALL));
                assertThat(fixture.listener.frames).containsExactly(hex(SMALL));
                assertThat(fixture.decoder.hasPartialFrame()).isFalse();
            }
        }
    }

    @Test
    void giveUp_withoutAHeader_isNothing() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            assertThat(fixture.decoder.giveUpPartialFrame()).isNull();
            fixture.read(SMALL, 0, 23);
            assertThat(fixture.decoder.giveUpPartialFrame()).isNull();
        }
    }
}

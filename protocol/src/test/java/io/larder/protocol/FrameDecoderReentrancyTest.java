package io.larder.protocol;

import static io.larder.protocol.DecoderFixture.BODY_BYTES_MAX;
import static io.larder.protocol.DecoderFixture.concat;
import static io.larder.protocol.DecoderFixture.header;
import static io.larder.protocol.DecoderFixture.hex;
import static io.larder.protocol.DecoderFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameDecoderReentrancyTest {
    private static final byte[] FIRST = request(1, 0, 4, 10);
    private static final byte[] SECOND = request(2, 0, 4, 20);
    private static final byte[] THIRD = request(3, 0, 4, 30);

    @Test
    void onFrame_thatClosesTheChannel_isTheLast() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.listener.afterFrame = fixture::closeChannel;
            fixture.read(concat(FIRST, SECOND, Arrays.copyOf(THIRD, 30)));
            assertThat(fixture.listener.frames).containsExactly(hex(FIRST));
        }
    }

    @Test
    void onFrame_thatRemovesTheDecoder_keepsItsBytesUntilItReturns() {
        for (int cut : new int[] {0, 30}) {
            try (DecoderFixture fixture = new DecoderFixture()) {
                fixture.listener.afterFrame =
                        () -> {
                            fixture.channel.pipeline().remove(fixture.decoder);
                            assertThat(fixture.listener.buffers.get(0).refCnt()).isPositive();
                        };
                fixture.read(FIRST, 0, cut);
                byte[] all = concat(FIRST, SECOND);
                fixture.read(all, cut, all.length - cut);
                assertThat(fixture.listener.frames).containsExactly(hex(FIRST));
            }
        }
    }

    @Test
    void ignoreRest_byTheListener_dropsAllThatFollows() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.listener.afterFrame = fixture.decoder::ignoreRest;
            fixture.read(concat(FIRST, SECOND));
            fixture.read(THIRD);
            assertThat(fixture.listener.frames).containsExactly(hex(FIRST));
            assertThat(fixture.decoder.heldBytes()).isZero();
        }
    }

    @Test
    void onOversizeFrame_thatRemovesTheDecoder_isTheLast() {
        for (int cut : new int[] {0, 10}) {
            try (DecoderFixture fixture = new DecoderFixture()) {
                fixture.listener.afterOversize =
                        () -> fixture.channel.pipeline().remove(fixture.decoder);
                byte[] all = concat(header(0, 0, BODY_BYTES_MAX + 1L), new byte[100]);
                fixture.read(all, 0, cut);
                fixture.read(all, cut, all.length - cut);
                assertThat(fixture.listener.oversizeHeaders).hasSize(1);
            }
        }
    }

    @Test
    void onMalformedFrame_thatClosesTheChannel_isTheLast() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.listener.afterMalformed = fixture::closeChannel;
            fixture.read(concat(FIRST, new byte[100]));
            assertThat(fixture.listener.frames).containsExactly(hex(FIRST));
            assertThat(fixture.listener.malformed).containsExactly(Status.BAD_MAGIC);
        }
    }

    @Test
    void onFrame_thatCausesARead_getsItsFramesInOrder() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.listener.afterFrame =
                    () -> {
                        fixture.listener.afterFrame = () -> {};
                        fixture.read(THIRD);
                    };
            fixture.read(concat(FIRST, SECOND));
            assertThat(fixture.listener.frames)
                    .containsExactly(hex(FIRST), hex(SECOND), hex(THIRD));
        }
    }

    @Test
    void onFrame_thatThrows_losesNoOtherFrame() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.listener.afterFrame =
                    () -> {
                        fixture.listener.afterFrame = () -> {};
                        throw new IllegalStateException("a fault of the listener");
                    };
            assertThatThrownBy(() -> fixture.read(concat(FIRST, SECOND)))
                    .hasMessage("a fault of the listener");
            fixture.read(THIRD);
            assertThat(fixture.listener.frames)
                    .containsExactly(hex(FIRST), hex(SECOND), hex(THIRD));
        }
    }

    @Test
    void pause_byTheListener_keepsTheRestUntilResume() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.listener.afterFrame = fixture.decoder::pause;
            fixture.read(concat(FIRST, SECOND));
            fixture.read(THIRD);
            assertThat(fixture.listener.frames).containsExactly(hex(FIRST));
            assertThat(fixture.decoder.isPaused()).isTrue();
            assertThat(fixture.channel.config().isAutoRead()).isFalse();

            fixture.decoder.resume();
            assertThat(fixture.listener.frames).containsExactly(hex(FIRST), hex(SECOND));
            assertThat(fixture.channel.config().isAutoRead()).isFalse();

            fixture.listener.afterFrame = () -> {};
            int batchEnds = fixture.listener.batchEnds;
            fixture.decoder.resume();
            assertThat(fixture.listener.frames)
                    .containsExactly(hex(FIRST), hex(SECOND), hex(THIRD));
            assertThat(fixture.listener.batchEnds).isEqualTo(batchEnds + 1);
            assertThat(fixture.channel.config().isAutoRead()).isTrue();
        }
    }

    @Test
    void resume_withinTheSameCallAsPause_goesOn() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.listener.afterFrame =
                    () -> {
                        fixture.decoder.pause();
                        fixture.decoder.resume();
                    };
            fixture.read(concat(FIRST, SECOND, THIRD));
            assertThat(fixture.listener.frames).hasSize(3);
            assertThat(fixture.channel.config().isAutoRead()).isTrue();
        }
    }

    @Test
    void partialFrame_isTimedFromItsFirstByte() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.nowNanos = 100;
            fixture.read(concat(FIRST, Arrays.copyOf(SECOND, 3)));
            fixture.nowNanos = 200;
            fixture.read(SECOND, 3, 25);
            assertThat(fixture.decoder.hasPartialFrame()).isTrue();
            assertThat(fixture.decoder.partialFrameSinceNanos()).isEqualTo(100);
            assertThat(fixture.decoder.partialFrameBytes()).isEqualTo(28);
            assertThat(fixture.decoder.isPartialFrameOverdue(1_100, 1_000)).isFalse();
            assertThat(fixture.decoder.isPartialFrameOverdue(1_101, 1_000)).isTrue();

            fixture.read(SECOND, 28, SECOND.length - 28);
            assertThat(fixture.decoder.hasPartialFrame()).isFalse();
            assertThat(fixture.decoder.partialFrameBytes()).isZero();
            assertThat(fixture.decoder.isPartialFrameOverdue(Long.MAX_VALUE, 1)).isFalse();
        }
    }

    @Test
    void partialFrame_whilePaused_isNotTheSendersFault() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.read(FIRST, 0, 10);
            fixture.decoder.pause();
            assertThat(fixture.decoder.hasPartialFrame()).isFalse();
            fixture.nowNanos = 5_000;
            fixture.decoder.resume();
            assertThat(fixture.decoder.partialFrameSinceNanos()).isEqualTo(5_000);
        }
    }

    @Test
    void overdue_whileDraining_dependsOnWhatCame() {
        long second = 1_000_000_000L;
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.read(header(0, 0, 0xFFFF_FFFFL));
            fixture.read(new byte[2 << 20]);
            assertThat(fixture.decoder.partialFrameBytes()).isEqualTo(24 + (2 << 20));
            assertThat(fixture.decoder.isPartialFrameOverdue(42 * second, 10 * second)).isFalse();
            assertThat(fixture.decoder.isPartialFrameOverdue(43 * second, 10 * second)).isTrue();
        }
    }
}

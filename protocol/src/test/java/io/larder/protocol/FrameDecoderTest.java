package io.larder.protocol;

import static io.larder.protocol.DecoderFixture.BODY_BYTES_MAX;
import static io.larder.protocol.DecoderFixture.concat;
import static io.larder.protocol.DecoderFixture.header;
import static io.larder.protocol.DecoderFixture.hex;
import static io.larder.protocol.DecoderFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
    private static final byte[] FIRST = request(1, 11, 3, 50);
    private static final byte[] SECOND = request(2, 0, 0, 0);
    private static final byte[] THIRD = request(3, 0, 5, 700);

    @Test
    void decode_framesInOneBuffer_areHandedOverInPlace() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            ByteBuf read = Unpooled.directBuffer().writeBytes(concat(FIRST, SECOND, THIRD));
            fixture.read(read);
            assertThat(fixture.listener.frames)
                    .containsExactly(hex(FIRST), hex(SECOND), hex(THIRD));
            assertThat(fixture.listener.buffers)
                    .allSatisfy(buffer -> assertThat(buffer).isSameAs(read));
            assertThat(fixture.listener.offsets)
                    .containsExactly(0, FIRST.length, FIRST.length + SECOND.length);
            assertThat(fixture.listener.batchEnds).isEqualTo(1);
        }
    }

    @Test
    void decode_frameOverABuffersEnd_isTheOnlyOneCopied() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            byte[] all = concat(FIRST, THIRD, SECOND);
            int cut = FIRST.length + 100;
            fixture.read(all, 0, cut);
            ByteBuf rest = Unpooled.directBuffer().writeBytes(all, cut, all.length - cut);
            fixture.read(rest);
            assertThat(fixture.listener.frames)
                    .containsExactly(hex(FIRST), hex(THIRD), hex(SECOND));
            assertThat(fixture.listener.buffers.get(1)).isNotSameAs(rest);
            assertThat(fixture.listener.direct).containsOnly(true);
            assertThat(fixture.listener.buffers.get(2)).isSameAs(rest);
        }
    }

    @Test
    void decode_oneByteAtATime_givesTheSameFrames() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            for (byte b : concat(FIRST, SECOND, THIRD, header(0, 0, BODY_BYTES_MAX + 1L))) {
                fixture.read(new byte[] {b});
            }
            for (int i = 0; i < BODY_BYTES_MAX + 1; i += 1000) {
                fixture.read(new byte[Math.min(1000, BODY_BYTES_MAX + 1 - i)]);
            }
            fixture.read(FIRST);
            assertThat(fixture.listener.frames)
                    .containsExactly(hex(FIRST), hex(SECOND), hex(THIRD), hex(FIRST));
            assertThat(fixture.listener.oversizeHeaders).hasSize(1);
            assertThat(fixture.decoder.hasPartialFrame()).isFalse();
        }
    }

    @Test
    void decode_emptyRead_changesNothing() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.read(new byte[0]);
            fixture.read(Arrays.copyOf(FIRST, 30));
            fixture.read(new byte[0]);
            fixture.read(FIRST, 30, FIRST.length - 30);
            assertThat(fixture.listener.frames).containsExactly(hex(FIRST));
        }
    }

    @Test
    void decode_bufferOfSeveralParts_isMadeContiguous() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.read(
                    Unpooled.wrappedBuffer(
                            Unpooled.copiedBuffer(FIRST, Arrays.copyOf(SECOND, 10)),
                            Unpooled.copiedBuffer(Arrays.copyOfRange(SECOND, 10, 24), THIRD)));
            assertThat(fixture.listener.frames)
                    .containsExactly(hex(FIRST), hex(SECOND), hex(THIRD));
            assertThat(fixture.listener.contiguous).containsOnly(true);
        }
    }

    @Test
    void decode_somethingElseThanBytes_isPassedOn() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.channel.writeInbound("text");
            assertThat(fixture.channel.<String>readInbound()).isEqualTo("text");
        }
    }

    @Test
    void decode_strangersFirstByte_isMalformedAtOnce() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.read("G".getBytes(StandardCharsets.US_ASCII));
            assertThat(fixture.listener.malformed).containsExactly(Status.BAD_MAGIC);
            assertThat(fixture.listener.expectations)
                    .containsExactly("magic: 0x47 (expected: 0xD1)");
        }
    }

    @Test
    void decode_afterMalformed_ignoresAllThatFollows() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.read(concat(FIRST, new byte[] {0}, SECOND));
            fixture.read(THIRD);
            fixture.decoder.pause();
            fixture.decoder.resume();
            assertThat(fixture.listener.frames).containsExactly(hex(FIRST));
            assertThat(fixture.listener.malformed).containsExactly(Status.BAD_MAGIC);
            assertThat(fixture.decoder.heldBytes()).isZero();
            assertThat(fixture.listener.batchEnds).isEqualTo(2);
            assertThat(fixture.decoder.hasPartialFrame()).isFalse();
        }
    }

    @Test
    void decode_otherVersion_isMalformed() {
        byte[] frame = FIRST.clone();
        frame[FrameHeader.VERSION_OFFSET] = 2;
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.read(frame, 0, 1);
            assertThat(fixture.listener.malformed).isEmpty();
            fixture.read(frame, 1, 1);
            assertThat(fixture.listener.malformed).containsExactly(Status.BAD_VERSION);
            assertThat(fixture.listener.expectations).containsExactly("version: 2 (expected: 1)");
        }
    }

    @Test
    void decode_toClient_acceptsResponsesAndPushesOnly() {
        for (int magic = 0; magic < 256; magic++) {
            byte[] frame = SECOND.clone();
            frame[0] = (byte) magic;
            try (DecoderFixture fixture = new DecoderFixture(FrameDirection.TO_CLIENT)) {
                fixture.read(frame);
                boolean accepted = magic == 0xD2 || magic == 0xD3;
                assertThat(fixture.listener.frames).hasSize(accepted ? 1 : 0);
                assertThat(fixture.listener.malformed).hasSize(accepted ? 0 : 1);
            }
        }
    }

    @Test
    void decode_bodyAtTheLimit_isAFrameAndOneMoreByteIsOversize() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            byte[] largest = request(9, 10, 20, BODY_BYTES_MAX - 30);
            byte[] larger = request(10, 10, 20, BODY_BYTES_MAX - 29);
            fixture.read(concat(largest, larger, SECOND));
            assertThat(fixture.listener.frames).containsExactly(hex(largest), hex(SECOND));
            assertThat(fixture.listener.oversizeHeaders)
                    .containsExactly(hex(Arrays.copyOf(larger, 24)));
        }
    }

    @Test
    void bodyBytesMax_changedByTheListener_countsFromTheNextHeader() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            fixture.decoder.bodyBytesMax(FIRST.length - 24);
            fixture.listener.afterFrame = () -> fixture.decoder.bodyBytesMax(0);
            fixture.read(concat(FIRST, THIRD, SECOND));
            assertThat(fixture.listener.frames).containsExactly(hex(FIRST), hex(SECOND));
            assertThat(fixture.listener.oversizeHeaders).hasSize(1);
        }
    }

    @Test
    void bodyBytesMax_outOfRange_isRefused() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            assertThatThrownBy(() -> fixture.decoder.bodyBytesMax(-1))
                    .hasMessage("bodyBytesMax: -1 (expected: 0..1073741824)");
            assertThatThrownBy(() -> fixture.decoder.bodyBytesMax(Integer.MAX_VALUE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void decode_extensionsAndKeyThatFillTheBody_areAFrame() {
        try (DecoderFixture fixture = new DecoderFixture()) {
            byte[] frame = request(5, 0xFFFF, 0xFFFF, 0);
            fixture.read(frame);
            assertThat(fixture.listener.frames).containsExactly(hex(frame));
        }
    }

    @Test
    void decode_extensionsAndKeyBeyondTheBody_areMalformed() {
        int[][] cases = {
            {1, 0, 0}, {0, 1, 0}, {0xFFFF, 0xFFFF, 0xFFFF * 2 - 1}, {0x8000, 0x8000, 0xFFFF}
        };
        for (int[] lengths : cases) {
            byte[] header = header(lengths[0], lengths[1], lengths[2]);
            try (DecoderFixture whole = new DecoderFixture();
                    DecoderFixture bytewise = new DecoderFixture()) {
                whole.read(header);
                for (byte b : header) {
                    bytewise.read(new byte[] {b});
                }
                assertThat(whole.listener.malformed).containsExactly(Status.BAD_FRAME);
                assertThat(bytewise.listener.malformed).containsExactly(Status.BAD_FRAME);
            }
        }
    }
}

package io.larder.protocol;

import static io.larder.protocol.DecoderFixture.BODY_BYTES_MAX;
import static io.larder.protocol.DecoderFixture.concat;
import static io.larder.protocol.DecoderFixture.header;
import static io.larder.protocol.DecoderFixture.hex;
import static io.larder.protocol.DecoderFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class FrameDecoderRandomTest {
    private static final int ROUNDS = 150;

    @Test
    void decode_randomSplits_giveTheSameFrames() {
        for (int round = 0; round < ROUNDS; round++) {
            long seed = 0x1A4DE4L + round;
            Random random = new Random(seed);
            List<byte[]> stream = new ArrayList<>();
            List<String> frames = new ArrayList<>();
            List<String> oversizeHeaders = new ArrayList<>();
            for (int i = random.nextInt(30); i >= 0; i--) {
                if (random.nextInt(10) == 0) {
                    byte[] header = header(0, 9, BODY_BYTES_MAX + 1 + random.nextInt(5000));
                    stream.add(header);
                    stream.add(new byte[(int) bodyLength(header)]);
                    oversizeHeaders.add(hex(header));
                } else {
                    int valueBytes = random.nextInt(1 << random.nextInt(17));
                    byte[] frame = request(i, random.nextInt(50), random.nextInt(50), valueBytes);
                    stream.add(frame);
                    frames.add(hex(frame));
                }
            }
            byte[] all = concat(stream.toArray(byte[][]::new));
            try (DecoderFixture fixture = new DecoderFixture()) {
                readInRandomPieces(fixture, all, random);
                assertThat(fixture.listener.frames).as("seed %d", seed).isEqualTo(frames);
                assertThat(fixture.listener.oversizeHeaders)
                        .as("seed %d", seed)
                        .isEqualTo(oversizeHeaders);
                assertThat(fixture.listener.malformed).as("seed %d", seed).isEmpty();
            }
        }
    }

    @Test
    void decode_garbage_neverThrows() {
        for (int round = 0; round < 20 * ROUNDS; round++) {
            long seed = 0x6A4BA6EL + round;
            Random random = new Random(seed);
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            int soundBytes = random.nextInt(25);
            byte[] start = Arrays.copyOf(header(0, 0, random.nextInt(100)), soundBytes);
            try (DecoderFixture fixture = new DecoderFixture()) {
                readInRandomPieces(fixture, concat(start, garbage), random);
                assertThat(fixture.listener.malformed.size()).as("seed %d", seed).isBetween(0, 1);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void readers_overGarbage_neverThrowOtherThanMalformed() {
        for (int round = 0; round < 20 * ROUNDS; round++) {
            long seed = 0xBADB0D1L + round;
            Random random = new Random(seed);
            byte[] garbage = new byte[random.nextInt(60)];
            random.nextBytes(garbage);
            ByteBuf buffer = Unpooled.wrappedBuffer(garbage);
            try {
                GarbageReaders.readAll(buffer);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            } finally {
                buffer.release();
            }
        }
    }

    private static void readInRandomPieces(DecoderFixture fixture, byte[] all, Random random) {
        int piecesMax = 1 << (4 + random.nextInt(14));
        for (int i = 0; i < all.length; ) {
            int length = Math.min(all.length - i, 1 + random.nextInt(piecesMax));
            fixture.read(all, i, length);
            i += length;
        }
    }

    private static long bodyLength(byte[] header) {
        ByteBuf buffer = Unpooled.wrappedBuffer(header);
        try {
            return FrameHeader.bodyBytes(buffer, 0);
        } finally {
            buffer.release();
        }
    }
}

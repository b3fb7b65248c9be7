package io.larder.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/** A decoder on a channel without network, a clock that stands still, and every buffer it got. */
final class DecoderFixture implements AutoCloseable {
    static final int BODY_BYTES_MAX = 200_000;

    final RecordingListener listener = new RecordingListener();
    final FrameDecoder decoder;
    final EmbeddedChannel channel;
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    long nowNanos;
    private ChannelFuture closed;
    private final List<ByteBuf> given = new ArrayList<>();

    DecoderFixture() {
        this(FrameDirection.TO_SERVER);
    }

    DecoderFixture(FrameDirection direction) {
        decoder = new FrameDecoder(listener, direction, BODY_BYTES_MAX, () -> nowNanos);
        channel = new EmbeddedChannel(decoder);
        channel.config().setAllocator(allocator);
    }

    /** A read of these bytes, with its end of batch. */
    void read(byte[] bytes) {
        read(bytes, 0, bytes.length);
    }

    void read(byte[] bytes, int offset, int length) {
        read(Unpooled.directBuffer(Math.max(1, length)).writeBytes(bytes, offset, length));
    }

    void read(ByteBuf bytes) {
        given.add(bytes);
        channel.writeInbound(bytes);
    }

    /** Bytes that the decoder has allocated and not given back. */
    long allocatedBytes() {
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }

    /** Closes the channel, as a listener may. */
    void closeChannel() {
        closed = channel.close();
    }

    /** Closes the channel; nothing that was given or handed over may be left. */
    @Override
    public void close() {
        channel.finishAndReleaseAll();
        assertThat(given).allMatch(bytes -> bytes.refCnt() == 0);
        assertThat(listener.buffers).allMatch(bytes -> bytes.refCnt() == 0);
        assertThat(decoder.heldBytes()).isZero();
        assertThat(allocatedBytes()).isZero();
        assertThat(closed == null || closed.isSuccess()).isTrue();
    }

    /** A request whose key and value are filled with a pattern. */
    static byte[] request(int requestId, int extensionBytes, int keyBytes, int valueBytes) {
        ByteBuf frame = Unpooled.buffer();
        try {
            frame.writeZero(ProtocolLimits.HEADER_BYTES);
            for (int i = 0; i < extensionBytes + keyBytes + valueBytes; i++) {
                frame.writeByte(requestId + i);
            }
            FrameHeader.putRequest(frame, 0, Opcode.SET.code(), 0, requestId);
            FrameHeader.putLengths(frame, 0, extensionBytes, keyBytes, valueBytes);
            return ByteBufUtil.getBytes(frame);
        } finally {
            frame.release();
        }
    }

    /** A request's header alone, with these lengths whatever they are. */
    static byte[] header(int extensionLength, int keyLength, long bodyLength) {
        ByteBuf frame = Unpooled.buffer();
        try {
            frame.writeZero(ProtocolLimits.HEADER_BYTES);
            FrameHeader.putRequest(frame, 0, Opcode.SET.code(), 0, 1);
            frame.setShort(FrameHeader.EXTENSION_LENGTH_OFFSET, extensionLength);
            frame.setShort(FrameHeader.KEY_LENGTH_OFFSET, keyLength);
            frame.setInt(FrameHeader.BODY_LENGTH_OFFSET, (int) bodyLength);
            return ByteBufUtil.getBytes(frame);
        } finally {
            frame.release();
        }
    }

    static byte[] concat(byte[]... parts) {
        ByteBuf all = Unpooled.wrappedBuffer(parts);
        try {
            return ByteBufUtil.getBytes(all);
        } finally {
            all.release();
        }
    }

    static String hex(byte[] bytes) {
        return ByteBufUtil.hexDump(bytes);
    }
}

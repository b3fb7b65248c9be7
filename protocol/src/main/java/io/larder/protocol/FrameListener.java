package io.larder.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * Who receives the frames that a {@link FrameDecoder} cuts out of the bytes of one connection. All
 * calls come on that connection's event loop, one at a time. A listener may write, close the
 * channel, remove the decoder, or pause it, within any of them; it should not throw.
 */
public interface FrameListener {
    /**
     * A whole frame lies at {@code offset}; {@link FrameHeader} reads it. Magic and version are
     * right, the body is within the limit, extensions and key fit into it. Key length, opcode,
     * flags and the extensions themselves are not yet checked.
     *
     * @param buffer valid during the call only; its indices belong to the decoder
     */
    void onFrame(ChannelHandlerContext ctx, ByteBuf buffer, int offset);

    /**
     * A frame was announced whose body is above the limit. Only its header lies at {@code offset};
     * the body is thrown away as it comes. The connection stays usable.
     *
     * @param buffer valid during the call only; its indices belong to the decoder
     */
    void onOversizeFrame(ChannelHandlerContext ctx, ByteBuf buffer, int offset);

    /**
     * The bytes are no frame, so where the next one begins is unknown. The decoder ignores all that
     * follows; the connection is to be closed. Called at most once.
     *
     * @param status a fatal one: BAD_MAGIC, BAD_VERSION or BAD_FRAME
     * @param expected for people, as {@code magic: 0x47 (expected: 0xD1)}
     */
    void onMalformedFrame(ChannelHandlerContext ctx, Status status, String expected);

    /**
     * No more bytes for now: the time to flush, once, what the frames before have caused. Called
     * after a malformed frame too.
     */
    void onBatchEnd(ChannelHandlerContext ctx);
}

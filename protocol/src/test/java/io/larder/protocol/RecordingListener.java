package io.larder.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayList;
import java.util.List;

/** Keeps a copy of all that a decoder says, as hex, and runs an action after each frame. */
final class RecordingListener implements FrameListener {
    final List<String> frames = new ArrayList<>();
    final List<ByteBuf> buffers = new ArrayList<>();
    final List<Boolean> direct = new ArrayList<>();
    final List<Boolean> contiguous = new ArrayList<>();
    final List<Integer> offsets = new ArrayList<>();
    final List<String> oversizeHeaders = new ArrayList<>();
    final List<Status> malformed = new ArrayList<>();
    final List<String> expectations = new ArrayList<>();
    int batchEnds;
    Runnable afterFrame = () -> {};
    Runnable afterOversize = () -> {};
    Runnable afterMalformed = () -> {};

    @Override
    public void onFrame(ChannelHandlerContext ctx, ByteBuf buffer, int offset) {
        int bytes = (int) FrameHeader.frameBytes(buffer, offset);
        frames.add(ByteBufUtil.hexDump(buffer, offset, bytes));
        buffers.add(buffer);
        direct.add(buffer.isDirect());
        contiguous.add(buffer.isContiguous());
        offsets.add(offset);
        afterFrame.run();
    }

    @Override
    public void onOversizeFrame(ChannelHandlerContext ctx, ByteBuf buffer, int offset) {
        oversizeHeaders.add(ByteBufUtil.hexDump(buffer, offset, ProtocolLimits.HEADER_BYTES));
        afterOversize.run();
    }

    @Override
    public void onMalformedFrame(ChannelHandlerContext ctx, Status status, String expected) {
        malformed.add(status);
        expectations.add(expected);
        afterMalformed.run();
    }

    @Override
    public void onBatchEnd(ChannelHandlerContext ctx) {
        batchEnds++;
    }
}

package io.larder.bench.wire;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.bench.BenchException;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;

/** Larder's own protocol, whose replies may come in any order. Immutable; any thread. */
final class BinaryDialect implements Dialect {
    private static final int HELLO_ID = -1;
    private static final int REPLY_EXTRA_BYTES_MAX = 32; // an extension or two

    private final WireItems items;

    BinaryDialect(WireItems items) {
        this.items = items;
    }

    @Override
    public int requestBytesMax() {
        return HEADER_BYTES + WireItems.KEY_BYTES + items.valueBytes();
    }

    @Override
    public int replyBytesMax() {
        return HEADER_BYTES + REPLY_EXTRA_BYTES_MAX + items.valueBytes();
    }

    @Override
    public void writeGreeting(ByteBuf out) {
        int offset = out.writerIndex();
        out.writerIndex(offset + HEADER_BYTES);
        HelloRequest.of("larder-bench-wire").write(out);
        FrameHeader.putRequest(out, offset, Opcode.HELLO.code(), 0, HELLO_ID);
        FrameHeader.putLengths(out, offset, 0, 0, out.writerIndex() - offset - HEADER_BYTES);
    }

    @Override
    public void checkWelcome(ByteBuf in) {
        int offset = in.readerIndex();
        int status = FrameHeader.status(in, offset);
        if (FrameHeader.requestId(in, offset) != HELLO_ID || !Status.isOk(status)) {
            throw new BenchException("HELLO: " + Status.of(status) + " (expected: OK)");
        }
    }

    @Override
    public void writeGet(ByteBuf out, int requestId, int keyIndex) {
        int offset = beginRequest(out, Opcode.GET, requestId, 0);
        items.writeKey(out, keyIndex);
        assert out.writerIndex() == offset + HEADER_BYTES + WireItems.KEY_BYTES;
    }

    @Override
    public void writeSet(ByteBuf out, int requestId, int keyIndex) {
        int offset = beginRequest(out, Opcode.SET, requestId, items.valueBytes());
        items.writeKey(out, keyIndex);
        items.writeValue(out, keyIndex);
        assert out.writerIndex() == offset + requestBytesMax();
    }

    private static int beginRequest(ByteBuf out, Opcode opcode, int requestId, int valueBytes) {
        int offset = out.writerIndex();
        out.writerIndex(offset + HEADER_BYTES);
        FrameHeader.putRequest(out, offset, opcode.code(), 0, requestId);
        FrameHeader.putLengths(out, offset, 0, WireItems.KEY_BYTES, valueBytes);
        return offset;
    }

    @Override
    public int replyBytes(ByteBuf in) {
        int offset = in.readerIndex();
        int available = in.readableBytes();
        if (available < HEADER_BYTES || available < FrameHeader.frameBytes(in, offset)) {
            return INCOMPLETE;
        }
        if (FrameHeader.magic(in, offset) != FrameHeader.MAGIC_RESPONSE) {
            throw new BenchException(
                    "magic of a reply: " + FrameHeader.magic(in, offset) + " (expected: 0xD2)");
        }
        return (int) FrameHeader.frameBytes(in, offset);
    }

    @Override
    public int requestId(ByteBuf in, int oldestId) {
        return FrameHeader.requestId(in, in.readerIndex());
    }

    @Override
    public Answer answer(ByteBuf in, boolean isSet, int keyIndex) {
        int offset = in.readerIndex();
        int status = FrameHeader.status(in, offset);
        if (status == Status.MISS.code()) {
            return Answer.MISS;
        }
        boolean isRight = status == Status.OK.code() && (isSet || isValueOf(in, offset, keyIndex));
        return isRight ? Answer.RIGHT : Answer.WRONG;
    }

    private boolean isValueOf(ByteBuf in, int offset, int keyIndex) {
        return FrameHeader.valueBytes(in, offset) == items.valueBytes()
                && items.isValueOf(in, FrameHeader.valueOffset(in, offset), keyIndex);
    }
}

package io.larder.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloLimits;
import io.larder.protocol.HelloResponse;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** One request frame as a scripted server sees it, and the replies it can make of it. */
final class Frame {
    private final byte[] bytes;
    private final ByteBuf buffer;
    private final int offset;

    Frame(byte[] bytes) {
        this(bytes, Unpooled.wrappedBuffer(bytes), 0);
    }

    private Frame(byte[] bytes, ByteBuf buffer, int offset) {
        this.bytes = bytes;
        this.buffer = buffer;
        this.offset = offset;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    int id() {
        return FrameHeader.requestId(buffer, offset);
    }

    int opcode() {
        return FrameHeader.opcode(buffer, offset);
    }

    boolean is(Opcode opcode) {
        return opcode() == opcode.code();
    }

    int flags() {
        return FrameHeader.flags(buffer, offset);
    }

    int region() {
        return FrameHeader.regionId(buffer, offset);
    }

    long deadlineMillis() {
        return FrameHeader.deadlineMillis(buffer, offset);
    }

    byte[] key() {
        return ByteBufUtil.getBytes(
                buffer,
                FrameHeader.keyOffset(buffer, offset),
                FrameHeader.keyBytes(buffer, offset));
    }

    String keyText() {
        return new String(key(), UTF_8);
    }

    byte[] value() {
        return ByteBufUtil.getBytes(
                buffer,
                FrameHeader.valueOffset(buffer, offset),
                FrameHeader.valueBytes(buffer, offset));
    }

    OptionalLong extension(ExtensionType wanted) {
        Extensions extensions =
                new Extensions()
                        .wrap(
                                buffer,
                                FrameHeader.extensionOffset(offset),
                                FrameHeader.extensionBytes(buffer, offset));
        while (extensions.next() == Extensions.Step.ENTRY) {
            if (extensions.type() == wanted) {
                return OptionalLong.of(
                        extensions.valueLength() == 4
                                ? extensions.intValue()
                                : extensions.longValue());
            }
        }
        return OptionalLong.empty();
    }

    /** The frames inside a BATCH. */
    List<Frame> batch() {
        List<Frame> frames = new ArrayList<>();
        int position = FrameHeader.valueOffset(buffer, offset);
        int end = position + FrameHeader.valueBytes(buffer, offset);
        while (position < end) {
            frames.add(new Frame(bytes, buffer, position));
            position += (int) FrameHeader.frameBytes(buffer, position);
        }
        return frames;
    }

    byte[] ok() {
        return reply(Status.OK, new byte[0]);
    }

    byte[] ok(String value) {
        return reply(Status.OK, value.getBytes(UTF_8));
    }

    byte[] reply(Status status) {
        return reply(status, new byte[0]);
    }

    byte[] reply(Status status, byte[] value) {
        return reply(status.code(), id(), opcode(), new byte[0], value);
    }

    byte[] replyWith(Status status, byte[] extensions, byte[] value) {
        return reply(status.code(), id(), opcode(), extensions, value);
    }

    /** Any reply at all. */
    static byte[] reply(int status, int id, int opcode, byte[] extensions, byte[] value) {
        int bodyBytes = extensions.length + value.length;
        ByteBuf out = Unpooled.buffer(ProtocolLimits.HEADER_BYTES + bodyBytes);
        out.writerIndex(ProtocolLimits.HEADER_BYTES);
        FrameHeader.putResponse(out, 0, opcode, Status.OK, id);
        out.setByte(FrameHeader.STATUS_OFFSET, status);
        FrameHeader.putLengths(out, 0, extensions.length, 0, value.length);
        out.writeBytes(extensions).writeBytes(value);
        return ByteBufUtil.getBytes(out);
    }

    static byte[] extension(ExtensionType type, long value) {
        ByteBuf out = Unpooled.buffer();
        if (type.valueBytes() == 4) {
            Extensions.writeInt(out, type, (int) value);
        } else {
            Extensions.writeLong(out, type, value);
        }
        return ByteBufUtil.getBytes(out);
    }

    byte[] greeting() {
        return greeting(HelloLimits.DEFAULT, 7);
    }

    byte[] greeting(HelloLimits limits, long bootId, String... features) {
        ByteBuf out = Unpooled.buffer();
        new HelloResponse(ProtocolLimits.VERSION, limits, bootId, "fake", List.of(features))
                .write(out);
        return reply(Status.OK, ByteBufUtil.getBytes(out));
    }

    static byte[] concatenate(List<byte[]> parts) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts.toArray(new byte[0][])));
    }

    @Override
    public String toString() {
        return Opcode.of(opcode()) + " " + keyText();
    }
}

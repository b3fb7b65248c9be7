package io.larder.server.command;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.FrameChecksum;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.HelloRequest;
import io.larder.protocol.Opcode;
import io.larder.protocol.ProtocolLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Builds the bytes of one request frame, sound or not. */
public final class RequestFrame {
    private final int opcode;
    private int flags;
    private int id = 1;
    private int region;
    private int deadlineMillis;
    private boolean isSummed;
    private byte[] extensions = {};
    private byte[] key = {};
    private byte[] value = {};

    private RequestFrame(int opcode) {
        this.opcode = opcode;
    }

    public static RequestFrame of(Opcode opcode) {
        return new RequestFrame(opcode.code());
    }

    public static RequestFrame of(int opcode) {
        return new RequestFrame(opcode);
    }

    public static RequestFrame of(Opcode opcode, String key) {
        return of(opcode).key(key);
    }

    public static RequestFrame get(String key) {
        return of(Opcode.GET, key);
    }

    public static RequestFrame set(String key, String value) {
        return of(Opcode.SET, key).value(value);
    }

    /** What a client of this version says first. */
    public static RequestFrame hello(String... features) {
        ByteBuf out = Unpooled.buffer();
        HelloRequest.of("test", List.of(features)).write(out);
        return of(Opcode.HELLO).value(ByteBufUtil.getBytes(out));
    }

    /** A BATCH of these. */
    public static RequestFrame batch(RequestFrame... frames) {
        return of(Opcode.BATCH).value(row(frames));
    }

    /** The bytes of frames, one after the other. */
    public static byte[] row(RequestFrame... frames) {
        ByteBuf out = Unpooled.buffer();
        for (RequestFrame frame : frames) {
            out.writeBytes(frame.bytes());
        }
        return ByteBufUtil.getBytes(out);
    }

    public RequestFrame flags(int newFlags) {
        flags = newFlags;
        return this;
    }

    public RequestFrame id(int newId) {
        id = newId;
        return this;
    }

    public RequestFrame region(int newRegion) {
        region = newRegion;
        return this;
    }

    public RequestFrame deadlineMillis(int newDeadlineMillis) {
        deadlineMillis = newDeadlineMillis;
        return this;
    }

    public RequestFrame key(String newKey) {
        return key(newKey.getBytes(StandardCharsets.UTF_8));
    }

    public RequestFrame key(byte[] newKey) {
        key = newKey;
        return this;
    }

    public RequestFrame value(String newValue) {
        return value(newValue.getBytes(StandardCharsets.UTF_8));
    }

    public RequestFrame value(byte[] newValue) {
        value = newValue;
        return this;
    }

    /** Adds an extension, with a value of as many bytes as its type has. */
    public RequestFrame with(ExtensionType type, long number) {
        byte[] bytes = ByteBuffer.allocate(8).putLong(number).array();
        byte[] last = new byte[type.valueBytes()];
        System.arraycopy(bytes, 8 - last.length, last, 0, last.length);
        return with(type.code(), last);
    }

    /** Adds an extension of any code and length. */
    public RequestFrame with(int code, byte[] bytes) {
        ByteBuffer added = ByteBuffer.allocate(extensions.length + 3 + bytes.length);
        added.put(extensions).put((byte) code).putShort((short) bytes.length).put(bytes);
        extensions = added.array();
        return this;
    }

    /** Has these bytes for its extensions. */
    public RequestFrame extensions(byte[] newExtensions) {
        extensions = newExtensions;
        return this;
    }

    /** Gives it the right CHECKSUM. */
    public RequestFrame summed() {
        isSummed = true;
        return this;
    }

    public byte[] bytes() {
        int sumBytes = isSummed ? FrameChecksum.BYTES : 0;
        ByteBuf out = Unpooled.buffer(ProtocolLimits.HEADER_BYTES);
        out.writeZero(ProtocolLimits.HEADER_BYTES + sumBytes);
        FrameHeader.putRequest(out, 0, opcode, flags, id);
        FrameHeader.putLengths(out, 0, sumBytes + extensions.length, key.length, value.length);
        FrameHeader.putRegion(out, 0, region);
        FrameHeader.putDeadline(out, 0, deadlineMillis);
        out.writeBytes(extensions).writeBytes(key).writeBytes(value);
        if (isSummed) {
            FrameChecksum.put(out, 0);
        }
        return ByteBufUtil.getBytes(out);
    }
}

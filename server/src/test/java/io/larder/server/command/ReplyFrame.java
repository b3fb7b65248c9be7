package io.larder.server.command;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Extensions;
import io.larder.protocol.FrameHeader;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One reply, taken apart. */
public final class ReplyFrame {
    private final @Nullable Opcode opcode;
    private final Status status;
    private final int id;
    private final Map<ExtensionType, Long> extensions;
    private final byte[] value;

    private ReplyFrame(
            @Nullable Opcode opcode,
            Status status,
            int id,
            Map<ExtensionType, Long> extensions,
            byte[] value) {
        this.opcode = opcode;
        this.status = status;
        this.id = id;
        this.extensions = extensions;
        this.value = value;
    }

    public @Nullable Opcode opcode() {
        return opcode;
    }

    public Status status() {
        return status;
    }

    public int id() {
        return id;
    }

    public Map<ExtensionType, Long> extensions() {
        return extensions;
    }

    public byte[] value() {
        return value;
    }

    /** The value as text. */
    public String text() {
        return new String(value, StandardCharsets.UTF_8);
    }

    /** The number of an extension; fails if it is not there. */
    public long number(ExtensionType type) {
        Long number = extensions.get(type);
        if (number == null) {
            throw new AssertionError(type + " is not in " + extensions);
        }
        return number;
    }

    /** All the frames in these bytes, which are whole frames. */
    public static List<ReplyFrame> all(byte[] bytes) {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        List<ReplyFrame> replies = new ArrayList<>();
        int offset = 0;
        while (offset < bytes.length) {
            replies.add(read(buffer, offset));
            offset += (int) FrameHeader.frameBytes(buffer, offset);
        }
        return replies;
    }

    private static ReplyFrame read(ByteBuf buffer, int offset) {
        if (FrameHeader.magic(buffer, offset) != FrameHeader.MAGIC_RESPONSE
                || FrameHeader.version(buffer, offset) != 1) {
            throw new AssertionError("no reply at " + offset);
        }
        Status status = Status.of(FrameHeader.status(buffer, offset));
        if (status == null) {
            throw new AssertionError("status " + FrameHeader.status(buffer, offset));
        }
        byte[] value = new byte[FrameHeader.valueBytes(buffer, offset)];
        buffer.getBytes(FrameHeader.valueOffset(buffer, offset), value);
        return new ReplyFrame(
                Opcode.of(FrameHeader.opcode(buffer, offset)),
                status,
                FrameHeader.requestId(buffer, offset),
                extensions(buffer, offset),
                value);
    }

    private static Map<ExtensionType, Long> extensions(ByteBuf buffer, int offset) {
        Map<ExtensionType, Long> found = new EnumMap<>(ExtensionType.class);
        Extensions extensions =
                new Extensions()
                        .wrap(
                                buffer,
                                offset + HEADER_BYTES,
                                FrameHeader.extensionBytes(buffer, offset));
        Extensions.Step step;
        while ((step = extensions.next()) == Extensions.Step.ENTRY) {
            ExtensionType type = extensions.type();
            found.put(
                    type,
                    switch (type.valueBytes()) {
                        case 8 -> extensions.longValue();
                        case 4 -> Integer.toUnsignedLong(extensions.intValue());
                        default -> (long) extensions.byteValue();
                    });
        }
        if (step != Extensions.Step.END) {
            throw new AssertionError("extensions end in " + step);
        }
        return found;
    }
}

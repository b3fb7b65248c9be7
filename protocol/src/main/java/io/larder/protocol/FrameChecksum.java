package io.larder.protocol;

import static io.larder.protocol.ExtensionType.PREFIX_BYTES;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The extension CHECKSUM of a frame: CRC32C (RFC 3720, appendix B.4) of all of the body that comes
 * behind it, so it is the first extension. Stateless; the methods read and write in place and move
 * no index.
 */
/*
 *   0                       24       25         27           31
 *   +-----------------------+--------+----------+------------+------------------+-----+-------+
 *   | header                |  0x07  | 4, u16   | CRC32C u32 | other extensions | key | value |
 *   +-----------------------+--------+----------+------------+------------------+-----+-------+
 *                                                            |<------- what it is of -------->|
 */
public final class FrameChecksum {
    /** Bytes of the extension. */
    public static final int BYTES = ExtensionType.CHECKSUM.encodedBytes();

    private FrameChecksum() {}

    /** Whether the frame at {@code offset}, which lies whole, begins its body with a CHECKSUM. */
    public static boolean isPresent(ByteBuf buffer, int offset) {
        int extensions = FrameHeader.extensionOffset(offset);
        return FrameHeader.extensionBytes(buffer, offset) >= BYTES
                && buffer.getUnsignedByte(extensions) == ExtensionType.CHECKSUM.code()
                && buffer.getUnsignedShort(extensions + 1) == Integer.BYTES;
    }

    /** Whether the frame at {@code offset}, which lies whole, has a CHECKSUM and it is right. */
    public static boolean isSound(ByteBuf buffer, int offset) {
        return isPresent(buffer, offset)
                && buffer.getInt(FrameHeader.extensionOffset(offset) + PREFIX_BYTES)
                        == of(buffer, offset);
    }

    /**
     * Writes the extension of a frame that is there but for it: {@link #BYTES} are left free behind
     * the header, and the lengths in the header are right.
     */
    public static void put(ByteBuf buffer, int offset) {
        put(buffer, offset, of(buffer, offset));
    }

    /**
     * The same where {@code rest}, the end of the body from {@code from} to {@code to}, is
     * elsewhere: the buffer ends with what comes before it.
     */
    public static void put(ByteBuf buffer, int offset, byte[] rest, int from, int to) {
        CRC32C sum = new CRC32C();
        int begin = FrameHeader.extensionOffset(offset) + BYTES;
        update(sum, buffer, begin, buffer.writerIndex() - begin);
        sum.update(rest, from, to - from);
        put(buffer, offset, (int) sum.getValue());
    }

    private static void put(ByteBuf buffer, int offset, int checksum) {
        int extensions = FrameHeader.extensionOffset(offset);
        buffer.setByte(extensions, ExtensionType.CHECKSUM.code());
        buffer.setShort(extensions + 1, Integer.BYTES);
        buffer.setInt(extensions + PREFIX_BYTES, checksum);
    }

    private static int of(ByteBuf buffer, int offset) {
        CRC32C sum = new CRC32C();
        int bytes = (int) FrameHeader.bodyBytes(buffer, offset) - BYTES;
        update(sum, buffer, FrameHeader.extensionOffset(offset) + BYTES, bytes);
        return (int) sum.getValue();
    }

    private static void update(CRC32C sum, ByteBuf buffer, int from, int bytes) {
        if (bytes == 0) {
            return;
        }
        if (buffer.hasArray()) {
            sum.update(buffer.array(), buffer.arrayOffset() + from, bytes);
        } else {
            ByteBuffer view = buffer.nioBuffer(from, bytes);
            sum.update(view);
        }
    }
}

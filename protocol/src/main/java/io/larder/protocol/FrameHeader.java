package io.larder.protocol;

import static io.larder.protocol.ProtocolLimits.HEADER_BYTES;

import io.netty.buffer.ByteBuf;

/**
 * The 24 bytes before every body, big-endian, read and written in place: a static flyweight over
 * (buffer, offset). Nothing here allocates, moves an index or checks a value; {@link FrameDecoder}
 * checks a header before anybody else reads it. Lengths are in bytes.
 */
/*
 *   0        1        2        3        4                 6                 8
 *   +--------+--------+--------+--------+-----------------+-----------------+
 *   | magic  | version| opcode | status |      flags      |   key length    |
 *   +--------+--------+--------+--------+-----------------+-----------------+
 *   8                                   12                                  16
 *   +-----------------------------------+-----------------------------------+
 *   |            request id             |            body length            |
 *   +-----------------------------------+-----------------------------------+
 *   16                                  20                22                24
 *   +-----------------------------------+-----------------+-----------------+
 *   | deadline, ms / server time, us    |    region id    |extension length |
 *   +-----------------------------------+-----------------+-----------------+
 *   24
 *   +---------------- body length bytes ------------------------------------+
 *   | extensions (extension length) | key (key length) | value (the rest)   |
 *   +-----------------------------------------------------------------------+
 */
public final class FrameHeader {
    /** First byte of a request, client to server. */
    public static final int MAGIC_REQUEST = 0xD1;

    /** First byte of a response, server to client. */
    public static final int MAGIC_RESPONSE = 0xD2;

    /** First byte of a push, server to client, unasked. */
    public static final int MAGIC_PUSH = 0xD3;

    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = 1;
    public static final int OPCODE_OFFSET = 2;
    public static final int STATUS_OFFSET = 3;
    public static final int FLAGS_OFFSET = 4;
    public static final int KEY_LENGTH_OFFSET = 6;
    public static final int REQUEST_ID_OFFSET = 8;
    public static final int BODY_LENGTH_OFFSET = 12;
    public static final int DEADLINE_OFFSET = 16;
    public static final int SERVER_TIME_OFFSET = 16;
    public static final int REGION_ID_OFFSET = 20;
    public static final int EXTENSION_LENGTH_OFFSET = 22;

    private FrameHeader() {}

    public static int magic(ByteBuf buffer, int offset) {
        return buffer.getUnsignedByte(offset + MAGIC_OFFSET);
    }

    public static int version(ByteBuf buffer, int offset) {
        return buffer.getUnsignedByte(offset + VERSION_OFFSET);
    }

    /** The opcode's number; {@link Opcode#of} knows if it is assigned. */
    public static int opcode(ByteBuf buffer, int offset) {
        return buffer.getUnsignedByte(offset + OPCODE_OFFSET);
    }

    /** The status's number; 0 in a request. */
    public static int status(ByteBuf buffer, int offset) {
        return buffer.getUnsignedByte(offset + STATUS_OFFSET);
    }

    /** The bits of {@link RequestFlag}. */
    public static int flags(ByteBuf buffer, int offset) {
        return buffer.getUnsignedShort(offset + FLAGS_OFFSET);
    }

    /** The id that matches a response to its request: 32 opaque bits. */
    public static int requestId(ByteBuf buffer, int offset) {
        return buffer.getInt(offset + REQUEST_ID_OFFSET);
    }

    /** Requests: milliseconds from arrival after which an answer is of no use; 0 for none. */
    public static long deadlineMillis(ByteBuf buffer, int offset) {
        return buffer.getUnsignedInt(offset + DEADLINE_OFFSET);
    }

    /** Responses: microseconds the server spent on the request; 0 if it did not measure. */
    public static long serverTimeMicros(ByteBuf buffer, int offset) {
        return buffer.getUnsignedInt(offset + SERVER_TIME_OFFSET);
    }

    public static int regionId(ByteBuf buffer, int offset) {
        return buffer.getUnsignedShort(offset + REGION_ID_OFFSET);
    }

    /** Bytes of extensions, key and value together, 0 to 2^32 - 1. */
    public static long bodyBytes(ByteBuf buffer, int offset) {
        return buffer.getUnsignedInt(offset + BODY_LENGTH_OFFSET);
    }

    /** Bytes of the whole frame, header included. */
    public static long frameBytes(ByteBuf buffer, int offset) {
        return HEADER_BYTES + bodyBytes(buffer, offset);
    }

    public static int extensionBytes(ByteBuf buffer, int offset) {
        return buffer.getUnsignedShort(offset + EXTENSION_LENGTH_OFFSET);
    }

    public static int keyBytes(ByteBuf buffer, int offset) {
        return buffer.getUnsignedShort(offset + KEY_LENGTH_OFFSET);
    }

    /** What the body leaves for the value; only for frames whose body fits in an int. */
    public static int valueBytes(ByteBuf buffer, int offset) {
        return (int) bodyBytes(buffer, offset)
                - extensionBytes(buffer, offset)
                - keyBytes(buffer, offset);
    }

    /** True if extensions and key fit into the body, so that the value's length is not negative. */
    public static boolean hasConsistentLengths(ByteBuf buffer, int offset) {
        return extensionBytes(buffer, offset) + keyBytes(buffer, offset)
                <= bodyBytes(buffer, offset);
    }

    /** Where the extensions begin, in the buffer. */
    public static int extensionOffset(int offset) {
        return offset + HEADER_BYTES;
    }

    /** Where the key begins, in the buffer. */
    public static int keyOffset(ByteBuf buffer, int offset) {
        return offset + HEADER_BYTES + extensionBytes(buffer, offset);
    }

    /** Where the value begins, in the buffer. */
    public static int valueOffset(ByteBuf buffer, int offset) {
        return keyOffset(buffer, offset) + keyBytes(buffer, offset);
    }

    /**
     * Writes all 24 bytes of a request without body, deadline and region; see {@link #putLengths},
     * {@link #putDeadline} and {@link #putRegion} for those.
     */
    public static void putRequest(
            ByteBuf buffer, int offset, int opcode, int flags, int requestId) {
        put(buffer, offset, firstWord(MAGIC_REQUEST, opcode, 0, flags), requestId);
    }

    /** Writes all 24 bytes of a response without body, server time and region. */
    public static void putResponse(
            ByteBuf buffer, int offset, int opcode, Status status, int requestId) {
        put(buffer, offset, firstWord(MAGIC_RESPONSE, opcode, status.code(), 0), requestId);
    }

    /** Writes all 24 bytes of a push without body and region. */
    public static void putPush(ByteBuf buffer, int offset, int opcode, int sequence) {
        put(buffer, offset, firstWord(MAGIC_PUSH, opcode, 0, 0), sequence);
    }

    /** Writes the bits of {@link RequestFlag} of a frame whose header is there already. */
    public static void putFlags(ByteBuf buffer, int offset, int flags) {
        buffer.setShort(offset + FLAGS_OFFSET, flags);
    }

    /** Writes the three lengths, in bytes, of a frame whose header is there already. */
    public static void putLengths(
            ByteBuf buffer, int offset, int extensionBytes, int keyBytes, int valueBytes) {
        assert extensionBytes >= 0 && extensionBytes <= 0xFFFF : extensionBytes;
        assert keyBytes >= 0 && keyBytes <= 0xFFFF : keyBytes;
        assert valueBytes >= 0 : valueBytes;
        buffer.setShort(offset + KEY_LENGTH_OFFSET, keyBytes);
        buffer.setInt(offset + BODY_LENGTH_OFFSET, extensionBytes + keyBytes + valueBytes);
        buffer.setShort(offset + EXTENSION_LENGTH_OFFSET, extensionBytes);
    }

    /** Writes a request's deadline, in milliseconds from arrival, unsigned. */
    public static void putDeadline(ByteBuf buffer, int offset, int deadlineMillis) {
        buffer.setInt(offset + DEADLINE_OFFSET, deadlineMillis);
    }

    /** Writes a response's server time in microseconds, cut off at 2^32 - 1. */
    public static void putServerTime(ByteBuf buffer, int offset, long serverTimeMicros) {
        buffer.setInt(offset + SERVER_TIME_OFFSET, (int) Math.min(serverTimeMicros, 0xFFFF_FFFFL));
    }

    public static void putRegion(ByteBuf buffer, int offset, int regionId) {
        buffer.setShort(offset + REGION_ID_OFFSET, regionId);
    }

    private static void put(ByteBuf buffer, int offset, long firstWord, int requestId) {
        buffer.setLong(offset, firstWord);
        buffer.setLong(offset + REQUEST_ID_OFFSET, (long) requestId << 32);
        buffer.setLong(offset + DEADLINE_OFFSET, 0L);
    }

    private static long firstWord(int magic, int opcode, int status, int flags) {
        return (long) magic << 56
                | (long) ProtocolLimits.VERSION << 48
                | (long) (opcode & 0xFF) << 40
                | (long) (status & 0xFF) << 32
                | (long) (flags & 0xFFFF) << 16;
    }
}

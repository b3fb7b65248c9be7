package io.larder.server.compat.memcached;

import io.larder.server.compat.Ascii;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** One request of memcached's binary protocol, where it lies in the input. Flyweight. */
/*
 *   byte  0       1        2-3         4          5          6-7      8-11        12-15    16-23
 *       +-------+--------+-----------+----------+----------+--------+-----------+--------+-------+
 *       | magic | opcode | key bytes | extras   | datatype | bucket | body      | opaque | cas   |
 *       |       |        |           | bytes    |          | status | bytes     |        |       |
 *       +-------+--------+-----------+----------+----------+--------+-----------+--------+-------+
 *   body: extras, key, value
 */
final class BinaryRequest {
    static final int MAGIC = 0x80;
    static final int MAGIC_RESPONSE = 0x81;
    static final int HEADER_BYTES = 24;
    static final int OPCODE_OFFSET = 1;
    static final int KEY_BYTES_OFFSET = 2;
    static final int EXTRAS_BYTES_OFFSET = 4;
    static final int STATUS_OFFSET = 6;
    static final int BODY_BYTES_OFFSET = 8;
    static final int OPAQUE_OFFSET = 12;
    static final int CAS_OFFSET = 16;

    ByteBuf in = Unpooled.EMPTY_BUFFER;
    int start;
    int opcode;
    int keyBytes;
    int extrasBytes;
    int opaque;
    long cas;

    /** Of the body, unsigned; may be more than there is. */
    long bodyBytes;

    void wrap(ByteBuf newIn, int newStart) {
        in = newIn;
        start = newStart;
        opcode = in.getUnsignedByte(start + OPCODE_OFFSET);
        keyBytes = in.getUnsignedShort(start + KEY_BYTES_OFFSET);
        extrasBytes = in.getUnsignedByte(start + EXTRAS_BYTES_OFFSET);
        bodyBytes = in.getUnsignedInt(start + BODY_BYTES_OFFSET);
        opaque = in.getInt(start + OPAQUE_OFFSET);
        cas = in.getLong(start + CAS_OFFSET);
    }

    /** Whether extras and key are inside of the body. */
    boolean isSound() {
        return extrasBytes + keyBytes <= bodyBytes;
    }

    int extrasOffset() {
        return start + HEADER_BYTES;
    }

    int keyOffset() {
        return extrasOffset() + extrasBytes;
    }

    int valueOffset() {
        return keyOffset() + keyBytes;
    }

    long valueBytes() {
        return bodyBytes - extrasBytes - keyBytes;
    }

    String keyText() {
        return Ascii.text(in, keyOffset(), keyBytes);
    }
}

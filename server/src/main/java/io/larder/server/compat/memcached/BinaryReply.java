package io.larder.server.compat.memcached;

import static io.larder.server.compat.memcached.BinaryRequest.BODY_BYTES_OFFSET;
import static io.larder.server.compat.memcached.BinaryRequest.CAS_OFFSET;
import static io.larder.server.compat.memcached.BinaryRequest.EXTRAS_BYTES_OFFSET;
import static io.larder.server.compat.memcached.BinaryRequest.HEADER_BYTES;
import static io.larder.server.compat.memcached.BinaryRequest.KEY_BYTES_OFFSET;
import static io.larder.server.compat.memcached.BinaryRequest.MAGIC_RESPONSE;
import static io.larder.server.compat.memcached.BinaryRequest.OPAQUE_OFFSET;
import static io.larder.server.compat.memcached.BinaryRequest.OPCODE_OFFSET;
import static io.larder.server.compat.memcached.BinaryRequest.STATUS_OFFSET;

import io.larder.server.compat.Ascii;
import io.netty.buffer.ByteBuf;

/** Writes replies of the binary protocol. Stateless. */
final class BinaryReply {
    /** How a request ended, with what memcached says of it. */
    @SuppressWarnings("ImmutableEnumChecker") // the texts are written, never changed
    enum Status {
        OK(0x00, ""),
        NOT_FOUND(0x01, "Not found"),
        EXISTS(0x02, "Data exists for key."),
        TOO_LARGE(0x03, "Too large."),
        INVALID(0x04, "Invalid arguments"),
        NOT_STORED(0x05, "Not stored."),
        NOT_A_NUMBER(0x06, "Non-numeric server-side value for incr or decr"),
        UNAUTHENTICATED(0x20, "Auth failure."),
        AUTH_CONTINUES(0x21, ""),
        NOT_PERMITTED(0x24, "Not permitted."),
        UNKNOWN_COMMAND(0x81, "Unknown command"),
        OUT_OF_MEMORY(0x82, "Out of memory"),
        NOT_SUPPORTED(0x83, "Not supported"),
        BUSY(0x85, "Busy");

        final int code;
        final byte[] text;

        Status(int code, String text) {
            this.code = code;
            this.text = Ascii.bytes(text);
        }
    }

    private BinaryReply() {}

    /** Writes a header where there is room for it. */
    static void putHeader(
            ByteBuf out, int at, BinaryRequest request, int extrasBytes, int keyBytes, int bytes) {
        out.setByte(at, MAGIC_RESPONSE);
        out.setByte(at + OPCODE_OFFSET, request.opcode);
        out.setShort(at + KEY_BYTES_OFFSET, keyBytes);
        out.setShort(at + EXTRAS_BYTES_OFFSET, extrasBytes << 8);
        out.setShort(at + STATUS_OFFSET, Status.OK.code);
        out.setInt(at + BODY_BYTES_OFFSET, extrasBytes + keyBytes + bytes);
        out.setInt(at + OPAQUE_OFFSET, request.opaque);
        out.setLong(at + CAS_OFFSET, 0);
    }

    /** Appends a reply that has only a status, with its text. */
    static void append(ByteBuf out, BinaryRequest request, Status status) {
        append(out, request, status, 0);
    }

    /**
     * @param cas the item's version, 0 for none
     */
    static void append(ByteBuf out, BinaryRequest request, Status status, long cas) {
        int at = begin(out, request, 0, status.text.length);
        out.setShort(at + STATUS_OFFSET, status.code);
        out.setLong(at + CAS_OFFSET, cas);
        out.writeBytes(status.text);
    }

    /** Appends a number of 64 bits, as INCREMENT and DECREMENT answer. */
    static void appendNumber(ByteBuf out, BinaryRequest request, long number, long cas) {
        int at = begin(out, request, 0, Long.BYTES);
        out.setLong(at + CAS_OFFSET, cas);
        out.writeLong(number);
    }

    /** Appends a key and a text, either may be empty. */
    static void appendText(ByteBuf out, BinaryRequest request, String key, String text) {
        begin(out, request, key.length(), text.length());
        Ascii.append(out, key);
        Ascii.append(out, text);
    }

    /** Appends a text with a status. */
    static void appendText(ByteBuf out, BinaryRequest request, Status status, String text) {
        int at = begin(out, request, 0, text.length());
        out.setShort(at + STATUS_OFFSET, status.code);
        Ascii.append(out, text);
    }

    /** Appends that there is no such key, which is repeated. */
    static void appendKeyMiss(ByteBuf out, BinaryRequest request) {
        int at = begin(out, request, request.keyBytes, 0);
        out.setShort(at + STATUS_OFFSET, Status.NOT_FOUND.code);
        out.writeBytes(request.in, request.keyOffset(), request.keyBytes);
    }

    private static int begin(ByteBuf out, BinaryRequest request, int keyBytes, int bytes) {
        int at = out.writerIndex();
        out.ensureWritable(HEADER_BYTES + keyBytes + bytes);
        putHeader(out, at, request, 0, keyBytes, bytes);
        out.writerIndex(at + HEADER_BYTES);
        return at;
    }
}

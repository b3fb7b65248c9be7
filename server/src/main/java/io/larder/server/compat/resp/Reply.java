package io.larder.server.compat.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.compat.Ascii;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Appends replies, as the version of the protocol has them that was agreed on. One connection's.
 */
final class Reply {
    private static final byte[] CRLF = Ascii.bytes("\r\n");
    private static final byte[] OK = Ascii.bytes("+OK\r\n");
    private static final byte[] NULL_2 = Ascii.bytes("$-1\r\n");
    private static final byte[] NULL_ARRAY_2 = Ascii.bytes("*-1\r\n");
    private static final byte[] NULL_3 = Ascii.bytes("_\r\n");

    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private boolean isThree;

    void into(ByteBuf newOut) {
        out = newOut;
    }

    ByteBuf out() {
        return out;
    }

    void three(boolean newIsThree) {
        isThree = newIsThree;
    }

    boolean isThree() {
        return isThree;
    }

    void ok() {
        out.writeBytes(OK);
    }

    void none() {
        out.writeBytes(isThree ? NULL_3 : NULL_2);
    }

    /** The same where an array is expected. */
    void noArray() {
        out.writeBytes(isThree ? NULL_3 : NULL_ARRAY_2);
    }

    void status(String text) {
        out.writeByte('+');
        Ascii.append(out, text);
        out.writeBytes(CRLF);
    }

    /**
     * A text, one character for each byte, that begins with the error's code, as {@code ERR}; made
     * fit for one line.
     */
    void error(String text) {
        out.writeByte('-');
        for (byte character : text.getBytes(ISO_8859_1)) {
            out.writeByte(character == '\r' || character == '\n' ? ' ' : character);
        }
        out.writeBytes(CRLF);
    }

    void number(long number) {
        header(':', number);
    }

    void bulk(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        bulk(bytes, bytes.length);
    }

    void bulk(byte[] bytes, int length) {
        header('$', length);
        out.writeBytes(bytes, 0, length);
        out.writeBytes(CRLF);
    }

    void bulk(ByteBuf bytes, int offset, int length) {
        header('$', length);
        out.writeBytes(bytes, offset, length);
        out.writeBytes(CRLF);
    }

    void array(long elements) {
        header('*', elements);
    }

    /** Key and value follow in turn, so many times. */
    void map(int entries) {
        header(isThree ? '%' : '*', isThree ? entries : 2L * entries);
    }

    void set(int elements) {
        header(isThree ? '~' : '*', elements);
    }

    void push(int elements) {
        header('>', elements);
    }

    private void header(char sign, long number) {
        out.writeByte(sign);
        Ascii.append(out, number);
        out.writeBytes(CRLF);
    }
}

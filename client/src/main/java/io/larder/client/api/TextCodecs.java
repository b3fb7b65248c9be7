package io.larder.client.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;

/** Text and numbers as UTF-8, without silent replacement. Stateless. */
final class TextCodecs {
    private static final char REPLACEMENT = '\uFFFD';

    private TextCodecs() {}

    static byte[] encode(String text) throws CharacterCodingException {
        byte[] bytes = text.getBytes(UTF_8);
        // The fast way writes '?' for half a surrogate pair: where there is one, it may be that.
        boolean suspect = false;
        for (byte it : bytes) {
            suspect |= it == '?';
        }
        if (suspect) {
            UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        }
        return bytes;
    }

    static String decode(byte[] bytes) throws CharacterCodingException {
        String text = new String(bytes, UTF_8);
        boolean suspect = text.indexOf(REPLACEMENT) >= 0;
        return suspect ? UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString() : text;
    }

    static byte[] encodeLong(Long number) {
        return number.toString().getBytes(UTF_8);
    }

    static Long decodeLong(byte[] bytes) throws CharacterCodingException {
        return Long.valueOf(decode(bytes));
    }
}

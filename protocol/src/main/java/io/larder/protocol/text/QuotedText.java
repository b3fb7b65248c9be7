package io.larder.protocol.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes as part of one line of text, and back.
 *
 * <p>A line is words between spaces or tabs. A word that begins with a double quote ends at the
 * next one and may hold anything between, with the escapes {@code \" \\ \n \r \t \xHH} (a byte in
 * hexadecimal); in any other word quotes and backslashes mean themselves.
 *
 * <p>An answer is written as it is, unless somebody could mistake it: if it is empty, begins with a
 * double quote, is {@code END}, {@code OK} or {@code ERROR}, begins with {@code ERROR} and a space,
 * or has control characters or bytes that are not UTF-8, it is written as such a quoted word. So an
 * answer that begins with a double quote is always a quoted one.
 */
public final class QuotedText {
    private static final String HEX = "0123456789ABCDEF";

    private QuotedText() {}

    /**
     * The words of a line without its end.
     *
     * @throws IllegalArgumentException if a quoted word is malformed; the message says what was
     *     expected
     */
    public static List<byte[]> words(byte[] line) {
        List<byte[]> words = new ArrayList<>();
        int position = 0;
        while ((position = skipBlanks(line, position)) < line.length) {
            ByteArrayOutputStream word = new ByteArrayOutputStream();
            position =
                    line[position] == '"'
                            ? quotedWord(line, position + 1, word)
                            : bareWord(line, position, word);
            words.add(word.toByteArray());
        }
        return words;
    }

    private static int skipBlanks(byte[] line, int position) {
        int next = position;
        while (next < line.length && isBlank(line[next])) {
            next++;
        }
        return next;
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t';
    }

    private static int bareWord(byte[] line, int position, ByteArrayOutputStream word) {
        int end = position;
        while (end < line.length && !isBlank(line[end])) {
            end++;
        }
        word.write(line, position, end - position);
        return end;
    }

    private static int quotedWord(byte[] line, int position, ByteArrayOutputStream word) {
        int next = position;
        while (next < line.length && line[next] != '"') {
            if (line[next] == '\\') {
                next = escape(line, next + 1, word);
            } else {
                word.write(line[next++]);
            }
        }
        if (next == line.length) {
            throw malformed(position, "a closing double quote");
        }
        if (next + 1 < line.length && !isBlank(line[next + 1])) {
            throw malformed(next + 2, "a space after the closing double quote");
        }
        return next + 1;
    }

    private static int escape(byte[] line, int position, ByteArrayOutputStream word) {
        int character = position < line.length ? line[position] : -1;
        switch (character) {
            case '"', '\\' -> word.write(character);
            case 'n' -> word.write('\n');
            case 'r' -> word.write('\r');
            case 't' -> word.write('\t');
            case 'x' -> {
                word.write(hexDigit(line, position + 1) << 4 | hexDigit(line, position + 2));
                return position + 3;
            }
            default -> throw malformed(position, "\\\" \\\\ \\n \\r \\t or \\xHH");
        }
        return position + 1;
    }

    private static int hexDigit(byte[] line, int position) {
        int digit = position < line.length ? Character.digit(line[position], 16) : -1;
        if (digit < 0) {
            throw malformed(position, "\\x and two hexadecimal digits");
        }
        return digit;
    }

    private static IllegalArgumentException malformed(int column, String expected) {
        return new IllegalArgumentException("column " + column + " (expected: " + expected + ")");
    }

    /** The bytes as an answer: as they are if nobody can mistake them, else as a quoted word. */
    public static String answer(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        return isPlain(text, bytes) ? text : quote(bytes);
    }

    private static boolean isPlain(String text, byte[] bytes) {
        return !(text.isEmpty()
                        || text.charAt(0) == '"'
                        || text.equals("END")
                        || text.equals("OK")
                        || text.equals("ERROR")
                        || text.startsWith("ERROR ")
                        || text.chars().anyMatch(Character::isISOControl))
                && (text.indexOf('\uFFFD') < 0 || Arrays.equals(text.getBytes(UTF_8), bytes));
    }

    /** The bytes for JSON, which marks ends itself: as they are if UTF-8, else as a quoted word. */
    public static String textOf(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        return Arrays.equals(text.getBytes(UTF_8), bytes) ? text : quote(bytes);
    }

    /** The bytes as a quoted word. */
    public static String quote(byte[] bytes) {
        StringBuilder word = new StringBuilder(bytes.length + 2).append('"');
        CharsetDecoder decoder = UTF_8.newDecoder(); // stops at what is malformed
        ByteBuffer input = ByteBuffer.wrap(bytes);
        CharBuffer output = CharBuffer.allocate(bytes.length);
        while (input.hasRemaining()) {
            CoderResult result = decoder.reset().decode(input, output, true);
            appendEscaped(word, output.flip());
            output.clear();
            for (int i = 0; result.isError() && i < result.length(); i++) {
                appendByte(word, input.get());
            }
        }
        return word.append('"').toString();
    }

    private static void appendEscaped(StringBuilder word, CharBuffer text) {
        while (text.hasRemaining()) {
            char character = text.get();
            switch (character) {
                case '"', '\\' -> word.append('\\').append(character);
                case '\n' -> word.append("\\n");
                case '\r' -> word.append("\\r");
                case '\t' -> word.append("\\t");
                default -> {
                    if (Character.isISOControl(character)) {
                        for (byte part : String.valueOf(character).getBytes(UTF_8)) {
                            appendByte(word, part);
                        }
                    } else {
                        word.append(character);
                    }
                }
            }
        }
    }

    private static void appendByte(StringBuilder word, byte value) {
        word.append("\\x").append(HEX.charAt(value >> 4 & 0xF)).append(HEX.charAt(value & 0xF));
    }
}

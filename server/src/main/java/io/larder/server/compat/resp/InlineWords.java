package io.larder.server.compat.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The words of a line that somebody has typed: parted by blanks; in double quotes with {@code \n \r
 * \t \b \a \xHH} and {@code \"}, in single quotes with {@code \'}. Stateless.
 */
final class InlineWords {
    private InlineWords() {}

    /** The words; null if quotes do not match, or something follows one that ends a word. */
    static @Nullable List<byte[]> split(String line) {
        List<byte[]> words = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < line.length() && isBlank(line.charAt(at))) {
                at++;
            }
            if (at == line.length()) {
                return words;
            }
            StringBuilder word = new StringBuilder();
            at = word(line, at, word);
            if (at < 0) {
                return null;
            }
            words.add(word.toString().getBytes(ISO_8859_1));
        }
    }

    private static boolean isBlank(char character) {
        return character == ' ' || (character >= '\t' && character <= '\r') || character == 0;
    }

    /** Where the word ends; negative if it does not. */
    private static int word(String line, int from, StringBuilder word) {
        int at = from;
        while (at < line.length() && !isBlank(line.charAt(at))) {
            char character = line.charAt(at);
            if (character == '"' || character == '\'') {
                at = quoted(line, at + 1, character, word);
                if (at < 0 || (at < line.length() && !isBlank(line.charAt(at)))) {
                    return -1;
                }
            } else {
                word.append(character);
                at++;
            }
        }
        return at;
    }

    private static int quoted(String line, int from, char quote, StringBuilder word) {
        int at = from;
        while (at < line.length()) {
            char character = line.charAt(at);
            if (character == quote) {
                return at + 1;
            }
            if (character == '\\' && at + 1 < line.length()) {
                at = escaped(line, at + 1, quote, word);
            } else {
                word.append(character);
                at++;
            }
        }
        return -1;
    }

    private static int escaped(String line, int at, char quote, StringBuilder word) {
        char character = line.charAt(at);
        if (quote == '\'') {
            word.append(character == '\'' ? "'" : "\\");
            return character == '\'' ? at + 1 : at;
        }
        if (character == 'x' && at + 2 < line.length()) {
            int high = Character.digit(line.charAt(at + 1), 16);
            int low = Character.digit(line.charAt(at + 2), 16);
            if (high >= 0 && low >= 0) {
                word.append((char) (high << 4 | low));
                return at + 3;
            }
        }
        word.append(
                switch (character) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'b' -> '\b';
                    case 'a' -> (char) 7;
                    default -> character;
                });
        return at + 1;
    }
}

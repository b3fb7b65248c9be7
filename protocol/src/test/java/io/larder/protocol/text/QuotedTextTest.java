package io.larder.protocol.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuotedTextTest {
    @Test
    void words_ofBareWords_areBetweenBlanks() {
        assertThat(words(" set\tkey   va\"l\\ue ")).containsExactly("set", "key", "va\"l\\ue");
        assertThat(words("")).isEmpty();
        assertThat(words(" \t ")).isEmpty();
    }

    @Test
    void words_ofQuotedWords_areUnescaped() {
        assertThat(words("set \"a key\" \"\" \"\\\"\\\\\\n\\r\\t\\x41\\xfF\""))
                .containsExactly("set", "a key", "", "\"\\\n\r\tA\u00FF");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "get \"abc        | column 5 (expected: a closing double quote)",
                "get \"            | column 5 (expected: a closing double quote)",
                "\"a\"b            | column 4 (expected: a space after the closing double quote)",
                "\"a\\             | column 3 (expected: \\\" \\\\ \\n \\r \\t or \\xHH)",
                "\"a\\q\"          | column 3 (expected: \\\" \\\\ \\n \\r \\t or \\xHH)",
                "\"\\x4\"          | column 4 (expected: \\x and two hexadecimal digits)",
                "\"\\xg0\"         | column 3 (expected: \\x and two hexadecimal digits)",
            })
    void words_ofMalformedQuotes_areRefused(String line, String message) {
        assertThatThrownBy(() -> words(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "a b", " a ", "a\"b", "\\n", "ENDE", "ok", "ERRORS", "é€😀", "\uFFFD"})
    void answer_thatNobodyCanMistake_isAsItIs(String text) {
        assertThat(QuotedText.answer(text.getBytes(UTF_8))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                | \"\"",
                "END               | \"END\"",
                "OK                | \"OK\"",
                "ERROR             | \"ERROR\"",
                "ERROR busy        | \"ERROR busy\"",
                "\"a               | \"\\\"a\"",
                "`a\nb\\`          | \"a\\nb\\\\\"",
                "`\u0085`          | \"\\xC2\\x85\"",
                "`é\u0001`         | \"é\\x01\"",
            })
    void answer_thatOneCouldMistake_isQuoted(String text, String expected) {
        assertThat(QuotedText.answer(text.getBytes(UTF_8))).isEqualTo(expected);
    }

    @Test
    void answer_withControlCharacters_isQuoted() {
        assertThat(QuotedText.answer(bytes("\t\r\n\0\u007F"))).isEqualTo("\"\\t\\r\\n\\x00\\x7F\"");
    }

    @Test
    void answer_ofBytesThatAreNotUtf8_isQuotedWithTheRestReadable() {
        assertThat(QuotedText.answer(bytes("caf\u00E9 \u00FF\u00FE x \u00E2\u0082")))
                .isEqualTo("\"caf\\xE9 \\xFF\\xFE x \\xE2\\x82\"");
    }

    @Test
    void anyBytes_quotedAndRead_areTheSame() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] value = new byte[random.nextInt(20)];
            random.nextBytes(value);

            List<byte[]> words = QuotedText.words(QuotedText.quote(value).getBytes(UTF_8));

            assertThat(words).as("seed %d", seed).hasSize(1);
            assertThat(words.get(0)).as("seed %d", seed).isEqualTo(value);
        }
    }

    private static List<String> words(String line) {
        return QuotedText.words(bytes(line)).stream()
                .map(word -> new String(word, ISO_8859_1))
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @Test
    void textOf_isTheTextItself_orAQuotedWordOfWhatIsNone() {
        byte[] text = "END \"<b>\"\n\u00e9".getBytes(UTF_8);

        assertThat(QuotedText.textOf(text)).isEqualTo("END \"<b>\"\n\u00e9");
        assertThat(QuotedText.textOf(new byte[] {'a', (byte) 0xFF})).isEqualTo("\"a\\xFF\"");
    }
}

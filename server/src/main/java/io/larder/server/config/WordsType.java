package io.larder.server.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Any of a few words, parted by commas, or none.
 *
 * @param words at least one
 */
public record WordsType(List<String> words) implements ValueType<List<String>> {
    /** None of them. */
    public static final String NONE = "none";

    /** Any of these. */
    public static WordsType of(String... words) {
        return new WordsType(List.of(words));
    }

    @Override
    public List<String> parse(String text) {
        if (text.equals(NONE)) {
            return List.of();
        }
        List<String> chosen = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String word = part.strip();
            if (!words.contains(word) || chosen.contains(word)) {
                throw new IllegalArgumentException(text);
            }
            chosen.add(word);
        }
        return List.copyOf(chosen);
    }

    @Override
    public String expected() {
        return NONE + ", or any of " + String.join(", ", words) + ", parted by commas";
    }

    @Override
    public String unit() {
        return String.join(", ", words);
    }
}

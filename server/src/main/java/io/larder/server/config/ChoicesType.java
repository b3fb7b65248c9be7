package io.larder.server.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Some of a few words, parted by commas, the first of them always among them.
 *
 * @param words at least two
 */
public record ChoicesType(List<String> words) implements ValueType<List<String>> {
    /** The first of these, and any of the others. */
    public static ChoicesType of(String... words) {
        return new ChoicesType(List.of(words));
    }

    @Override
    public List<String> parse(String text) {
        List<String> chosen = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String word = part.strip();
            if (!words.contains(word) || chosen.contains(word)) {
                throw new IllegalArgumentException(text);
            }
            chosen.add(word);
        }
        if (!chosen.contains(words.get(0))) {
            throw new IllegalArgumentException(text);
        }
        return List.copyOf(chosen);
    }

    @Override
    public String expected() {
        return words.get(0)
                + ", and any of "
                + String.join(", ", words.subList(1, words.size()))
                + ", parted by commas";
    }

    @Override
    public String unit() {
        return String.join(", ", words);
    }
}

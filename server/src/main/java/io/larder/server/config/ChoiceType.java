package io.larder.server.config;

import java.util.List;

/** One of a few words, written just so. */
public record ChoiceType(List<String> words) implements ValueType<String> {
    /** One of these. */
    public static ChoiceType of(String... words) {
        return new ChoiceType(List.of(words));
    }

    @Override
    public String parse(String text) {
        if (!words.contains(text)) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    @Override
    public String expected() {
        return String.join(" or ", words);
    }

    @Override
    public String unit() {
        return expected();
    }
}

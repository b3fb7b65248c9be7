package io.larder.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A directory, which need not be there yet, or {@link #NONE}. */
public record PathType() implements ValueType<String> {
    /** No directory. */
    public static final String NONE = "none";

    @Override
    public String parse(String text) {
        try {
            if (!text.isEmpty()) {
                return Path.of(text).toString();
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(text, e);
        }
        throw new IllegalArgumentException(text);
    }

    @Override
    public String expected() {
        return "a path, or none";
    }

    @Override
    public String unit() {
        return "path";
    }
}

package io.larder.server.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Reads a file of {@code key = value} lines in the syntax of {@link Properties}, UTF-8, keeping
 * what that class forgets: the line of each entry, and that a key stood there twice.
 *
 * <p>The file is cut into logical lines (a trailing backslash continues a line, a comment has no
 * continuation), and each is parsed by a {@link Properties} of its own.
 */
final class PropertiesReader {
    private PropertiesReader() {}

    /**
     * The settings of a file in their order.
     *
     * @throws ConfigException if the file cannot be read, a line is malformed or a key comes twice
     */
    static List<Setting> read(Path file) {
        List<Setting> settings = new ArrayList<>();
        Map<String, Integer> lineOf = new HashMap<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            int lineNumber = i + 1;
            StringBuilder logical = new StringBuilder(lines.get(i));
            while (continues(logical) && i + 1 < lines.size()) {
                logical.append('\n').append(lines.get(++i));
            }
            String origin = file + " line " + lineNumber;
            for (Map.Entry<Object, Object> entry : parse(logical.toString(), origin).entrySet()) {
                String name = (String) entry.getKey();
                Integer earlier = lineOf.put(name, lineNumber);
                String text = ((String) entry.getValue()).strip();
                if (earlier != null) {
                    throw ConfigException.of(
                            name,
                            text,
                            origin,
                            "one line for each key; line " + earlier + " sets it too");
                }
                settings.add(new Setting(name, text, origin));
            }
        }
        return settings;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException("no such configuration file: " + file);
        } catch (IOException e) {
            throw new ConfigException("cannot read the configuration file " + file + ": " + e);
        }
    }

    /** Whether a line that begins or goes on an entry is continued by the next one. */
    static boolean continues(CharSequence line) {
        String text = line.toString();
        String first = text.stripLeading();
        if (first.startsWith("#") || first.startsWith("!")) {
            return false;
        }
        int backslashes = 0;
        while (backslashes < text.length()
                && text.charAt(text.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    /** The entry of a logical line, or none. */
    static Properties parse(String logicalLine, String origin) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(logicalLine));
        } catch (IllegalArgumentException e) {
            throw ConfigException.of(
                    "line", logicalLine, origin, "\\u and four hexadecimal digits");
        } catch (IOException e) {
            throw new IllegalStateException("a string was read", e);
        }
        return properties;
    }
}

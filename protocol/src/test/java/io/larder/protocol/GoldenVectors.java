package io.larder.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Loads the vectors of {@code /golden/*.hex}, named in {@code /golden/index.txt}, from the class
 * path. A file has comment lines {@code # …}, a line {@code name: …}, and after {@code request:}
 * and {@code reply:} lines of hex bytes, where {@code #} begins a comment as well.
 */
public final class GoldenVectors {
    private GoldenVectors() {}

    /** All vectors, by name. */
    public static List<GoldenVector> all() {
        return text("index.txt").lines().map(GoldenVectors::load).toList();
    }

    /** The vector of this name. */
    public static GoldenVector load(String name) {
        return parse(text(name + ".hex"));
    }

    static GoldenVector parse(String text) {
        StringBuilder comment = new StringBuilder();
        StringBuilder request = new StringBuilder();
        StringBuilder reply = new StringBuilder();
        StringBuilder section = null;
        String name = "";
        for (String line : text.lines().toList()) {
            if (section == null && line.startsWith("#")) {
                comment.append(line.substring(1).strip()).append('\n');
            } else if (line.startsWith("name:")) {
                name = line.substring(5).strip();
            } else if (line.equals("request:")) {
                section = request;
            } else if (line.equals("reply:")) {
                section = reply;
            } else {
                appendHex(section, line);
            }
        }
        return new GoldenVector(
                name, comment.toString().strip(), request.toString(), reply.toString());
    }

    private static void appendHex(StringBuilder section, String line) {
        int commentStart = line.indexOf('#');
        String digits = (commentStart < 0 ? line : line.substring(0, commentStart)).strip();
        if (digits.isEmpty()) {
            return;
        }
        if (section == null) {
            throw new IllegalArgumentException(
                    "line: " + line + " (expected: after request: or reply:)");
        }
        for (String octet : digits.split("\\s+", -1)) {
            if (!octet.matches("[0-9A-F]{2}")) {
                throw new IllegalArgumentException(
                        "octet: " + octet + " (expected: two hex digits)");
            }
            section.append(octet);
        }
    }

    private static String text(String file) {
        try (InputStream stream = GoldenVectors.class.getResourceAsStream("/golden/" + file)) {
            if (stream == null) {
                throw new IllegalArgumentException(
                        "golden: " + file + " (expected: a file of /golden)");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

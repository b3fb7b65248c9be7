package io.larder.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes settings into a configuration file, and leaves everything else in it as it is: comments,
 * order, and the lines of other keys.
 */
final class ConfigurationFile {
    private ConfigurationFile() {}

    /**
     * Gives these keys these values. The file is replaced when the new one is whole and on disk.
     *
     * @throws ConfigException if the file cannot be read or written; it is as it was then
     */
    static void rewrite(Path file, Map<String, String> values) {
        List<String> lines = new ArrayList<>();
        Map<String, String> missing = new LinkedHashMap<>(values);
        try {
            List<String> present = Files.readAllLines(file);
            for (int i = 0; i < present.size(); i++) {
                int first = i;
                while (PropertiesReader.continues(present.get(i)) && i + 1 < present.size()) {
                    i++;
                }
                String name = nameOf(present.subList(first, i + 1));
                if (missing.containsKey(name)) {
                    lines.add(line(name, missing.remove(name)));
                } else {
                    lines.addAll(present.subList(first, i + 1));
                }
            }
            missing.forEach((name, text) -> lines.add(line(name, text)));
            replace(file, String.join("\n", lines) + '\n');
        } catch (IOException e) {
            throw new ConfigException("cannot rewrite the configuration file " + file + ": " + e);
        }
    }

    private static String nameOf(List<String> lines) {
        return PropertiesReader.parse(String.join("\n", lines), "a line")
                .stringPropertyNames()
                .stream()
                .findFirst()
                .orElse("");
    }

    private static String line(String name, String text) {
        return name + " = " + text.replace("\\", "\\\\");
    }

    private static void replace(Path file, String text) throws IOException {
        Path target = file.toRealPath(); // a link stays one
        Path partial = target.resolveSibling('.' + target.getFileName().toString() + ".partial");
        Files.writeString(partial, text, UTF_8);
        try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    }
}

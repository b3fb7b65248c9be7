package io.larder.bench.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.bench.BenchException;
import io.larder.bench.ChildProcess;
import io.larder.bench.LarderHome;
import io.larder.bench.PeerProgram;
import io.larder.bench.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium that {@code bench/console/look.mjs} drives, by playwright-core. Looks for
 * what it needs first, and says in one line what to install.
 */
final class Browser {
    private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration END_TIMEOUT = Duration.ofMinutes(1);
    private static final List<String> CHROMIUM =
            List.of("chromium", "chromium-browser", "google-chrome");
    private static final String FOUND = "found ";

    private final Path directory;
    private final String node;
    private final String chromium;

    private Browser(Path directory, String node, String chromium) {
        this.directory = directory;
        this.node = node;
        this.chromium = chromium;
    }

    /**
     * Finds a browser, and has npm fetch playwright-core if that has not been done yet.
     *
     * @param given the browser to use; null for the one on the PATH
     * @throws BenchException naming what is missing
     */
    static Browser find(@Nullable Path given) {
        if (given != null && !Files.isExecutable(given)) {
            throw new BenchException("--chromium: " + given + " (expected: a program)");
        }
        String chromium = given != null ? given.toString() : program(CHROMIUM);
        if (chromium == null) {
            throw new BenchException(
                    "chromium: not found (expected: on the PATH or by --chromium; apt-get install"
                            + " chromium)");
        }
        String node = program(List.of("node"));
        if (node == null) {
            throw new BenchException(
                    "node: not found (expected: 20 or later, on the PATH; apt-get install nodejs"
                            + " npm)");
        }
        Path directory = LarderHome.find().resolve("bench").resolve("console");
        if (!Files.isDirectory(directory.resolve("node_modules/playwright-core"))) {
            install(directory);
        }
        return new Browser(directory, node, chromium);
    }

    private static @Nullable String program(List<String> names) {
        return names.stream()
                .flatMap(name -> PeerProgram.find(name, null).stream())
                .map(program -> program.path().toString())
                .findFirst()
                .orElse(null);
    }

    private static void install(Path directory) {
        Progress.say("console: fetching playwright-core by npm, once");
        String npm = program(List.of("npm"));
        if (npm == null) {
            throw new BenchException(
                    "npm: not found (expected: on the PATH; apt-get install nodejs npm)");
        }
        var unused =
                ChildProcess.output(
                        List.of(
                                npm,
                                "ci",
                                "--prefix",
                                directory.toString(),
                                "--ignore-scripts",
                                "--no-audit",
                                "--no-fund"),
                        INSTALL_TIMEOUT);
    }

    /**
     * Opens a console and looks at it.
     *
     * @param url of the page
     * @param hotKey which is to be the first one
     * @param seconds how long to look
     * @param pictures where screenshots go; it exists
     * @return what was found, by name
     * @throws BenchException if it could not be opened
     */
    Map<String, String> look(String url, String hotKey, int seconds, Path pictures) {
        List<String> command =
                new ArrayList<>(List.of(node, directory.resolve("look.mjs").toString()));
        command.addAll(List.of(chromium, url, hotKey, String.valueOf(seconds)));
        command.add(pictures.toString());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> found = new LinkedHashMap<>();
        try (ChildProcess child = ChildProcess.start("browser", builder);
                BufferedReader output = child.process().inputReader(UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                take(line, found);
            }
            int exitCode = child.waitFor(END_TIMEOUT);
            if (exitCode != 0) {
                throw new BenchException("browser: exit code " + exitCode + " (expected: 0)");
            }
        } catch (IOException e) {
            throw new BenchException("browser: " + e.getMessage(), e);
        }
        return found;
    }

    private static void take(String line, Map<String, String> found) {
        String[] words =
                line.startsWith(FOUND) ? line.substring(FOUND.length()).split("=", 2) : null;
        if (words != null && words.length == 2) {
            found.put(words[0], words[1]);
        } else {
            Progress.say("browser: %s", line);
        }
    }
}

package io.larder.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.StartException;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java in the README files: the example runs as printed, and what is cut short compiles. */
@Timeout(60)
@Tag("slow")
class ReadmeTest {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("(?:record|class) (\\w+)");
    private static final Pattern PRINTED = Pattern.compile("println.*// (.*)");
    private static final int LINES_MAX = 12; // ten and two imports
    private static final int PORT = 7170;

    @TempDir private Path directory;

    private static List<String> javaOf(String readme) throws IOException {
        Matcher blocks = JAVA.matcher(Files.readString(Path.of(readme)));
        List<String> java = new ArrayList<>();
        while (blocks.find()) {
            java.add(blocks.group(1));
        }
        return java;
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }

    private void compile(String name, String code) {
        JavaFileObject source =
                new SimpleJavaFileObject(
                        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return code;
                    }
                };
        List<String> options =
                List.of(
                        "-d",
                        directory.toString(),
                        "-proc:none",
                        "-classpath",
                        System.getProperty("java.class.path"));
        StringWriter output = new StringWriter();
        boolean compiled =
                ToolProvider.getSystemJavaCompiler()
                        .getTask(output, null, null, options, null, List.of(source))
                        .call();
        assertThat(compiled).as("%s%n%s", code, output).isTrue();
    }

    private String run(String name) throws Exception {
        String classPath =
                String.join(
                        System.getProperty("path.separator"),
                        directory.toString(),
                        System.getProperty("java.class.path"));
        ProcessBuilder program =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), name);
        program.environment().put("CLASSPATH", classPath);
        program.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = program.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    /** On the port that the example names, unless somebody else on this machine has it. */
    private static RealServer server() throws StartException {
        try {
            return RealServer.start(PORT);
        } catch (StartException e) {
            return RealServer.start();
        }
    }

    @Test
    void example_compilesAndRunsAsPrinted() throws Exception {
        String code = javaOf("../README.md").get(0);
        String name = first(CLASS, code);
        try (RealServer server = server()) {
            compile(name, code.replace(":" + PORT, ":" + server.port()));

            assertThat(run(name)).endsWith(first(PRINTED, code) + System.lineSeparator());
            assertThat(code.lines()).hasSizeLessThanOrEqualTo(LINES_MAX);
        }
    }

    @Test
    void clientReadme_everySnippetCompiles() throws Exception {
        List<String> snippets = javaOf("README.md");
        assertThat(snippets).isNotEmpty();
        for (int i = 0; i < snippets.size(); i++) {
            String snippet = snippets.get(i);
            if (!snippet.contains("@ExtendWith")) { // needs larder-junit, which needs this module
                compile("Snippet" + i, inMethod(i, snippet));
            }
        }
    }

    /** What the text around the snippets speaks of. */
    private static String inMethod(int index, String snippet) {
        return """
                import io.larder.client.*;
                import io.larder.client.api.*;
                import java.time.*;
                import java.util.*;
                import java.util.concurrent.*;

                class Snippet%d {
                    record User(String name, int age) {}

                    void snippet(Larder larder, %sUser ada)
                            throws Exception {
                %s
                    }
                }
                """
                .formatted(
                        index,
                        snippet.contains("> users =") ? "" : "Cache<String, User> users, ",
                        snippet);
    }
}

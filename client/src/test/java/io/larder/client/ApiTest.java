package io.larder.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The public API is the one that {@code api.txt} says, so that nobody changes it by accident. */
public class ApiTest { // public, as its sample is to be
    private static final Path KEPT = Path.of("api.txt");
    private static final String SUFFIX = ".class";

    @Test
    void api_isWhatItWasSaidToBe() throws Exception {
        String now = ApiText.of(classesOf("io.larder.client", "io.larder.client.api"));

        Path written = Files.createDirectories(Path.of("target")).resolve("api.txt");
        Files.writeString(written, now);
        assertThat(now)
                .as("if that is meant: cp client/%s client/%s", written, KEPT)
                .isEqualTo(Files.readString(KEPT));
    }

    /** Those beside the client's own, not the tests'. */
    private static List<Class<?>> classesOf(String... packages) throws Exception {
        Path root =
                Path.of(Larder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<Class<?>> classes = new ArrayList<>();
        for (String name : packages) {
            try (Stream<Path> files = Files.list(root.resolve(name.replace('.', '/')))) {
                for (Path file : files.filter(ApiTest::isClass).toList()) {
                    String simple = file.getFileName().toString().replace(SUFFIX, "");
                    classes.add(Class.forName(name + '.' + simple));
                }
            }
        }
        return classes;
    }

    private static boolean isClass(Path file) {
        return file.toString().endsWith(SUFFIX) && !file.endsWith("package-info.class");
    }

    /** A class with one of everything that a signature can have. */
    public abstract static class Sample<T extends Comparable<T> & Runnable> implements Callable<T> {
        public static final int LIMIT = 3;
        protected T kept;
        private int hidden;

        protected Sample(int hidden) {
            this.hidden = hidden;
        }

        public <R> Map<String, ? super R> map(List<? extends T>[] lists, int... numbers)
                throws IOException {
            throw new IOException(lists.length + numbers.length + " " + hidden);
        }

        abstract void notForUsers();
    }

    @Test
    void text_hasWhatUsersMayRelyOnAndNothingElse() {
        assertThat(ApiText.of(List.of(Sample.class)).lines())
                .containsExactly(
                        "abstract class io.larder.client.ApiTest$Sample<T extends"
                                + " java.lang.Comparable<T> & java.lang.Runnable> :"
                                + " java.util.concurrent.Callable<T>",
                        "  protected T kept",
                        "  public static final int LIMIT",
                        "  protected new(int)",
                        "  public <R> java.util.Map<java.lang.String, ? super R>"
                                + " map(java.util.List<? extends T>[], int[]) throws"
                                + " java.io.IOException");
    }
}

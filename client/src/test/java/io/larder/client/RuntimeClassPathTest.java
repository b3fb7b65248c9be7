package io.larder.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a program gets that depends on the client: Larder's protocol, Netty and slf4j. The list is
 * Maven's, written by the build before the tests.
 */
@Timeout(60)
class RuntimeClassPathTest {
    private static final Path TARGET = Path.of("target");

    private static List<Path> runtimeClassPath() throws IOException {
        String line = Files.readString(TARGET.resolve("runtime.classpath")).trim();
        return List.of(line.split(System.getProperty("path.separator"))).stream()
                .map(Path::of)
                .toList();
    }

    private static boolean isLarders(Path path) {
        return path.toString().contains("protocol");
    }

    @Test
    void runtime_isNettyAndSlf4jOnly() throws IOException {
        assertThat(runtimeClassPath())
                .anyMatch(RuntimeClassPathTest::isLarders)
                .filteredOn(path -> !isLarders(path))
                .extracting(path -> path.getFileName().toString())
                .isNotEmpty()
                .allMatch(name -> name.startsWith("netty-") || name.startsWith("slf4j-api-"));
    }

    /** In a JVM that has nothing else, and no option. */
    @Test
    void withTheseOnly_theClientWorksAndSaysWhatIsMissing() throws Exception {
        List<String> classPath = new ArrayList<>();
        classPath.add(TARGET.resolve("classes").toString());
        runtimeClassPath().forEach(path -> classPath.add(path.toString()));
        // the program itself, and no other test class
        Path program = Files.createDirectories(TARGET.resolve("bare-program"));
        String name = BareProgram.class.getName().replace('.', '/') + ".class";
        Path copy = program.resolve(name);
        Files.createDirectories(copy.getParent());
        Files.write(copy, BareProgram.class.getResourceAsStream("/" + name).readAllBytes());
        classPath.add(program.toString());

        try (RealServer server = RealServer.start()) {
            Process process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    String.join(System.getProperty("path.separator"), classPath),
                                    BareProgram.class.getName(),
                                    server.uri())
                            .redirectErrorStream(true)
                            .start();
            String output = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            assertThat(output)
                    .contains("hello")
                    .contains(
                            "Codec.json needs com.fasterxml.jackson.core:jackson-databind, which is"
                                    + " not on the class path")
                    .contains("Compression.LZ4 needs at.yawk.lz4:lz4-java")
                    .contains("Compression.ZSTD needs com.github.luben:zstd-jni")
                    .contains(
                            "Larder.nearCache needs com.github.ben-manes.caffeine:caffeine, which"
                                    + " is not on the class path");
            assertThat(process.exitValue()).isZero();
        }
    }
}

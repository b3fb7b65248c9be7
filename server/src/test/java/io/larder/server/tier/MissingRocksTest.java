package io.larder.server.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server without RocksDB's jar, in a JVM of its own. */
@Tag("slow")
@Timeout(120)
class MissingRocksTest {
    @TempDir private Path directory;

    private static Process serve(String... definitions) throws Exception {
        String classPath =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .flatMap(MissingRocksTest::expanded)
                        .filter(jar -> !jar.contains("rocksdbjni"))
                        .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
        command.addAll(List.of("-Xmx64m", "-cp", classPath, "io.larder.server.LarderMain"));
        command.addAll(List.of("serve", "-D", "store.memory=8m"));
        command.addAll(List.of("-D", "listeners.data.port=0", "-D", "listeners.admin.port=0"));
        command.addAll(List.of("-D", "listeners.http.port=0"));
        for (String definition : definitions) {
            command.addAll(List.of("-D", definition));
        }
        return new ProcessBuilder(command).start();
    }

    private static Stream<String> expanded(String entry) {
        if (!entry.endsWith("*")) {
            return Stream.of(entry);
        }
        File[] jars = new File(entry.substring(0, entry.length() - 1)).listFiles();
        return Arrays.stream(jars == null ? new File[0] : jars).map(File::getPath);
    }

    @Test
    void tierAskedFor_stopsTheStart_andNamesTheArtifact() throws Exception {
        Process server = serve("tier.rocksdb.path=" + directory.resolve("tier"));

        String said = new String(server.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(server.waitFor()).isEqualTo(2);
        assertThat(said)
                .contains("tier.rocksdb.path: ")
                .contains("needs org.rocksdb:rocksdbjni:11.8.1 on the class path");
    }

    @Test
    void tierOff_starts() throws Exception {
        Process server = serve();
        try {
            Stream<String> lines = server.inputReader(StandardCharsets.UTF_8).lines(); // log, too
            assertThat(lines.filter(line -> line.startsWith("READY data=")).findFirst())
                    .isPresent();
        } finally {
            server.destroy();
            assertThat(server.waitFor()).isZero();
        }
    }
}

package io.larder.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code conf/larder.conf} and {@link Keys} together. */
class SampleFileTest {
    private static final Path SAMPLE = Path.of("..", "conf", "larder.conf");

    @TempDir Path directory;

    @Test
    void sample_showsEveryKeyWithItsDefault_inOrder() throws IOException {
        List<String> shown =
                Files.readAllLines(SAMPLE).stream()
                        .filter(line -> line.matches("#[a-z.-]+ = .*"))
                        .map(line -> line.substring(1))
                        .toList();

        assertThat(shown)
                .containsExactlyElementsOf(
                        Keys.all().stream()
                                .map(key -> key.name() + " = " + key.defaultText())
                                .toList());
    }

    @Test
    void sample_describesEveryKey() throws IOException {
        String text = Files.readString(SAMPLE).replaceAll("\n# ", " ");

        assertThat(Keys.all())
                .allSatisfy(key -> assertThat(text).contains(key.description(), key.type().unit()));
    }

    @Test
    void sample_setsNothing() {
        Configuration configuration = new ConfigurationLoader().file(SAMPLE).load();

        assertThat(Keys.all())
                .allSatisfy(key -> assertThat(configuration.origin(key)).isEqualTo("the default"));
    }

    @Test
    void sample_withItsLinesUncommented_isRead() throws IOException {
        Path file = directory.resolve("larder.conf");
        Files.writeString(
                file, Files.readString(SAMPLE).replaceAll("(?m)^#([a-z.-]+ = .*)$", "$1"));

        Configuration configuration = new ConfigurationLoader().file(file).load();

        assertThat(Keys.all())
                .allSatisfy(
                        key -> assertThat(configuration.origin(key)).contains("larder.conf line"));
    }
}

package io.larder.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.config.ConfigKey.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Makes the tables of {@code docs/configuration.md} from the keys and compares. What fails here
 * shows the table as it is to be.
 */
class ConfigurationReferenceTest {
    private static final Path REFERENCE = Path.of("docs", "configuration.md");
    private static final String HEAD =
            "| key | default | unit | change | |\n|---|---|---|---|---|\n";

    private static String table(Collection<ConfigKey<?>> keys) {
        return keys.stream()
                .map(ConfigurationReferenceTest::row)
                .collect(Collectors.joining("", HEAD, ""));
    }

    private static String row(ConfigKey<?> key) {
        return "| `"
                + key.name()
                + "` | `"
                + key.defaultText()
                + "` | "
                + key.type().unit()
                + " | "
                + (key.effect() == Effect.LIVE ? "live" : "restart")
                + " | "
                + key.description()
                + " |\n";
    }

    @Test
    void table_ofKeys_isTheCode() throws IOException {
        assertThat(Files.readString(REFERENCE))
                .contains("<!-- generated: keys -->\n" + table(Keys.all()) + "<!-- end -->\n");
    }

    @Test
    void table_ofRegionKeys_isTheCode() throws IOException {
        assertThat(Files.readString(REFERENCE))
                .contains(
                        "<!-- generated: region keys -->\n"
                                + table(RegionKeys.all("NAME"))
                                + "<!-- end -->\n");
    }
}

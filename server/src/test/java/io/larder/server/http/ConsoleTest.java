package io.larder.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the console, as the jar has them. */
class ConsoleTest {
    private static final Path DIRECTORY =
            Path.of("src/main/resources/io/larder/server/http", Console.DIRECTORY);
    private static final Pattern PATH = Pattern.compile("(?:src|href)=\"(/[^\"]*)\"");
    private static final Pattern IMPORT = Pattern.compile("from '\\./([^']+)'");
    private static final Pattern ID = Pattern.compile("'#([a-z-]+)[' ]");
    private static final Pattern ASKED = Pattern.compile("'(/api/[a-z]+)'");
    private static final Pattern DOCUMENTED = Pattern.compile("`(/api/[a-z]+)`");

    private final Map<String, Page> pages = Console.pages();

    private String text(String path) throws IOException {
        return new String(pages.get(path).make().body(), UTF_8);
    }

    /** The page's own scripts, not those of others. */
    private static List<String> scripts() {
        return Console.FILES.stream()
                .filter(file -> file.endsWith(".js") && !file.startsWith("vendor/"))
                .toList();
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void files_areThoseOfTheDirectory() throws IOException {
        try (Stream<Path> files = Files.walk(DIRECTORY)) {
            Set<String> names =
                    files.filter(Files::isRegularFile)
                            .map(file -> DIRECTORY.relativize(file).toString())
                            .collect(Collectors.toCollection(TreeSet::new));
            assertThat(names.remove(Console.INDEX)).isTrue();
            assertThat(Console.FILES).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @Test
    void files_haveTheirTypes() throws IOException {
        assertThat(pages.get("/").make().contentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(pages.get("/console/main.js").make().contentType())
                .isEqualTo("text/javascript; charset=utf-8");
        assertThat(pages.get("/console/console.css").make().contentType())
                .isEqualTo("text/css; charset=utf-8");
    }

    @Test
    void page_asksForFilesOfItsOwnOnly_andHasNoScriptOrStyleInIt() throws IOException {
        String index = text("/");

        assertThat(all(PATH, index)).contains("/console/main.js").doesNotContain("/console/");
        assertThat(all(PATH, index))
                .allSatisfy(path -> assertThat(path).matches("/console/.*|/metrics|/api/stats"));
        assertThat(all(PATH, index).stream().filter(path -> path.startsWith("/console/")))
                .allSatisfy(path -> assertThat(pages).containsKey(path));
        assertThat(index)
                .doesNotContainPattern("<script(?![^>]* src=)|<style| style=| on[a-z]+=")
                .doesNotContain("http:", "https:", "//");
    }

    @Test
    void scripts_importWhatIsThere_andNameWhatThePageHas() throws IOException {
        String index = text("/");
        for (String file : scripts()) {
            String script = text("/console/" + file);
            assertThat(all(IMPORT, script)).as(file).isSubsetOf(Console.FILES);
            assertThat(all(ID, script))
                    .as(file)
                    .allSatisfy(id -> assertThat(index).contains("id=\"" + id + '"'));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "createContextualFragment",
                "eval(",
                "new Function"
            })
    void scripts_makeNoMarkupOfText(String means) throws IOException {
        for (String path : pages.keySet()) {
            if (path.endsWith(".js")) {
                assertThat(text(path)).as(path).doesNotContain(means);
            }
        }
    }

    @Test
    void scripts_askForWhatTheDocumentationSays() throws IOException {
        String documentation = Files.readString(Path.of("docs/console.md"));
        Set<String> asked = new TreeSet<>();
        for (String file : scripts()) {
            asked.addAll(all(ASKED, text("/console/" + file)));
        }
        assertThat(asked).isEqualTo(all(DOCUMENTED, documentation));
    }

    @Test
    void library_isHereWithItsLicence() throws IOException {
        assertThat(text("/console/vendor/uPlot.LICENSE")).contains("MIT", "Leon Sorokin");
        assertThat(text("/console/vendor/uPlot.esm.js")).contains("Leon Sorokin", "MIT");
    }
}

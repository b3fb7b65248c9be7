package io.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.server.auth.UsersText;
import io.larder.server.command.RequestFrame;
import io.larder.server.config.ConfigurationLoader;
import io.larder.server.net.RawClient;
import io.larder.server.tls.CertificateFiles;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server shows over HTTP, held against its documentation, dashboard and alerts. */
@Timeout(60)
class MetricsPageTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z_0-9]+)`[^|]*\\| ([a-z]+) \\|.*");
    private static final Pattern NAME =
            Pattern.compile("\\b(?:larder|jvm|process)_[a-z_0-9]+\\b(?!/)");
    private static final Pattern SUFFIX = Pattern.compile("_(bucket|sum|count)$");

    private static LarderServer server;
    private static String exposition;

    @BeforeAll
    static void scrape(@TempDir Path directory) throws Exception {
        server =
                LarderServer.start(
                        new ConfigurationLoader()
                                .define("store.memory=16m")
                                .define("store.file=" + directory.resolve("arena"))
                                .define("tier.rocksdb.path=" + directory.resolve("tier"))
                                .define("listeners.data.port=0")
                                .define("listeners.admin.port=0")
                                .define("listeners.http.port=0")
                                .load());
        HttpResponse<String> response = get("/metrics");
        assertThat(response.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0."));
        exposition = response.body() + figuresOfSecured(directory.resolve("tls"));
    }

    /** What a server adds that speaks TLS and has users. */
    private static String figuresOfSecured(Path directory) throws Exception {
        CertificateFiles certificates = new CertificateFiles();
        certificates.write(Files.createDirectory(directory), certificates.server());
        ConfigurationLoader loader =
                new ConfigurationLoader()
                        .define("store.memory=16m")
                        .define("tls.directory=" + directory)
                        .define(
                                "auth.users="
                                        + new UsersText()
                                                .user("ada", "stats", "*")
                                                .write(directory.resolve("users")));
        for (String name : List.of("data", "admin", "http")) {
            loader.define("listeners." + name + ".port=0");
        }
        try (LarderServer secured = LarderServer.start(loader.load())) {
            int port = secured.httpAddress().getPort();
            URI page = URI.create("https://127.0.0.1:" + port + "/metrics");
            HttpClient client = HttpClient.newBuilder().sslContext(certificates.context()).build();
            HttpRequest request =
                    HttpRequest.newBuilder(page).header("Authorization", "Bearer ada").build();
            return client.send(request, BodyHandlers.ofString(UTF_8))
                    .body()
                    .lines()
                    .filter(line -> line.matches(".*larder_(tls|user)_.*"))
                    .collect(Collectors.joining("\n", "", "\n"));
        }
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + server.httpAddress().getPort()
                                                        + path))
                                .build(),
                        BodyHandlers.ofString(UTF_8));
    }

    /** Names and types, as the exposition says them. */
    private static Map<String, String> types() {
        Map<String, String> types = new TreeMap<>();
        Matcher type = TYPE.matcher(exposition);
        while (type.find()) {
            types.put(type.group(1), type.group(2));
        }
        return types;
    }

    @Test
    void page_hasFortySamplesAtLeast_eachANumber() {
        List<String> samples = exposition.lines().filter(line -> !line.startsWith("#")).toList();

        assertThat(samples).hasSizeGreaterThanOrEqualTo(40);
        assertThat(samples).allMatch(line -> line.matches("[a-z_0-9]+(\\{[^}]*})? \\S+"));
        assertThat(exposition)
                .contains(
                        "larder_region_items{region=\"default\"} 0.0\n",
                        "larder_request_duration_seconds_bucket{command=\"GET\",le=\"5.0E-6\"} 0\n",
                        "larder_request_duration_seconds_bucket{command=\"GET\",le=\"+Inf\"} 0\n",
                        "larder_request_duration_seconds_count{command=\"BATCH\"} 0\n");
    }

    /** What fails here is a row to be put into the page, or one to be taken out. */
    @Test
    void documentation_hasEveryMetricWithItsType() throws Exception {
        Set<String> documented = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("docs", "metrics.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                documented.add("| `" + row.group(1) + "` | " + row.group(2) + " |");
            }
        }
        Set<String> shown = new TreeSet<>();
        types().forEach((name, type) -> shown.add("| `" + name + "` | " + type + " |"));
        Set<String> missing = new TreeSet<>(shown);
        missing.removeAll(documented);
        documented.removeAll(shown);

        assertThat(missing).as("rows that server/docs/metrics.md lacks").isEmpty();
        assertThat(documented).as("rows of it that no server shows").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"conf/prometheus/larder.rules.yml", "conf/grafana/larder.json"})
    void rulesAndDashboard_useMetricsThatThereAre(String file) throws Exception {
        Set<String> used = new TreeSet<>();
        Matcher name = NAME.matcher(Files.readString(REPOSITORY.resolve(file)));
        while (name.find()) {
            used.add(name.group());
        }
        Set<String> known = types().keySet();
        Set<String> unknown =
                used.stream()
                        .filter(each -> !known.contains(each))
                        .filter(each -> !known.contains(SUFFIX.matcher(each).replaceAll("")))
                        .collect(Collectors.toSet());

        assertThat(used).hasSizeGreaterThan(5);
        assertThat(unknown).isEmpty();
    }

    @Test
    void healthAndReadiness_areJson() throws Exception {
        assertThat(get("/health"))
                .satisfies(health -> assertThat(health.statusCode()).isEqualTo(200))
                .satisfies(health -> assertThat(health.body()).isEqualTo("{\"status\":\"up\"}\n"));
        assertThat(get("/ready"))
                .satisfies(ready -> assertThat(ready.statusCode()).isEqualTo(200))
                .satisfies(
                        ready ->
                                assertThat(ready.body())
                                        .isEqualTo(
                                                "{\"ready\":true,\"phase\":\"ready\",\"reason\":"
                                                        + "\"the server serves\",\"progress\":1.0,"
                                                        + "\"connections\":0}\n"));
    }

    @Test
    void stats_areTheNamesOfTheCommandLine_asNumbers() throws Exception {
        assertThat(get("/api/stats").body())
                .startsWith("{\"items\":0,\"memory_limit_bytes\":16777216,")
                .contains("\"overhead_bytes_per_item\":", "\"hits\":0,")
                .endsWith("}\n");
    }

    @Test
    void clients_ofTheDataListener_areTheirFigures() throws Exception {
        RawClient client = RawClient.greeted(server.dataAddress().getPort());
        client.ask(RequestFrame.get("k"));

        assertThat(get("/api/clients").body())
                .matches(
                        "\\{\"clients\":\\[\\{\"listener\":\"data\",\"address\":\"127.0.0.1:\\d+\","
                                + "\"id\":\\d+,\"name\":\"test\",\"user\":\"\",\"age_seconds\":\\d+,\"idle_millis\":\\d+,\"requests\":[12],\"bytes_in\":\\d+,\"bytes_out\":\\d+},.*]}\n");
        client.close();
        await().until(() -> !get("/api/clients").body().contains("\"data\""));
    }

    @Test
    void clients_areThoseThatAreConnected() throws Exception {
        assertThat(get("/api/clients").body())
                .matches(
                        "\\{\"clients\":\\[(\\{\"listener\":\"http\",\"address\":\"127.0.0.1:\\d+\""
                                + ",\"name\":\"\",\"user\":\"\"},?)+]}\n");
    }
}

package io.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.server.command.RequestFrame;
import io.larder.server.config.ConfigurationLoader;
import io.larder.server.net.RawClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server tells its console. */
@Timeout(60)
class ConsoleApiTest {
    private static final Pattern PATH = Pattern.compile("\"(/api/[a-z]+)\"");
    private static final Pattern ITEMS = Pattern.compile("\"items\":(\\d+)");
    private static final int KEYS = 500;

    private static LarderServer server;
    private static RawClient client;

    @BeforeAll
    static void start() throws Exception {
        server =
                LarderServer.start(
                        new ConfigurationLoader()
                                .define("store.memory=16m")
                                .define("listeners.data.port=0")
                                .define("listeners.admin.port=0")
                                .define("listeners.http.port=0")
                                .load());
        client = RawClient.greeted(server.dataAddress().getPort());
        for (int i = 0; i < KEYS; i++) {
            client.ask(RequestFrame.set("key:" + i, "v"));
            client.ask(RequestFrame.get("key:" + i));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Test
    void page_mayLoadNothingFromElsewhere_andRunNothingWrittenInIt() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).startsWith("<!doctype html>");
        String policy = page.headers().firstValue("content-security-policy").orElse("");
        assertThat(policy)
                .startsWith("default-src 'none';")
                .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "*", "http");
    }

    @Test
    void everyPageThatTheServerNames_isJson() throws Exception {
        List<String> paths =
                PATH.matcher(get("/api/server").body())
                        .results()
                        .map(match -> match.group(1))
                        .toList();

        assertThat(paths).contains("/api/latency", "/api/shards", "/api/slowlog", "/api/config");
        for (String path : paths) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        }
    }

    @Test
    void latency_hasTheCommandsThatWereAsked_withTheirBuckets() throws Exception {
        assertThat(get("/api/latency").body())
                .containsPattern(
                        "\"command\":\"SET\",\"count\":\\d+,\"p50_nanos\":\\d+,\"p99_nanos\":\\d+,"
                                + "\"p999_nanos\":\\d+,\"max_nanos\":\\d+,"
                                + "\"buckets\":\\[\\[\\d+,\\d+]")
                .doesNotContain("\"SCAN\"");
    }

    @Test
    void shards_haveAllItemsTogether() throws Exception {
        String shards = get("/api/shards").body();

        long items =
                ITEMS.matcher(shards)
                        .results()
                        .collect(Collectors.summingLong(match -> Long.parseLong(match.group(1))));
        assertThat(items).isBetween((long) KEYS, KEYS + 10L);
    }

    @Test
    void regions_haveTheirFigures() throws Exception {
        assertThat(get("/api/regions").body())
                .matches(
                        "\\{\"regions\":\\[\\{\"region\":\"default\",\"items\":\\d+,\"bytes\":\\d+,"
                                + "\"quota_bytes\":0,\"hits\":\\d+,\"misses\":\\d+,\"writes\":\\d+,"
                                + "\"evictions\":0}]}\n");
    }

    @Test
    void config_isThatOfTheServer() throws Exception {
        assertThat(get("/api/config").body())
                .contains("\"name\":\"store.memory\",\"value\":\"16m\",\"default\":")
                .contains("\"restart\":true");
    }

    @Test
    void events_areThoseOfTheStore() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.httpAddress().getPort())) {
            socket.getOutputStream()
                    .write("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            String line = lines.readLine();
            while (!line.equals(":")) { // it has begun
                line = lines.readLine();
            }
            String hostile =
                    IntStream.range(0, 32)
                            .mapToObj(Character::toString)
                            .collect(Collectors.joining());
            client.ask(RequestFrame.set("<b>" + hostile, "v"));
            client.ask(RequestFrame.of(Opcode.DELETE).key("<b>" + hostile));

            while (!line.contains("\"DELETED\"")) {
                line = lines.readLine();
            }
            assertThat(line).startsWith("data: {").contains("\"key\":\"<b>\\u0000\\u0001");
        }
    }
}

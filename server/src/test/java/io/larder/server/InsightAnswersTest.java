package io.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.protocol.Opcode;
import io.larder.server.command.RequestFrame;
import io.larder.server.config.ConfigurationLoader;
import io.larder.server.net.RawClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a real server says of the keys that it was asked for, by telnet and by HTTP. */
@Timeout(60)
class InsightAnswersTest {
    private static final byte[] HOSTILE = "<b>\u0000\n\"x:1".getBytes(UTF_8);

    private LarderServer server;
    private RawClient client;

    private void start(String... settings) throws Exception {
        ConfigurationLoader loader = new ConfigurationLoader().define("store.memory=16m");
        for (String listener : List.of("data", "admin", "http")) {
            loader.define("listeners." + listener + ".port=0");
        }
        for (String setting : settings) {
            loader.define(setting);
        }
        server = LarderServer.start(loader.load());
        client = RawClient.greeted(server.dataAddress().getPort());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    private String ask(String line) throws IOException {
        InetSocketAddress admin = server.adminAddress();
        try (Socket socket = new Socket(admin.getAddress(), admin.getPort())) {
            socket.getOutputStream().write((line + '\n').getBytes(UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))
                    .readLine();
        }
    }

    private String page(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .strip();
    }

    private void set(String key, String value) throws Exception {
        client.ask(RequestFrame.set(key, value));
    }

    private void get(String key) throws Exception {
        client.ask(RequestFrame.of(Opcode.GET).key(key));
    }

    @Test
    void curve_isSixPoints_ofHalfToFourTimesTheLimit_alikeByTelnetAndHttp() throws Exception {
        start();
        set("a:1", "v");
        for (int i = 0; i < 10; i++) {
            get("a:1");
            get("b:1");
        }

        String curve =
                "[{\"bytes\":8388608,\"hit_ratio\":0.5},"
                        + "{\"bytes\":12582912,\"hit_ratio\":0.5},"
                        + "{\"bytes\":16777216,\"hit_ratio\":0.5},"
                        + "{\"bytes\":25165824,\"hit_ratio\":0.5},"
                        + "{\"bytes\":33554432,\"hit_ratio\":0.5},"
                        + "{\"bytes\":67108864,\"hit_ratio\":0.5}]";
        assertThat(ask("json mrc")).isEqualTo(curve);
        assertThat(ask("json mrc default")).isEqualTo(curve);
        assertThat(page("/api/mrc")).isEqualTo(curve);
    }

    @Test
    void prefixes_areCounted_whileThereIsTime_exactly() throws Exception {
        start();
        for (int i = 0; i < 50; i++) {
            set("user:" + i, "v".repeat(100));
            get("user:" + i);
            get("user:" + i);
            get("gone:" + i);
        }
        set("plain", "v");

        String prefixes =
                "["
                        + row("user:", 100, 0, 50 * 128)
                        + ','
                        + row("gone:", 0, 50, 0)
                        + ','
                        + row("", 0, 0, 32)
                        + ']';
        assertThat(ask("json stats prefix")).isEqualTo(prefixes);
        assertThat(page("/api/prefixes")).isEqualTo(prefixes);
        assertThat(ask("stats prefix 1"))
                .isEqualTo(
                        "PREFIX prefix=user: region=default hits=100 misses=0 bytes=6400"
                                + " evictions=0 expiries=0");
    }

    private static String row(String prefix, int hits, int misses, int bytes) {
        return "{\"prefix\":\"%s\",\"region\":\"default\",\"hits\":%d,\"misses\":%d,\"bytes\":%d,"
                        .formatted(prefix, hits, misses, bytes)
                + "\"evictions\":0,\"expiries\":0}";
    }

    @Test
    void expiredItems_areCounted_andReadsOfThemAreAdvisedUpon() throws Exception {
        start("region.default.ttl=1");
        for (int i = 0; i < 40; i++) {
            set("s:" + i, "v");
        }
        await().untilAsserted(() -> assertThat(ask("stats prefix")).endsWith(" expiries=40"));
        for (int i = 0; i < 40; i++) {
            get("s:" + i);
        }

        assertThat(ask("advise"))
                .matches(
                        "TTL of region default expires items that are read [0-9]+ m?s later:"
                                + " 100 % of its reads");
    }

    @Test
    void hostileBytes_areEscaped() throws Exception {
        start();
        client.ask(RequestFrame.of(Opcode.SET).key(HOSTILE).value("v"));
        client.ask(RequestFrame.of(Opcode.GET).key(HOSTILE));

        assertThat(ask("stats prefix")).startsWith("PREFIX prefix=\"<b>\\x00\\n\\\"x:\" region=");
        assertThat(ask("json stats prefix")).startsWith("[{\"prefix\":\"<b>\\u0000\\n\\\"x:\"");
        assertThat(ask("hotkeys 1 write")).startsWith("KEY key=\"<b>\\x00\\n\\\"x:1\" writes=1 ");
    }

    @Test
    void hotKeys_byWritesAndBytes_areNotThoseByReads() throws Exception {
        start();
        set("often-written", "v");
        set("often-written", "v");
        set("large", "v".repeat(10_000));
        get("large");

        assertThat(ask("json hotkeys 1 write"))
                .isEqualTo("[{\"key\":\"often-written\",\"writes\":2,\"region\":\"default\"}]");
        assertThat(ask("hotkeys 1 bytes")).matches("KEY key=large bytes=20[0-9]{3} region=default");
    }

    @Test
    void whereItIsOff_itSaysSo() throws Exception {
        start("insight.curve=false", "insight.prefixes=false", "insight.hot-keys=false");
        set("a:1", "v");

        assertThat(ask("mrc")).startsWith("ERROR switched-off insight.curve: false");
        assertThat(ask("stats prefix")).startsWith("ERROR switched-off insight.prefixes: false");
        assertThat(ask("hotkeys write")).isEqualTo("END");
        assertThat(page("/api/mrc")).isEqualTo("[]");
        assertThat(page("/api/prefixes")).isEqualTo("[]");
    }

    @Test
    void otherSeparator_isUsed() throws Exception {
        start("insight.prefix-separator=/");
        set("a/b:c", "v");

        assertThat(ask("stats prefix")).startsWith("PREFIX prefix=a/ region=default");
    }
}

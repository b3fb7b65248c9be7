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
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A load in which one key has every fifth read, on a real server. */
@Timeout(60)
class HotKeysTest {
    private static final int READS = 3_000;
    private static final byte[] HOT = {'h', 'o', 't', 0, (byte) 0xFF, '"', '<', '\n'};

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
        client.ask(RequestFrame.of(Opcode.SET).key(HOT).value("v"));
        for (int i = 0; i < 1_000; i++) {
            client.ask(RequestFrame.set("key:" + i, "v"));
        }
        Random random = new Random(7);
        for (int i = 0; i < READS; i++) {
            boolean isHot = random.nextInt(5) == 0;
            RequestFrame get = RequestFrame.of(Opcode.GET);
            client.ask(isHot ? get.key(HOT) : get.key("key:" + random.nextInt(1_000)));
        }
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

    @Test
    void hottestKey_isFirst_andByteExact() throws Exception {
        start();

        await().untilAsserted(
                        () ->
                                assertThat(ask("hotkeys 1"))
                                        .matches(
                                                "KEY key=\"hot\\\\x00\\\\xFF\\\\\"<\\\\n\""
                                                        + " reads=[0-9]{3} region=default"));
        assertThat(ask("json hotkeys 2"))
                .startsWith("[{\"key\":\"\\\"hot\\\\x00\\\\xFF\\\\\\\"<\\\\n\\\"\",\"reads\":");
        assertThat(page()).startsWith("{\"hotkeys\":[{\"key\":\"\\\"hot\\\\x00\\\\xFF");
    }

    private String page() throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.httpAddress().getPort() + "/api/hotkeys");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void deletedKey_isNotShown() throws Exception {
        start();
        await().until(() -> ask("hotkeys 1").contains("hot"));

        client.ask(RequestFrame.of(Opcode.DELETE).key(HOT));

        assertThat(ask("hotkeys 1")).startsWith("KEY key=key:");
    }

    @Test
    void whereItIsOff_nothingIsFound() throws Exception {
        start("insight.hot-keys=false");

        assertThat(ask("hotkeys")).isEqualTo("END");
    }
}

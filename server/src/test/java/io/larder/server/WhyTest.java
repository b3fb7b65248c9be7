package io.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.larder.protocol.ExtensionType;
import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.command.RequestFrame;
import io.larder.server.config.Configuration;
import io.larder.server.config.ConfigurationLoader;
import io.larder.server.net.RawClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a real server says became of keys, against what the test did to them. */
@Timeout(120)
@Tag("slow")
class WhyTest {
    private static final long SEED = 2026;
    private static final int EACH = 1_250;
    private static final byte[] RED = {3, 'r', 'e', 'd'};
    private static final int FLOOD = 6_000;

    private LarderServer server;
    private RawClient client;
    private Socket admin;
    private BufferedReader reader;
    private final Map<String, String> causes = new HashMap<>();

    private void start(String... settings) throws Exception {
        ConfigurationLoader loader = new ConfigurationLoader();
        for (String listener : List.of("data", "admin", "http")) {
            loader.define("listeners." + listener + ".port=0");
        }
        for (String setting : settings) {
            loader.define(setting);
        }
        Configuration configuration = loader.load();
        server = LarderServer.start(configuration);
        client = RawClient.greeted(server.dataAddress().getPort());
        admin = new Socket(server.adminAddress().getAddress(), server.adminAddress().getPort());
        reader = new BufferedReader(new InputStreamReader(admin.getInputStream(), UTF_8));
    }

    @AfterEach
    void stop() throws Exception {
        admin.close();
        client.close();
        server.close();
    }

    private List<String> ask(String line) throws IOException {
        admin.getOutputStream().write((line + '\n').getBytes(UTF_8));
        List<String> lines = new ArrayList<>();
        String answer;
        do {
            answer = reader.readLine();
            lines.add(String.valueOf(answer));
        } while (answer != null && !answer.matches("END|OK|ERROR .*|\\{.*"));
        return lines;
    }

    private String why(String key) throws IOException {
        return ask("why " + key).get(0);
    }

    private boolean isThere(String key) throws IOException {
        return client.ask(RequestFrame.get(key)).status() == Status.OK;
    }

    private static RequestFrame set(String key) {
        return RequestFrame.set(key, "value of " + key);
    }

    /** Keys in a random order, so that no cause has a stretch of the log to itself. */
    private List<String> keys(Random random, String... kinds) {
        List<String> keys = new ArrayList<>();
        for (String kind : kinds) {
            for (int i = 0; i < EACH; i++) {
                keys.add(kind + ':' + i);
            }
        }
        Collections.shuffle(keys, random);
        return keys;
    }

    @Test
    void tenThousandKeys_haveTheirTrueCauses() throws Exception {
        start("store.memory=16m", "store.memory.max=64m");
        Random random = new Random(SEED);
        flood();
        assertThat(ask("config set store.memory 64m")).containsExactly("OK");
        List<String> keys =
                keys(
                        random,
                        "expired",
                        "deleted",
                        "overwritten",
                        "live",
                        "cleared-by-tag",
                        "cleared-by-prefix",
                        "never-set");
        for (String key : keys) {
            write(key);
        }
        Collections.shuffle(keys, random);
        for (String key : keys) {
            end(key);
        }
        assertThat(ask("flush tag default red")).containsExactly("OK");
        assertThat(ask("flush prefix default cleared-by-prefix:")).containsExactly("OK");
        for (String key : keys) {
            if (key.startsWith("expired") && isThere(key)) {
                await().until(() -> !isThere(key));
            }
        }

        assertThat(causes).as("seed %s", SEED).hasSizeGreaterThanOrEqualTo(10_000);
        for (Map.Entry<String, String> cause : causes.entrySet()) {
            assertThat(why(cause.getKey()))
                    .as("%s, seed %s", cause.getKey(), SEED)
                    .startsWith(cause.getValue());
        }
    }

    /** More than there is room for; nobody deletes any of it. */
    private void flood() throws IOException {
        byte[] value = new byte[8192];
        for (int i = 0; i < FLOOD; i++) {
            assertThat(client.ask(RequestFrame.of(Opcode.SET, "evicted:" + i).value(value)))
                    .extracting("status")
                    .isEqualTo(Status.OK);
        }
        int evicted = 0;
        for (int i = 0; i < FLOOD; i++) {
            if (!isThere("evicted:" + i)) {
                causes.put("evicted:" + i, "evicted at=");
                evicted++;
            }
        }
        assertThat(evicted).isGreaterThan(EACH);
    }

    private void write(String key) throws IOException {
        switch (key.split(":", -1)[0]) {
            case "never-set" -> causes.put(key, "never-set");
            case "expired" -> client.ask(set(key).with(ExtensionType.TTL, 20));
            case "cleared-by-tag" -> client.ask(set(key).with(ExtensionType.TAGS.code(), RED));
            default -> client.ask(set(key));
        }
    }

    private void end(String key) throws IOException {
        switch (key.split(":", -1)[0]) {
            case "expired" -> causes.put(key, "expired at=");
            case "cleared-by-tag", "cleared-by-prefix" -> causes.put(key, "cleared");
            case "live" -> causes.put(key, "live");
            case "deleted" -> {
                client.ask(RequestFrame.of(Opcode.DELETE, key));
                causes.put(key, "deleted at=");
            }
            case "overwritten" -> {
                client.ask(set(key));
                causes.put(key, "overwritten at=");
            }
            default -> {} // never set
        }
    }

    @Test
    void deedOfAConnection_namesIt_andOfAnOperator() throws Exception {
        start("store.memory=16m");
        client.ask(set("a"));
        client.ask(set("b"));
        client.ask(set("c"));
        client.ask(set("c"));
        client.ask(RequestFrame.of(Opcode.DELETE, "a"));
        ask("delete b");

        assertThat(why("a"))
                .matches("deleted at=\\S+ by=connection connection=1 address=127.0.0.1:[0-9]+");
        assertThat(why("b")).matches("deleted at=\\S+ by=operator");
        assertThat(why("c")).startsWith("overwritten at=").contains(" connection=1 ");
        assertThat(ask("json why a").get(0)).startsWith("{\"fate\":\"deleted\",\"at\":\"");
    }

    @Test
    void keyThatComesBack_isLive_andIsClearedWithItsRegion() throws Exception {
        start("store.memory=16m");
        client.ask(set("a"));
        client.ask(RequestFrame.of(Opcode.DELETE, "a"));
        client.ask(set("a"));
        client.ask(set("b"));
        client.ask(RequestFrame.of(Opcode.DELETE, "b"));
        assertThat(why("a")).isEqualTo("live");

        assertThat(ask("flush region default")).containsExactly("OK");

        assertThat(why("a")).startsWith("cleared").contains("by=region");
        assertThat(why("b")).startsWith("deleted at=");
        assertThat(why("c")).isEqualTo("never-set");
    }

    @Test
    void keyWhoseEndIsForgotten_isNotRecorded() throws Exception {
        start("store.memory=16m", "insight.removals=1");
        for (int i = 0; i < 5_000; i++) {
            client.ask(set("k" + i));
            client.ask(RequestFrame.of(Opcode.DELETE, "k" + i));
        }

        assertThat(why("nobody")).isEqualTo("not-recorded");
        assertThat(why("k4999")).startsWith("deleted at=");
    }

    @Test
    void withoutALog_onlyWhatIsSeenIsSaid() throws Exception {
        start("store.memory=16m", "insight.removals=0");
        client.ask(set("a"));
        client.ask(set("a"));

        assertThat(why("a")).isEqualTo("live");
        assertThat(why("b")).isEqualTo("not-recorded");
    }
}

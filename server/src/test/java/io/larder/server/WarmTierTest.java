package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.protocol.Opcode;
import io.larder.protocol.Status;
import io.larder.server.command.RequestFrame;
import io.larder.server.config.ConfigurationLoader;
import io.larder.server.config.LiveConfiguration;
import io.larder.server.net.RawClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server with a file and a disk tier, stopped and started again: what both had belongs together.
 */
@Tag("slow")
@Timeout(120)
class WarmTierTest {
    private static final int KEYS = 4_000;

    private final String value = "x".repeat(2_000);

    private LarderServer server;

    @TempDir private Path directory;

    private void start(String... more) throws Exception {
        ConfigurationLoader loader = new ConfigurationLoader();
        loader.define("store.memory=4m");
        loader.define("store.file=" + directory.resolve("larder.arena"));
        loader.define("tier.rocksdb.path=" + directory.resolve("tier"));
        loader.define("tier.rocksdb.max-bytes=64m");
        for (String listener : List.of("data", "admin", "http")) {
            loader.define("listeners." + listener + ".port=0");
        }
        for (String definition : more) {
            loader.define(definition);
        }
        server = LarderServer.start(new LiveConfiguration(loader));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void fill() throws Exception {
        try (RawClient client = RawClient.greeted(server.dataAddress().getPort())) {
            for (int key = 0; key < KEYS; key++) {
                client.ask(RequestFrame.set("key:" + key, value));
                client.ask(RequestFrame.get("key:" + key)); // what nobody read is not kept on disk
            }
        }
    }

    private BitSet found() throws Exception {
        BitSet found = new BitSet();
        try (RawClient client = RawClient.greeted(server.dataAddress().getPort())) {
            for (int key = 0; key < KEYS; key++) {
                found.set(key, client.ask(RequestFrame.get("key:" + key)).status() == Status.OK);
            }
        }
        return found;
    }

    @Test
    void cleanStop_keepsWhatIsOnDisk_beyondWhatMemoryHolds() throws Exception {
        start();
        fill();
        int before = found().cardinality();

        server.close();
        start();
        BitSet after = found();

        assertThat(before).isGreaterThan(KEYS * 3 / 4);
        assertThat(after.cardinality()).isGreaterThan(before * 9 / 10);
        assertThat(after.cardinality() * value.length())
                .isGreaterThan(5 << 20); // memory holds less
    }

    @Test
    void figures_tellWhatCameBack() throws Exception {
        start();
        fill();
        assertThat(metrics()).contains("larder_warm_start 0.0\n", "larder_warm_items 0.0\n");

        server.close();
        start();

        assertThat(metrics())
                .contains("larder_warm_start 1.0\n", "larder_warm_items_damaged 0.0\n")
                .doesNotContain("larder_warm_items 0.0\n");
    }

    private String metrics() throws Exception {
        URI page = URI.create("http:/" + server.httpAddress() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void deletedAfterTheStart_staysDeleted_overAnotherStop() throws Exception {
        start();
        fill();
        server.close();
        start();
        try (RawClient client = RawClient.greeted(server.dataAddress().getPort())) {
            for (int key = 0; key < KEYS; key += 2) {
                client.ask(RequestFrame.of(Opcode.DELETE, "key:" + key));
            }
        }

        server.close();
        start();
        BitSet after = found();

        for (int key = 0; key < KEYS; key += 2) {
            assertThat(after.get(key)).as("key:%d", key).isFalse();
        }
        assertThat(after.cardinality()).isGreaterThan(KEYS / 4);
    }

    @Test
    void diskThatMissedAStop_isDropped() throws Exception {
        start();
        fill();
        server.close();
        start("tier.rocksdb.path=none");
        try (RawClient client = RawClient.greeted(server.dataAddress().getPort())) {
            for (int key = 0; key < KEYS; key++) {
                client.ask(RequestFrame.set("key:" + key, "new"));
            }
        }

        server.close();
        start();

        try (RawClient client = RawClient.greeted(server.dataAddress().getPort())) {
            for (int key = 0; key < KEYS; key++) {
                var reply = client.ask(RequestFrame.get("key:" + key));
                assertThat(reply.text()).as("key:%d", key).isNotEqualTo(value);
            }
        }
    }
}

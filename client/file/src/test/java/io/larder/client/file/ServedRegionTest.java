package io.larder.client.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.Larder;
import io.larder.client.api.BytesCache;
import io.larder.client.api.PutOptions;
import io.larder.client.api.ServerException;
import io.larder.client.api.Ttl;
import io.larder.client.api.WriteResult.Outcome;
import io.larder.server.LarderServer;
import io.larder.server.config.ConfigurationLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A region in a file, as clients have it over the network, and beside them who reads the file. */
@Timeout(60)
@Tag("slow")
class ServedRegionTest {
    private static final int ENTRIES = 500;

    @TempDir Path directory;

    private LarderServer server;
    private Larder larder;
    private BytesCache sessions;

    @BeforeEach
    void start() throws Exception {
        ConfigurationLoader loader =
                new ConfigurationLoader()
                        .define("store.memory=16m")
                        .define("region.sessions.engine=chronicle")
                        .define("region.sessions.file=" + file())
                        .define("region.sessions.entries=" + ENTRIES)
                        .define("region.sessions.key-bytes=16")
                        .define("region.sessions.value-bytes=64");
        for (String listener : List.of("data", "admin", "http")) {
            loader.define("listeners." + listener + ".port=0");
        }
        server = LarderServer.start(loader.load());
        larder = Larder.connect("larder:/" + server.dataAddress());
        sessions = larder.cache("sessions");
    }

    @AfterEach
    void stop() {
        larder.close();
        server.close();
    }

    private Path file() {
        return directory.resolve("sessions.map");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void clients_haveARegionLikeAnyOther() {
        long version = sessions.putText("a", "1").version();

        assertThat(sessions.compareAndSet(bytes("a"), version, bytes("2")).outcome())
                .isEqualTo(Outcome.APPLIED);
        assertThat(sessions.compareAndSet(bytes("a"), version, bytes("3")).outcome())
                .isEqualTo(Outcome.VERSION_MISMATCH);
        assertThat(sessions.increment("n", 5, 1, Ttl.NEVER)).isEqualTo(6);
        assertThat(sessions.increment(bytes("n"), 5)).hasValue(11);
        sessions.append(bytes("a"), bytes("!"));
        assertThat(sessions.getText("a")).hasValue("2!");
        sessions.putText("tagged", "x", PutOptions.DEFAULT.tags("t"));
        sessions.invalidateTag("t");
        assertThat(sessions.getText("tagged")).isEmpty();

        List<String> keys = new ArrayList<>();
        sessions.keys(new byte[0]).forEach(key -> keys.add(new String(key, UTF_8)));
        assertThat(keys).containsExactlyInAnyOrder("a", "n");
        assertThat(larder.cache().getText("a")).isEmpty();

        sessions.clear();
        assertThat(sessions.getText("a")).isEmpty();
    }

    @Test
    void fullRegion_refusesNewKeys_namesTheLimit_andTakesTheOthers() {
        assertThatThrownBy(
                        () -> {
                            for (int key = 0; key <= 2 * ENTRIES; key++) {
                                sessions.putText("key:" + key, "v");
                            }
                        })
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("OUT_OF_CAPACITY")
                .hasMessageContaining(Integer.toString(ENTRIES));

        assertThat(sessions.putText("key:0", "again").outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(sessions.getText("key:0")).hasValue("again");
        assertThat(sessions.getText("key:1")).as("nothing was evicted").hasValue("v");
    }

    @Test
    void restartedServer_hasWhatItHad() throws Exception {
        sessions.putText("kept", "value");
        sessions.putText("deleted", "value");
        sessions.delete("deleted");
        stop();

        start();

        assertThat(sessions.getText("kept")).hasValue("value");
        assertThat(sessions.getText("deleted")).isEmpty();
        Map<String, String> stats = larder.stats();
        assertThat(stats).containsEntry("chronicle_sessions_records_max", "" + ENTRIES);
    }

    @Test
    void processOnTheHost_readsWhatClientsStored() throws Exception {
        sessions.putText("a", "1");
        sessions.putText("gone", "1");
        sessions.delete("gone");

        try (LarderFile file = LarderFile.open(file())) {
            assertThat(file.get(bytes("a"))).hasValue(bytes("1"));
            assertThat(file.get(bytes("gone"))).isEmpty();
            sessions.putText("a", "2");
            assertThat(file.get(bytes("a"))).hasValue(bytes("2"));
        }
    }
}

package io.larder.client.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.memory.Slice;
import io.larder.server.store.KeyHasher;
import io.larder.server.store.Mutation;
import io.larder.server.store.StoreListener;
import io.larder.server.store.WriteStatus;
import io.larder.server.tier.chronicle.ChronicleSettings;
import io.larder.server.tier.chronicle.ChronicleStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads beside the engine that writes the file. */
class LarderFileTest {
    private static final int SPACE = 2;

    @TempDir Path directory;

    private Path path;
    private ChronicleStore store;
    private LarderFile file;
    private long now = 1_000;

    @BeforeEach
    void open() throws IOException {
        path = directory.resolve("sessions.map");
        store =
                ChronicleStore.open(
                        new ChronicleSettings("sessions", path, 1_000, 16, 64),
                        new KeyHasher(1, 2),
                        StoreListener.NONE);
        store.define(SPACE);
        file = LarderFile.open(path, () -> now);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        store.close();
    }

    private void put(String key, String value, long expiryMillis) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), SPACE, key.getBytes(UTF_8));
        byte[] bytes = value.getBytes(UTF_8);
        mutation.value.wrap(bytes, 0, bytes.length);
        mutation.expiryMillis = expiryMillis;
        assertThat(store.put(mutation, now)).isEqualTo(WriteStatus.DONE);
    }

    private String get(String key) throws IOException {
        return file.get(key.getBytes(UTF_8)).map(bytes -> new String(bytes, UTF_8)).orElse(null);
    }

    @Test
    void get_findsWhatTheServerStored() throws IOException {
        put("a", "1", Mutation.NEVER);
        assertThat(get("a")).isEqualTo("1");
        put("a", "a longer one", Mutation.NEVER);

        assertThat(get("a")).isEqualTo("a longer one");
        assertThat(get("b")).isNull();
        assertThat(file.contains("a".getBytes(UTF_8))).isTrue();
    }

    @Test
    void get_ofExpired_isEmpty() throws IOException {
        put("a", "1", now + 10);
        assertThat(get("a")).isEqualTo("1");

        now += 10;

        assertThat(get("a")).isNull();
        assertThat(file.size()).isZero();
        assertThat(file.recordCount()).isEqualTo(1);
    }

    @Test
    void clearAndInvalidation_areSeenAtOnce() throws IOException {
        put("user:1", "1", Mutation.NEVER);
        put("cart:1", "2", Mutation.NEVER);
        store.invalidatePrefix(SPACE, Slice.of("user:".getBytes(UTF_8)), now);
        assertThat(get("user:1")).isNull();
        assertThat(get("cart:1")).isEqualTo("2");

        store.define(SPACE + 1);

        assertThat(get("cart:1")).isNull();
    }

    @Test
    void forEach_showsEachItem_untilItIsEnough() throws IOException {
        for (int i = 0; i < 100; i++) {
            put("key " + i, "value " + i, i == 50 ? now : Mutation.NEVER);
        }
        Set<String> seen = new TreeSet<>();
        file.forEach(
                (key, value) -> {
                    String name = new String(key, UTF_8);
                    assertThat(new String(value, UTF_8)).isEqualTo(name.replace("key", "value"));
                    return seen.add(name);
                });

        assertThat(seen).hasSize(99).doesNotContain("key 50");
        int[] shown = new int[1];
        file.forEach((key, value) -> ++shown[0] < 7);
        assertThat(shown[0]).isEqualTo(7);
    }

    @Test
    void file_isReadAfterTheServerHasEnded() throws IOException {
        put("a", "1", Mutation.NEVER);
        file.close();
        store.close();

        file = LarderFile.open(path, () -> now);

        assertThat(get("a")).isEqualTo("1");
    }

    @Test
    void open_ofWhatIsNoRegionsFile_saysSo() throws IOException {
        Path other = directory.resolve("other");
        assertThatThrownBy(() -> LarderFile.open(other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other: not there");
        Files.writeString(other, "text");
        assertThatThrownBy(() -> LarderFile.open(other)).hasMessageContaining("other.state");
        Files.writeString(directory.resolve("other.state"), "text");
        assertThatThrownBy(() -> LarderFile.open(other)).hasMessageContaining("4 bytes (expected:");
        assertThat(Files.readString(other)).isEqualTo("text");
    }

    @Test
    void keys_areBounded() {
        assertThatThrownBy(() -> file.get(new byte[0]))
                .hasMessage("keyLength: 0 (expected: 1..4095)");
        assertThatThrownBy(() -> file.get(new byte[4096])).hasMessageContaining("4096");
    }
}

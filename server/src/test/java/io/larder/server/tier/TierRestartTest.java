package io.larder.server.tier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.memory.Slice;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.OverflowTwin;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.WriteStatus;
import io.larder.server.tier.OverflowTier.Fetched;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stop leaves on disk belongs to the store that stopped, and to no other. */
class TierRestartTest {
    private static final StoreIdentity STOPPED = SteppedTier.identity(7);

    @TempDir private Path directory;

    private Path path;

    @BeforeEach
    void choosePath() {
        path = directory.resolve("tier");
    }

    private SteppedTier open(StoreIdentity identity) throws IOException {
        return new SteppedTier(path, OverflowTwin.NONE, identity, log -> log);
    }

    private static void put(SteppedTier stepped, String name) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(stepped.store.hasher(), SteppedTier.SPACE, name.getBytes(UTF_8));
        mutation.value.wrap(name.getBytes(UTF_8), 0, name.length());
        mutation.addTag(stepped.store.hasher().tag(SteppedTier.SPACE, Slice.of(new byte[] {1})));
        assertThat(stepped.store.put(mutation, stepped.nowMillis)).isEqualTo(WriteStatus.DONE);
    }

    private static boolean isFound(SteppedTier stepped, String name) {
        Key key = stepped.key(name);
        Fetched fetched = stepped.fetch(key, false);
        return fetched != null
                && stepped.tier.read(key, fetched, stepped.nowMillis, item -> {}) == ReadStatus.HIT;
    }

    private void stopCleanly(SteppedTier stepped) {
        stepped.tier.keepFor(STOPPED);
        stepped.close();
    }

    private void fillAndStop() throws IOException {
        SteppedTier stepped = open(StoreIdentity.NONE);
        put(stepped, "kept");
        put(stepped, "void");
        stepped.evictAll();
        put(stepped, "void");
        stopCleanly(stepped);
    }

    @Test
    void cleanStop_isGoneOnWith() throws IOException {
        fillAndStop();

        try (SteppedTier again = open(STOPPED)) {
            assertThat(isFound(again, "kept")).isTrue();
            assertThat(isFound(again, "void")).isFalse();
            assertThat(path.resolve("clean")).doesNotExist();
        }
        assertThat(path.resolve("db")).doesNotExist();
    }

    @Test
    void anotherStop_oneWithoutMark_andADamagedMark_areDropped() throws IOException {
        fillAndStop();
        try (SteppedTier other = open(SteppedTier.identity(8))) {
            assertThat(isFound(other, "kept")).isFalse();
        }
        fillAndStop();
        Files.delete(path.resolve("clean"));
        try (SteppedTier unclean = open(STOPPED)) {
            assertThat(isFound(unclean, "kept")).isFalse();
        }
        fillAndStop();
        try (RandomAccessFile mark = new RandomAccessFile(path.resolve("clean").toFile(), "rw")) {
            mark.seek(mark.length() / 2);
            mark.write(1);
        }
        try (SteppedTier damaged = open(STOPPED)) {
            assertThat(isFound(damaged, "kept")).isFalse();
        }
    }

    @Test
    void invalidatedBeforeTheStop_isNotThereAfterIt() throws IOException {
        SteppedTier stepped = open(StoreIdentity.NONE);
        put(stepped, "tagged");
        stepped.evictAll();
        long tag = stepped.store.hasher().tag(SteppedTier.SPACE, Slice.of(new byte[] {1}));
        stepped.store.invalidateTag(SteppedTier.SPACE, tag, stepped.nowMillis);
        stopCleanly(stepped);

        try (SteppedTier again = open(STOPPED)) {
            assertThat(isFound(again, "tagged")).isFalse();
        }
    }

    @Test
    void directoryOfSomethingElse_isRefused() throws IOException {
        Files.createDirectories(path);
        Files.writeString(path.resolve("letters"), "dear");

        assertThatThrownBy(() -> open(STOPPED))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a directory that is empty or a tier's");
        assertThat(path.resolve("letters")).exists();
    }

    @Test
    void directoryInUse_isRefused() throws IOException {
        try (SteppedTier first = open(StoreIdentity.NONE)) {
            assertThatThrownBy(() -> open(StoreIdentity.NONE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another server");
            assertThat(first.tier.isOn()).isTrue();
        }
    }
}

package io.larder.server.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.server.evict.Evictor;
import io.larder.server.memory.HeapMemory;
import io.larder.server.metrics.UncaughtErrors;
import io.larder.server.policy.Admission;
import io.larder.server.region.RegionTable;
import io.larder.server.snapshot.Snapshots.RefusedException;
import io.larder.server.store.HitSink;
import io.larder.server.store.ItemView;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.SpaceReclaimer;
import io.larder.server.store.StoreConfig;
import io.larder.server.store.ValueSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {
    private static final int ITEMS = 2000;

    @TempDir private Path directory;

    private long nowMillis = 1_000_000;

    /** A store with its regions, and what takes and restores snapshots of it. */
    private final class Side {
        final RegionTable regions = new RegionTable(space -> {});
        final ShardedStore store =
                ShardedStore.open(
                        new StoreConfig(4 << 20, 4, 1 << 15, new Random().nextLong(), 7, 2),
                        HeapMemory::allocate,
                        () -> nowMillis,
                        HitSink.FREQUENCY,
                        new NoReclaimer(),
                        shard -> Evictor.policy(Admission.ofBudget(4 << 20, 4), shard));
        final UncaughtErrors errors = new UncaughtErrors();
        final Snapshots snapshots;

        Side(@Nullable Path where) {
            snapshots =
                    new Snapshots(
                            new Snapshots.Services(store, store, () -> nowMillis, regions, errors),
                            where);
        }

        void put(int region, String key, String value, long expiryMillis) {
            Mutation mutation = new Mutation();
            mutation.key.wrap(store.hasher(), regions.space(region), key.getBytes(UTF_8));
            mutation.value.wrap(value.getBytes(UTF_8), 0, value.length());
            mutation.expiryMillis = expiryMillis;
            mutation.clientFlags = value.length();
            store.put(mutation, nowMillis);
        }

        @Nullable String get(int region, String key) {
            Copy copy = new Copy();
            Key wrapped =
                    new Key().wrap(store.hasher(), regions.space(region), key.getBytes(UTF_8));
            return store.get(wrapped, nowMillis, copy) == ReadStatus.HIT ? copy.text : null;
        }

        String ended() {
            await().until(() -> !snapshots.status().endsWith(" running"));
            return snapshots.status();
        }

        String take(String name) throws RefusedException {
            snapshots.take(name);
            return ended();
        }

        String restore(String name) throws RefusedException {
            snapshots.restore(name);
            return ended();
        }
    }

    private static final class Copy implements ValueSink {
        private String text = "";

        @Override
        public void accept(ItemView item) {
            byte[] value = new byte[item.valueLength()];
            item.copyTo(value, 0);
            text = new String(value, UTF_8);
        }
    }

    private static final class NoReclaimer implements SpaceReclaimer {
        @Override
        public void request(int shard) {}

        @Override
        public boolean help(int shard) {
            return false;
        }
    }

    private final Side source = new Side(null);

    private Side filled() throws Exception {
        Side side = new Side(directory);
        int users = side.regions.open("users");
        for (int i = 0; i < ITEMS; i++) {
            side.put(0, "k" + i, "v" + i, Mutation.NEVER);
            side.put(users, "k" + i, "user " + i, nowMillis + 1000 + i);
        }
        return side;
    }

    @Test
    void restore_bringsEverythingBack_inItsRegion() throws Exception {
        Side side = filled();
        assertThat(side.take("a.snapshot"))
                .startsWith("snapshot a.snapshot done items=" + 2 * ITEMS + " omitted=0 bytes=");
        nowMillis += 1500;
        Side other = new Side(directory);
        other.regions.open("first, so that ids differ".replaceAll("[^a-z]", "-"));

        assertThat(other.restore("a.snapshot"))
                .startsWith(
                        "restore a.snapshot done items="
                                + 2 * ITEMS
                                + " stored="
                                + (2 * ITEMS - 501)
                                + " present=0 expired=501 refused=0 millis=");

        int users = other.regions.find("users");
        for (int i = 0; i < ITEMS; i++) {
            assertThat(other.get(0, "k" + i)).isEqualTo("v" + i);
            assertThat(other.get(users, "k" + i)).isEqualTo(i > 500 ? "user " + i : null);
        }
        nowMillis += 1000;
        assertThat(other.get(users, "k1499")).isNull();
        assertThat(other.get(users, "k1501")).isEqualTo("user 1501");
        assertThat(other.errors.count()).isZero();
    }

    @Test
    void restore_keepsWhatIsThere() throws Exception {
        filled().take("a");
        Side other = new Side(directory);
        other.put(0, "k7", "younger", Mutation.NEVER);

        assertThat(other.restore("a")).contains(" present=1 ");

        assertThat(other.get(0, "k7")).isEqualTo("younger");
    }

    @Test
    void snapshot_leavesOneFile_andReplacesTheOneBefore() throws Exception {
        Side side = filled();
        side.take("a");
        side.put(0, "one more", "v", Mutation.NEVER);

        assertThat(side.take("a")).contains(" items=" + (2 * ITEMS + 1) + " ");

        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("a");
        }
    }

    /** One bit wrong anywhere: nothing at all is loaded. */
    @Test
    void corruptFile_isRefusedAsAWhole() throws Exception {
        filled().take("a");
        byte[] whole = Files.readAllBytes(directory.resolve("a"));
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            byte[] wrong = whole.clone();
            int at =
                    i < 60
                            ? i
                            : i < 120 ? whole.length - 1 - (i - 60) : random.nextInt(whole.length);
            wrong[at] ^= (byte) (1 << random.nextInt(8));
            assertThatNothingIsLoadedOf(wrong, "byte " + at);
        }
    }

    @Test
    void fileThatWasCutOff_isRefusedAsAWhole() throws Exception {
        filled().take("a");
        byte[] whole = Files.readAllBytes(directory.resolve("a"));
        Random random = new Random(6);
        for (int i = 0; i < 60; i++) {
            int length =
                    i < 30
                            ? i
                            : i < 45 ? whole.length - 1 - (i - 30) : random.nextInt(whole.length);
            assertThatNothingIsLoadedOf(Arrays.copyOf(whole, length), "length " + length);
        }
        assertThatNothingIsLoadedOf(Arrays.copyOf(whole, whole.length + 1), "one byte more");
    }

    private void assertThatNothingIsLoadedOf(byte[] bytes, String what) throws IOException {
        Files.write(directory.resolve("wrong"), bytes);
        int[] items = {0};
        assertThatThrownBy(
                        () ->
                                new SnapshotReader(directory.resolve("wrong"))
                                        .read((block, length, count) -> items[0] += count))
                .as(what)
                .isInstanceOf(SnapshotException.class)
                .hasMessageStartingWith("wrong: ")
                .hasMessageContaining("(expected: ");
    }

    @Test
    void foreignFile_isNamed() throws Exception {
        Files.writeString(directory.resolve("notes.txt"), "these are not the bytes of a snapshot");
        Side side = new Side(directory);

        assertThat(side.restore("notes.txt"))
                .contains("failed", "notes.txt: its first bytes are ", "(expected: LARDSNAP)");
        assertThat(side.store.stats().items()).isZero();
    }

    @Test
    void withoutADirectory_everythingIsRefused() {
        assertThatThrownBy(() -> source.take("a"))
                .hasMessage("snapshot.directory: not set (expected: a directory)");
        assertThatThrownBy(() -> source.restore("a"))
                .hasMessage("snapshot.directory: not set (expected: a directory)");
    }

    @Test
    void nameThatLeadsElsewhere_isRefused() throws Exception {
        Files.writeString(directory.getParent().resolve("outside"), "x");
        Side side = new Side(directory.resolve("inner"));
        for (String name :
                new String[] {
                    "../outside", "/etc/passwd", "a/b", "..", ".", "", ".hidden", "a\0b"
                }) {
            assertThatThrownBy(() -> side.take(name))
                    .as(name)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageStartingWith("file: ");
            assertThatThrownBy(() -> side.restore(name)).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void fileThatIsNotThere_isRefused() {
        assertThatThrownBy(() -> new Side(directory).restore("absent"))
                .hasMessage("file: absent (expected: one in snapshot.directory)");
    }

    @Test
    void directoryThatIsNotThere_failsAndLeavesTheStoreWell() throws Exception {
        Side side = new Side(directory.resolve("absent"));

        assertThat(side.take("a")).contains("failed", "absent");

        Files.createDirectory(directory.resolve("absent"));
        assertThat(side.take("a")).contains(" done items=0 ");
    }
}

package io.larder.server.warm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.server.LarderStore;
import io.larder.server.embedded.LarderMap;
import io.larder.server.push.PushConfig;
import io.larder.server.push.Pushes;
import io.larder.server.region.RegionTable;
import io.larder.server.store.StoreConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that come back, or do not, in a file on a memory file system or on a disk. */
class WarmStartTest {
    private static final long MEMORY_BYTES = 16 << 20;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int ENTRIES = 20_000;

    @TempDir private Path disk;
    private Path directory;
    private final List<Throwable> errors = new ArrayList<>();
    private @Nullable LarderStore store;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory =
                Files.isWritable(SHARED_MEMORY)
                        ? Files.createTempDirectory(SHARED_MEMORY, "larder-test")
                        : disk;
    }

    @AfterEach
    void removeDirectory() throws IOException {
        if (store != null) {
            store.close();
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        if (directory != disk) {
            Files.delete(directory);
        }
        assertThat(errors).isEmpty();
    }

    private static StoreConfig config() {
        return LarderStore.configOf(MEMORY_BYTES, 1);
    }

    private LarderStore open(WarmSettings settings) throws WarmException {
        return open(config(), settings);
    }

    private LarderStore open(StoreConfig config, WarmSettings settings) throws WarmException {
        RegionTable regions = new RegionTable(space -> {});
        LarderStore opened =
                LarderStore.open(
                        config, 1, regions, new Pushes(PushConfig.DEFAULT), errors::add, settings);
        opened.attach();
        store = opened;
        return opened;
    }

    private LarderStore open(Path file) throws WarmException {
        return open(new WarmSettings(file, 0));
    }

    private void stop() {
        if (store != null) {
            store.close();
        }
        store = null;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void fill(LarderMap map, int entries) {
        for (int i = 0; i < entries; i++) {
            map.put(bytes("key" + i), bytes("value" + i));
        }
    }

    private static int found(LarderMap map, int entries) {
        int found = 0;
        for (int i = 0; i < entries; i++) {
            byte[] value = map.get(bytes("key" + i));
            if (value != null) {
                assertThat(value).isEqualTo(bytes("value" + i));
                found++;
            }
        }
        return found;
    }

    private void refill(Path file) throws WarmException {
        fill(open(file).map("carts"), 1000);
        stop();
    }

    @Test
    void cleanStop_onMemoryFileSystem_comesBack() throws Exception {
        Path file = directory.resolve("arena");
        refill(file);
        assertThat(Manifest.pathFor(file)).exists();

        LarderStore again = open(file);

        assertThat(found(again.map("carts"), 1000)).isEqualTo(1000);
        assertThat(found(again.map(), 1000)).isZero();
        assertThat(again.warmState().isWarm()).isTrue();
        assertThat(again.warmState().line()).startsWith("warm: after a clean stop ");
        assertThat(Manifest.pathFor(file)).doesNotExist();
    }

    /** The limit that it was raised to is not that of the next start, which has to make room. */
    @Test
    void storeFullBeyondItsLimit_comesBack() throws Exception {
        WarmSettings settings = new WarmSettings(directory.resolve("arena"), 0);
        StoreConfig config = LarderStore.configOf(MEMORY_BYTES / 2, MEMORY_BYTES, 1);
        LarderStore first = open(config, settings);
        first.setMemoryLimit(MEMORY_BYTES);
        long before = filled(first.map("carts"));
        stop();

        LarderStore again = open(config, settings);

        assertThat(again.memoryStatus().limitBytes()).isEqualTo(MEMORY_BYTES / 2);
        await().until(() -> again.memoryStatus().excessBytes() == 0);
        assertThat(there(again.map("carts"))).isBetween(before / 4, before);
    }

    /** As many entries as there is room for, and some more; how many are there then. */
    private static long filled(LarderMap map) {
        for (int i = 0; i < ENTRIES; i++) {
            map.put(bytes("key" + i), new byte[(int) (2 * MEMORY_BYTES / ENTRIES)]);
        }
        return there(map);
    }

    private static long there(LarderMap map) {
        return IntStream.range(0, ENTRIES).filter(i -> map.get(bytes("key" + i)) != null).count();
    }

    @Test
    void cleanStop_onDisk_comesBack() throws Exception {
        Path file = disk.resolve("copy");
        refill(file);

        assertThat(found(open(file).map("carts"), 1000)).isEqualTo(1000);
    }

    @Test
    void manifestGone_onDisk_isCold() throws Exception {
        Path file = disk.resolve("copy");
        refill(file);
        Files.delete(Manifest.pathFor(file));

        LarderStore again = open(file);

        assertThat(found(again.map("carts"), 1000)).isZero();
        assertThat(again.warmState().line())
                .isEqualTo("cold: the system was started anew, and no clean stop came before");
    }

    @Test
    void clearedRegion_staysCleared() throws Exception {
        Path file = directory.resolve("arena");
        LarderMap carts = open(file).map("carts");
        fill(carts, 100);
        carts.clear();
        carts.put(bytes("key7"), bytes("value7"));
        stop();

        assertThat(found(open(file).map("carts"), 100)).isEqualTo(1);
    }

    @Test
    void secondOwner_isRefusedAndNamesTheFirst() throws Exception {
        Path file = directory.resolve("arena");
        open(file);

        assertThatThrownBy(() -> WarmStart.open(new WarmSettings(file, 0), config()))
                .isInstanceOf(WarmException.class)
                .hasMessageContaining("is in use by process " + ProcessHandle.current().pid());
    }

    @Test
    void directoryThatIsNone_isNamed() {
        Path file = directory.resolve("none").resolve("arena");

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(WarmException.class)
                .hasMessage(
                        file
                                + ": "
                                + file.getParent()
                                + " is no directory (expected: one that exists)");
    }

    @Test
    void awayTooLong_isCold() throws Exception {
        Path file = disk.resolve("copy");
        refill(file);
        Manifest manifest = Manifest.read(file);
        Moment stopped = manifest.stopped();
        new Manifest(
                        manifest.fileName(),
                        manifest.start(),
                        new Moment(
                                stopped.storeMillis(),
                                stopped.uptimeMillis() - 5000,
                                stopped.unixMillis() - 5000,
                                stopped.boot()))
                .write(file);

        LarderStore again = open(new WarmSettings(file, 4000));

        assertThat(again.warmState().line()).contains("(store.max-downtime: 4000)");
        assertThat(found(again.map("carts"), 1000)).isZero();
    }

    @Test
    void truncatedFile_isColdAndKeptAside() throws Exception {
        Path file = directory.resolve("arena");
        refill(file);
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(access.length() - 1);
        }

        LarderStore again = open(file);

        assertThat(found(again.map("carts"), 1000)).isZero();
        assertThat(again.warmState().line()).contains("(expected: ").contains(".aside");
        assertThat(directory.resolve("arena.aside")).exists();
    }

    @Test
    void otherFile_isColdAndKeptAside() throws Exception {
        Path file = directory.resolve("arena");
        Files.writeString(file, "something else");

        assertThat(open(file).warmState().line()).contains("not the file of a larder store");
    }

    @Test
    void manifestOfAnotherStart_isNotBelieved() throws Exception {
        Path file = disk.resolve("copy");
        refill(file);
        byte[] first = Files.readAllBytes(Manifest.pathFor(file));
        refill(file);
        Files.write(Manifest.pathFor(file), first);

        assertThat(open(file).warmState().isWarm()).isFalse();
    }

    @Test
    void expired_duringTheStop_isGone() throws Exception {
        Path file = disk.resolve("copy");
        LarderMap map = open(file).map("carts");
        map.put(bytes("key1"), bytes("value1"), java.time.Duration.ofSeconds(60));
        map.put(bytes("key2"), bytes("value2"));
        stop();
        Manifest manifest = Manifest.read(file);
        Moment stopped = manifest.stopped();
        new Manifest(
                        manifest.fileName(),
                        manifest.start(),
                        new Moment(
                                stopped.storeMillis(),
                                stopped.uptimeMillis() - 61_000,
                                stopped.unixMillis() - 61_000,
                                stopped.boot()))
                .write(file);

        assertThat(found(open(file).map("carts"), 3)).isEqualTo(1);
    }
}

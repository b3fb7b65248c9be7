package io.larder.server.tier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.OverflowTwin;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardOverflow;
import io.larder.server.store.WriteStatus;
import io.larder.server.tier.OverflowTier.Fetched;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, broken or slow costs hits, never an answer; and the tier comes back. */
class DiskTroubleTest {
    private static final int MORE_THAN_THE_BUFFERS = 3000; // items of a KiB

    @TempDir private Path directory;

    private static void put(SteppedTier stepped, String name, int valueBytes) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(stepped.store.hasher(), SteppedTier.SPACE, name.getBytes(UTF_8));
        mutation.value.wrap(new byte[valueBytes], 0, valueBytes);
        WriteStatus status = stepped.store.put(mutation, stepped.nowMillis);
        if (status == WriteStatus.BUSY) { // nobody reclaims here but this test
            stepped.evictAll();
            stepped.writeAll();
            status = stepped.store.put(mutation, stepped.nowMillis);
        }
        assertThat(status).isEqualTo(WriteStatus.DONE);
    }

    private static void overflow(SteppedTier stepped, int items) {
        for (int i = 0; i < items; i++) {
            put(stepped, "key" + i, 1000);
        }
        stepped.evictAll();
        stepped.writeAll();
    }

    private static boolean isFound(SteppedTier stepped, String name) {
        Key key = stepped.key(name);
        Fetched fetched = stepped.fetch(key, false);
        return fetched != null
                && stepped.tier.read(key, fetched, stepped.nowMillis, item -> {}) == ReadStatus.HIT;
    }

    private static void passBackOff(SteppedTier stepped) {
        stepped.advance(stepped.config.retryMillisMax());
        stepped.stepWriter();
    }

    private static void assertOffThenAnew(SteppedTier stepped) {
        assertThat(stepped.tier.isOn()).isFalse();
        assertThat(stepped.tier.stamp(stepped.key("key0"))).isEqualTo(ShardOverflow.NONE);
        put(stepped, "while off", 10);

        passBackOff(stepped);

        assertThat(stepped.tier.isOn()).isTrue();
        assertThat(isFound(stepped, "key0")).isFalse();
        overflow(stepped, 10);
        assertThat(isFound(stepped, "key0")).isTrue();
    }

    @Test
    void fullDisk_switchesOff_untilThereIsRoom() throws IOException {
        Path mounted = Files.createDirectory(directory.resolve("small"));
        try (SmallDisk disk = SmallDisk.mount(mounted, 16);
                SteppedTier stepped =
                        new SteppedTier(disk.path().resolve("tier"), OverflowTwin.NONE)) {
            Path ballast = disk.path().resolve("ballast");
            fill(ballast);

            overflow(stepped, MORE_THAN_THE_BUFFERS);
            assertThat(stepped.tier.isOn()).isFalse();
            passBackOff(stepped);
            overflow(stepped, MORE_THAN_THE_BUFFERS);
            Files.delete(ballast);
            if (stepped.tier.isOn()) {
                overflow(stepped, MORE_THAN_THE_BUFFERS); // what failed in the background shows
            }

            assertOffThenAnew(stepped);
        }
    }

    private static void fill(Path ballast) throws IOException {
        byte[] block = new byte[64 << 10];
        try (FileChannel file =
                FileChannel.open(
                        ballast, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (true) {
                if (file.write(java.nio.ByteBuffer.wrap(block)) == 0) {
                    return;
                }
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }

    @Test
    void truncatedFile_switchesOff_andIsMadeAnew() throws IOException {
        Path path = directory.resolve("tier");
        try (SteppedTier stepped = new SteppedTier(path, OverflowTwin.NONE)) {
            overflow(stepped, MORE_THAN_THE_BUFFERS);
            List<Path> tables = tables(path);
            assertThat(tables).isNotEmpty();
            for (Path table : tables) {
                try (FileChannel file = FileChannel.open(table, StandardOpenOption.WRITE)) {
                    file.truncate(100);
                }
            }

            for (int i = 0; stepped.tier.isOn() && i < MORE_THAN_THE_BUFFERS; i++) {
                isFound(stepped, "key" + i);
            }

            assertOffThenAnew(stepped);
        }
    }

    private static List<Path> tables(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path.resolve("db"))) {
            return files.filter(file -> file.toString().endsWith(".sst")).toList();
        }
    }

    @Test
    void failedWrite_switchesOff_andKeepsTryingWithLongerPauses() throws IOException {
        AtomicBoolean isBroken = new AtomicBoolean();
        try (SteppedTier stepped =
                new SteppedTier(
                        directory.resolve("tier"),
                        OverflowTwin.NONE,
                        StoreIdentity.NONE,
                        log -> failing(log, isBroken))) {
            isBroken.set(true);
            overflow(stepped, 10);
            assertThat(stepped.tier.isOn()).isFalse();

            stepped.advance(stepped.config.retryMillisMin());
            stepped.stepWriter();
            overflow(stepped, 10);
            assertThat(stepped.tier.isOn()).isFalse();
            stepped.advance(stepped.config.retryMillisMin());
            stepped.stepWriter();
            assertThat(stepped.tier.isOn()).describedAs("the second pause is longer").isFalse();
            isBroken.set(false);

            assertOffThenAnew(stepped);
        }
    }

    private static DiskLog failing(DiskLog log, AtomicBoolean isBroken) {
        return new ForwardingLog(log) {
            @Override
            public void write(List<Victim> victims) throws IOException {
                if (isBroken.get()) {
                    throw new IOException("as if the disk were broken");
                }
                super.write(victims);
            }
        };
    }

    @Test
    void slowRead_switchesOff_andWhatIsThereComesBackWithIt() throws IOException {
        try (SteppedTier stepped = new SteppedTier(directory.resolve("tier"), OverflowTwin.NONE)) {
            overflow(stepped, 20);
            Key late = stepped.key("key0");
            boolean[] isTold = {false};
            stepped.tier.fetch(late, stepped.tier.stamp(late), false, value -> isTold[0] = true);

            stepped.tier.fetchIsLate();
            assertThat(stepped.tier.stamp(late)).isEqualTo(ShardOverflow.NONE);
            put(stepped, "key1", 10);
            passBackOff(stepped);

            assertThat(stepped.tier.isOn()).isTrue();
            stepped.readAll();
            assertThat(isTold[0]).isTrue();
            assertThat(isFound(stepped, "key0")).isTrue();
            assertThat(isFound(stepped, "key1")).describedAs("changed meanwhile").isFalse();
        }
    }
}

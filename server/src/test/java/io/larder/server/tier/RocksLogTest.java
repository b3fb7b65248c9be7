package io.larder.server.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksLogTest {
    private static final int ITEM_BYTES = 256 << 10;
    private static final int PER_BATCH = 8;

    @TempDir private Path directory;

    private TierConfig config;

    @BeforeEach
    void configure() {
        config =
                new TierConfig(
                        directory,
                        TierConfig.BYTES_MIN,
                        TierConfig.MEMORY_BYTES_MIN,
                        1,
                        1_000,
                        1_000,
                        60_000);
    }

    private static List<Victim> batch(long firstStamp) {
        return Stream.iterate(firstStamp, stamp -> stamp + 1)
                .limit(PER_BATCH)
                .map(stamp -> new Victim(3, 0, stamp, bytes(stamp)))
                .toList();
    }

    private static byte[] bytes(long stamp) {
        byte[] bytes = new byte[ITEM_BYTES];
        Arrays.fill(bytes, (byte) stamp);
        return bytes;
    }

    @Test
    @Tag("slow")
    void moreThanTheLimit_costsTheOldest() throws IOException {
        int batches = (int) (TierConfig.BYTES_MIN * 5 / 4 / (ITEM_BYTES * PER_BATCH));
        try (RocksLog log = new RocksLog(directory, config)) {
            List<Victim> last = List.of();
            for (int i = 0; i < batches; i++) {
                last = batch(1 + (long) i * PER_BATCH);
                log.write(last);
            }
            log.flush();

            for (Victim victim : last) {
                assertThat(log.read(victim.name())).isEqualTo(victim.item());
            }
            // Old files go in the background, after a flush; one that was being read with the next.
            log.write(batch(1 + (long) batches * PER_BATCH));
            log.flush();
            await().untilAsserted(
                            () ->
                                    assertThat(bytesOnDisk())
                                            .isLessThanOrEqualTo(TierConfig.BYTES_MIN));
            assertThat(log.read(Victim.name(3, 1))).isNull();
            assertThat(log.bytes()).isBetween(TierConfig.BYTES_MIN / 2, TierConfig.BYTES_MIN);
        }
    }

    private long bytesOnDisk() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void flushed_isThereForTheNextToOpen() throws IOException {
        List<Victim> written = batch(100);
        try (RocksLog log = new RocksLog(directory, config)) {
            log.write(written);
            log.flush();
        }

        try (RocksLog log = new RocksLog(directory, config)) {
            assertThat(log.read(written.get(0).name())).isEqualTo(written.get(0).item());
            assertThat(log.read(Victim.name(4, 100))).isNull();
        }
    }
}

package io.larder.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.server.region.RegionTable;
import io.larder.server.store.Key;
import io.larder.server.store.MemoryStatus;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.SpaceSettings;
import io.larder.server.store.WriteStatus;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class MemoryLimitChangeTest {
    private static final long MIB = 1 << 20;
    private static final int PINNED_SPACE = 1000;
    private static final int KEYS = 150_000;
    private static final int VALUE_BYTES = 1000;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final RegionTable regions = new RegionTable(cleared -> {});
    private final int space = regions.space(RegionTable.DEFAULT_ID);
    private LarderStore store = open(64 * MIB, 64 * MIB);

    private LarderStore open(long memoryBytes, long memoryBytesMax) {
        return LarderStore.open(
                LarderStore.configOf(memoryBytes, memoryBytesMax, 1), 1, regions, errors::add);
    }

    @AfterEach
    void close() {
        store.close();
        assertThat(errors).isEmpty();
    }

    private static byte[] valueOf(int number) {
        byte[] value = new byte[VALUE_BYTES];
        new SplittableRandom(number).nextBytes(value);
        return value;
    }

    private WriteStatus put(int number) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.store().hasher(), space, ("key" + number).getBytes(US_ASCII));
        mutation.value.wrap(valueOf(number), 0, VALUE_BYTES);
        return store.store().put(mutation, store.clock().nowMillis());
    }

    /** Reads every key; the number of hits, each of which holds its own value. */
    private int checkedHits() {
        int[] hits = {0};
        byte[] found = new byte[VALUE_BYTES];
        for (int number = 0; number < KEYS; number++) {
            byte[] bytes = ("key" + number).getBytes(US_ASCII);
            Key key = new Key().wrap(store.store().hasher(), space, bytes);
            ReadStatus status =
                    store.store()
                            .get(
                                    key,
                                    store.clock().nowMillis(),
                                    item -> {
                                        hits[0]++;
                                        assertThat(item.valueLength()).isEqualTo(VALUE_BYTES);
                                        item.copyTo(found, 0);
                                    });
            if (status == ReadStatus.HIT) {
                assertThat(found).isEqualTo(valueOf(number));
            }
        }
        return hits[0];
    }

    private void fill() {
        for (int number = 0; number < KEYS; number++) {
            put(number);
        }
    }

    @Test
    void limit_loweredUnderWrites_isKept_andRaisedAgain_isFilledAgain() throws Exception {
        fill();
        long itemsBefore = store.store().stats().items();
        assertThat(itemsBefore).isGreaterThan(45_000);
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong written = new AtomicLong();
        Thread writer =
                new Thread(
                        () -> {
                            SplittableRandom random = new SplittableRandom(7);
                            while (!done.get()) {
                                if (put(random.nextInt(KEYS)) == WriteStatus.DONE) {
                                    written.incrementAndGet();
                                }
                            }
                        });
        writer.setUncaughtExceptionHandler((thread, error) -> errors.add(error));
        writer.start();
        try {
            MemoryStatus changed = store.setMemoryLimit(32 * MIB);
            assertThat(changed.limitBytes()).isEqualTo(32 * MIB);
            assertThat(changed.excessBytes()).isPositive();
            long writtenBefore = written.get();
            await().atMost(30, SECONDS).until(() -> store.memoryStatus().excessBytes() == 0);
            await().until(() -> written.get() > writtenBefore + 10_000);

            MemoryStatus kept = store.memoryStatus();
            assertThat(kept.withheldBytes()).isEqualTo(32 * MIB);
            assertThat(kept.usedBytes()).isPositive().isLessThanOrEqualTo(32 * MIB);
            assertThat(store.store().stats().items()).isBetween(20_000L, itemsBefore * 6 / 10);
            assertThat(store.store().stats().memoryLimitBytes()).isEqualTo(32 * MIB);
            assertThat(checkedHits()).isGreaterThan(20_000);

            store.setMemoryLimit(64 * MIB);

            await().atMost(60, SECONDS)
                    .until(() -> store.store().stats().items() > itemsBefore * 85 / 100);
            assertThat(store.memoryStatus().withheldBytes()).isZero();
        } finally {
            done.set(true);
            writer.join();
        }
        assertThat(checkedHits()).isGreaterThan(40_000);
        assertThat(written.get()).isPositive();
    }

    @Test
    void limit_raisedToTheMaximum_holdsTwiceTheItems() {
        store.close();
        store = open(16 * MIB, 32 * MIB);
        fill();
        long itemsBefore = store.store().stats().items();
        assertThat(store.memoryStatus().withheldBytes()).isEqualTo(16 * MIB);

        store.setMemoryLimit(32 * MIB);
        fill();

        assertThat(store.store().stats().items()).isGreaterThan(itemsBefore * 18 / 10);
        assertThat(store.memoryStatus().withheldBytes()).isZero();
    }

    @Test
    void limit_outsideOfItsBounds_isRefusedByName() {
        long min = store.memoryStatus().limitBytesMin();

        for (long bytes : new long[] {-1, min - 1, 64 * MIB + 1}) {
            assertThatThrownBy(() -> store.setMemoryLimit(bytes))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "memoryLimitBytes: "
                                    + bytes
                                    + " (expected: "
                                    + min
                                    + ".."
                                    + 64 * MIB
                                    + ")");
        }
        assertThat(store.memoryStatus().limitBytes()).isEqualTo(64 * MIB);
    }

    @Test
    void leastLimit_isKept_andStillTakesWrites() {
        fill();
        long min = store.memoryStatus().limitBytesMin();
        store.setMemoryLimit(min);

        await().atMost(30, SECONDS).until(() -> store.memoryStatus().excessBytes() == 0);

        assertThat(store.memoryStatus().usedBytes()).isLessThanOrEqualTo(min);
        await().until(() -> put(KEYS) == WriteStatus.DONE);
        assertThat(checkedHits()).isPositive();
    }

    @Test
    void leastLimit_leavesRoomBesideWhatIsNeverEvicted() {
        store.spaces().define(PINNED_SPACE, new SpaceSettings(0, 32 * MIB, true));

        assertThat(store.memoryStatus().limitBytesMin()).isBetween(40 * MIB - 100, 40 * MIB);
    }
}

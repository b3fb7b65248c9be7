package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import io.larder.server.memory.Memory;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.store.ModelRun.Setting;
import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations mean the same on the store as on a plain map, on both kinds of memory. */
class StoreAgainstMapTest {
    private static final int OPERATIONS = 10_000;
    private static final int SEEDS = 2;
    private static final int MINUTE = 60_000;
    private static final int DAY = 1440 * MINUTE;

    /** A store's size and what it is to go through. */
    private enum Kind {
        /** Room for a third of the keys. */
        CRAMPED(new Setting(StoreFixture.config(40, 256, 1), 120, 0, 100, MINUTE, true)),
        TWO_SHARDS(new Setting(StoreFixture.config(64, 512, 2), 150, 0, 200, MINUTE, true)),
        /** Chains at their cap and beyond. */
        COLLIDING(new Setting(StoreFixture.config(64, 512, 1), 150, 31, 60, MINUTE, true)),
        /** Values filled outside the lock. */
        LARGE(new Setting(StoreFixture.config(24, 8192, 2), 40, 0, 8000, MINUTE, true)),
        /** Room for everything, and reclamation that copies everything: nothing may be lost. */
        ROOMY(new Setting(StoreFixture.config(512, 1024, 2), 150, 0, 300, MINUTE, false)),
        LONG_LIVED(new Setting(StoreFixture.config(128, 1024, 2), 150, 0, 300, DAY, true));

        final Setting setting;

        Kind(Setting setting) {
            this.setting = setting;
        }
    }

    static Stream<Arguments> offHeap() {
        return Arrays.stream(Kind.values()).map(kind -> Arguments.of(kind));
    }

    @ParameterizedTest
    @MethodSource("offHeap")
    void operations_onOffHeapMemory_meanTheSame(Kind kind) {
        run(kind, OffHeapMemory::allocate, 0);
    }

    @ParameterizedTest
    @MethodSource("offHeap")
    void operations_onHeapMemory_meanTheSame(Kind kind) {
        run(kind, HeapMemory::allocate, SEEDS);
    }

    private static void run(Kind kind, LongFunction<Memory> allocator, long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + SEEDS; seed++) {
            ModelRun run = new ModelRun(kind.setting, allocator, new ShardAssembly(), seed);
            try {
                run.run(OPERATIONS);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
            StoreStats stats = run.fixture().store.stats();
            System.out.println(
                    kind
                            + " "
                            + seed
                            + " lost="
                            + run.lost
                            + " busy="
                            + run.busy
                            + " "
                            + stats
                            + " buckets "
                            + run.fixture().shards.get(0).index.primaryBuckets());
            assertThat(stats.relocations()).isPositive();
        }
    }
}

package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.server.memory.HeapMemory;
import io.larder.server.memory.Memory;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.store.ModelRun.Setting;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random operations mean the same on the store as on a plain map, on both kinds of memory. */
@Tag("slow")
class StoreAgainstMapTest {
    private static final int TWIN_SEEDS = 50;
    private static final int OPERATIONS = 10_000;
    private static final int SEEDS = 3;
    private static final int MINUTE = 60_000;
    private static final int DAY = 1440 * MINUTE;

    /** A store's size and what it is to go through. */
    private enum Kind {
        /** Room for a third of the keys. */
        CRAMPED(new Setting(StoreFixture.config(20, 512, 1), 120, 0, 100, MINUTE, true)),
        TWO_SHARDS(new Setting(StoreFixture.config(64, 512, 2), 150, 0, 200, MINUTE, true)),
        /** Chains at their cap and beyond. */
        COLLIDING(new Setting(StoreFixture.config(64, 512, 1), 150, 31, 60, MINUTE, true)),
        /** Values filled outside the lock. */
        LARGE(new Setting(StoreFixture.config(24, 8192, 2), 40, 0, 8000, MINUTE, true)),
        /** Values of many segments. */
        CHAINED(new Setting(StoreFixture.config(160, 512, 2), 150, 0, 2500, MINUTE, true)),
        /** Room for everything, and reclamation that copies everything: nothing may be lost. */
        ROOMY(new Setting(StoreFixture.config(512, 1024, 2), 150, 0, 300, MINUTE, false)),
        LONG_LIVED(new Setting(StoreFixture.config(128, 1024, 2), 150, 0, 300, DAY, true));

        final Setting setting;

        Kind(Setting setting) {
            this.setting = setting;
        }
    }

    @ParameterizedTest
    @EnumSource
    void operations_onOffHeapMemory_meanTheSame(Kind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            run(kind, OffHeapMemory::allocate, seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void operations_onHeapMemory_meanTheSame(Kind kind) {
        for (long seed = SEEDS; seed < 2 * SEEDS; seed++) {
            run(kind, HeapMemory::allocate, seed);
        }
    }

    private static void run(Kind kind, LongFunction<Memory> allocator, long seed) {
        ModelRun run = new ModelRun(kind.setting, allocator, new ShardAssembly(), seed);
        try {
            run.run(OPERATIONS);
            checkExercised(kind, run);
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** Nothing can be concluded from a run in which nothing happened. */
    private static void checkExercised(Kind kind, ModelRun run) {
        StoreStats stats = run.fixture().store.stats();
        // The heads of long values fill few segments.
        assertThat(stats.relocations()).isGreaterThan(kind == Kind.CHAINED ? 0 : 20);
        assertThat(stats.expirations()).isGreaterThan(50);
        assertThat(stats.hits()).isGreaterThan(1000);
        assertThat(stats.misses()).isGreaterThan(1000);
        assertThat(run.fixture().shards.get(0).index.primaryBuckets()).isGreaterThan(8);
        if (kind.setting.evicts()) {
            assertThat(run.lost).isGreaterThan(kind == Kind.CHAINED ? 0 : 10);
        } else {
            assertThat(stats.evictions()).isZero();
            assertThat(run.busy).isZero();
        }
        if (kind == Kind.CRAMPED) {
            assertThat(run.busy).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SOURCE_NOT_MARKED_DEAD", "TOUCH_LOST_BY_MOVE"})
    void twin_thatNeedsNoOtherThread_isCaught(Twin twin) {
        assertThatThrownBy(() -> runWithManySeeds(twin)).isInstanceOf(AssertionError.class);
    }

    private static void runWithManySeeds(Twin twin) {
        for (int seed = 0; seed < TWIN_SEEDS; seed++) {
            ModelRun.Setting setting = Kind.TWO_SHARDS.setting;
            new ModelRun(setting, HeapMemory::allocate, twin.assembly(), seed).run(OPERATIONS);
        }
    }
}

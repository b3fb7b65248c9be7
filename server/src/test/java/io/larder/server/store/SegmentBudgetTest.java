package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.HeapMemory;
import io.larder.server.memory.SegmentPool;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class SegmentBudgetTest {
    private static final int SEGMENT_BYTES = 64;
    private static final int SEGMENTS = 32;
    private static final int RESERVED = 1;

    /** Reserved, and two. */
    private static final int LOW_WATERMARK = 3;

    private static SegmentBudget budget(int segments) {
        return new SegmentBudget(
                HeapMemory.allocate(SEGMENTS * SEGMENT_BYTES),
                SEGMENT_BYTES,
                RESERVED,
                bytes(segments));
    }

    private static long bytes(int segments) {
        return (long) segments * SEGMENT_BYTES;
    }

    private static void takeAll(SegmentPool pool) {
        while (pool.free() > 0) {
            assertThat(pool.take(0)).isNotNegative();
        }
    }

    @Test
    void arena_largerThanTheLimit_isWithheldFromItsEnd() {
        SegmentBudget budget = budget(20);

        assertThat(budget.pool().free()).isEqualTo(20);
        assertThat(budget.withheld()).isEqualTo(12);
        assertThat(budget.owed()).isZero();
        for (int segment = 0; segment < 20; segment++) {
            assertThat(budget.pool().take(0)).isEqualTo(segment);
        }
        assertThat(budget.pool().take(0)).isEqualTo(SegmentTable.NONE);

        budget.limit(bytes(21));

        assertThat(budget.pool().take(0)).isEqualTo(20);
    }

    @Test
    void whatWasFoundBeyondTheLimit_leavesWhatAnIndexNeedsFree_andTheRestIsOwed() {
        int taken = 26;
        int needed = 2;
        SegmentBudget budget =
                new SegmentBudget(
                        HeapMemory.allocate(SEGMENTS * SEGMENT_BYTES),
                        SEGMENT_BYTES,
                        RESERVED,
                        bytes(20),
                        segment -> segment < taken,
                        needed);

        assertThat(budget.pool().free()).isEqualTo(needed + LOW_WATERMARK);
        assertThat(budget.withheld()).isEqualTo(SEGMENTS - taken - needed - LOW_WATERMARK);
        assertThat(budget.owed()).isEqualTo(SEGMENTS - 20 - budget.withheld());
        assertThat(budget.pool().take(0)).isEqualTo(taken);
    }

    @Test
    void limit_lowered_withholdsWhatIsFree_downToTheLowWatermark() {
        SegmentBudget budget = budget(SEGMENTS);

        budget.limit(bytes(10));

        assertThat(budget.withheld()).isEqualTo(SEGMENTS - 10);
        assertThat(budget.pool().free()).isEqualTo(10);
        assertThat(budget.owed()).isZero();

        for (int taken = 0; taken < 5; taken++) {
            budget.pool().take(0);
        }
        budget.limit(bytes(5));

        assertThat(budget.pool().free()).isEqualTo(LOW_WATERMARK);
        assertThat(budget.owed()).isEqualTo(3);
    }

    @Test
    void reclaimed_whileFewAreFree_isWithheldEverySecondTime() {
        SegmentBudget budget = budget(SEGMENTS);
        takeAll(budget.pool());
        budget.limit(bytes(SEGMENTS - 2));
        List<Integer> withheld = new ArrayList<>();
        for (int segment = 0; segment < 6; segment++) {
            budget.pool().give(segment);
            budget.collectReclaimed();
            withheld.add(budget.withheld());
        }

        assertThat(withheld).containsExactly(0, 1, 1, 2, 2, 2);
        assertThat(budget.pool().free()).isEqualTo(4);
        assertThat(budget.owed()).isZero();
    }

    @Test
    void copiesReserve_isNotWithheld() {
        SegmentBudget budget = budget(SEGMENTS);
        takeAll(budget.pool());
        budget.limit(bytes(SEGMENTS - 2));
        budget.pool().give(0);
        for (int i = 0; i < 10; i++) {
            budget.collectReclaimed();
        }

        assertThat(budget.pool().free()).isEqualTo(RESERVED);
        assertThat(budget.withheld()).isZero();
    }

    @Test
    void limit_raisedBeforeTheLowerOneIsReached_owesLess() {
        SegmentBudget budget = budget(SEGMENTS);
        takeAll(budget.pool());
        budget.limit(bytes(10));
        assertThat(budget.owed()).isEqualTo(22);

        budget.limit(bytes(30));

        assertThat(budget.owed()).isEqualTo(2);
        assertThat(budget.pool().free()).isZero();
    }

    @Test
    void watermarks_followTheLimit() {
        StoreConfig config = new StoreConfig(1 << 20, 4 << 20, 1, 1024, 1, 2, 2);
        ShardedStore store =
                ShardedStore.open(
                        config,
                        HeapMemory::allocate,
                        () -> 1,
                        HitSink.FREQUENCY,
                        new SpaceReclaimer() {
                            @Override
                            public void request(int shard) {}

                            @Override
                            public boolean help(int shard) {
                                return false;
                            }
                        },
                        shard -> new SurvivalPolicy());
        assertThat(store.lowWatermark()).isEqualTo(2 + 16);
        assertThat(store.highWatermark()).isEqualTo(2 + 16 + 8);
        assertThat(store.valueBytesMax()).isEqualTo(256 << 10);

        store.setMemoryLimit(4 << 20);

        assertThat(store.lowWatermark()).isEqualTo(2 + 64);
        assertThat(store.highWatermark()).isEqualTo(2 + 64 + 32);
        assertThat(store.valueBytesMax()).isEqualTo(1 << 20);
        assertThat(store.stats().memoryLimitBytes()).isEqualTo(4 << 20);
    }

    @Test
    void limitChanges_amongTakersAndCollectors_loseNoSegmentAndDoubleNone() throws Exception {
        SegmentBudget budget = budget(SEGMENTS);
        SegmentPool pool = budget.pool();
        AtomicIntegerArray holders = new AtomicIntegerArray(SEGMENTS);
        AtomicBoolean done = new AtomicBoolean();
        Callable<Integer> churn =
                () -> {
                    int taken = 0;
                    while (!done.get()) {
                        int segment = pool.take(RESERVED);
                        if (segment != SegmentTable.NONE) {
                            taken++;
                            assertThat(holders.incrementAndGet(segment)).isEqualTo(1);
                            holders.decrementAndGet(segment);
                            pool.give(segment);
                            budget.collectReclaimed();
                        }
                    }
                    return taken;
                };
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<Future<Integer>> churns = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                churns.add(threads.submit(churn));
            }
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 20_000; i++) {
                budget.limit(bytes(random.nextInt(4, SEGMENTS + 1)));
            }
            done.set(true);
            for (Future<Integer> result : churns) {
                assertThat(result.get()).isPositive();
            }
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
        budget.limit(bytes(SEGMENTS / 2));

        assertThat(budget.withheld()).isEqualTo(SEGMENTS / 2);
        assertThat(pool.free()).isEqualTo(SEGMENTS / 2);

        budget.limit(bytes(SEGMENTS));
        AtomicIntegerArray seen = new AtomicIntegerArray(SEGMENTS);
        for (int i = 0; i < SEGMENTS; i++) {
            assertThat(seen.incrementAndGet(pool.take(0))).isEqualTo(1);
        }
    }
}

package io.larder.server.store;

import static io.larder.server.store.StoreFixture.ALL_SURVIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.OffHeapMemory;
import io.larder.server.memory.Slice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scans and snapshots beside writers, splits and compaction, on real memory. */
class ConcurrentScanTest {
    private static final int SHARDS = 4;
    private static final int STAYING = 400;
    private static final int SCANS = 40;
    private static final int SNAPSHOTS = 25;
    private static final int PAIRS = 3;

    private final ShardedStore store =
            ShardedStore.open(
                    StoreFixture.config(1024, 4096, SHARDS),
                    OffHeapMemory::allocate,
                    () -> 1,
                    StoreFixture.NO_HITS,
                    new NoReclaimer(),
                    shard -> everythingSurvives());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean over;

    private static final class NoReclaimer implements SpaceReclaimer {
        @Override
        public void request(int shard) {}

        @Override
        public boolean help(int shard) {
            return false;
        }
    }

    private static ShardPolicy everythingSurvives() {
        SurvivalPolicy policy = new SurvivalPolicy();
        policy.survival = ALL_SURVIVE;
        policy.compacting = true;
        policy.fillingHoles = true;
        return policy;
    }

    @AfterEach
    void stop() {
        over = true;
        threads.shutdownNow();
    }

    @Test
    void scan_besideWritersAndCompaction_findsEveryItemThatStays() throws Exception {
        for (int key = 0; key < STAYING; key++) {
            put(new Mutation(), key, key);
        }
        List<Future<?>> others = disturb();

        List<Integer> missed = new ArrayList<>();
        for (int round = 0; round < SCANS; round++) {
            Map<Integer, Integer> found = scan();
            IntStream.range(0, STAYING)
                    .filter(key -> !Integer.valueOf(key).equals(found.get(key)))
                    .forEach(missed::add);
        }

        end(others);
        assertThat(missed).isEmpty();
    }

    /** Each pair's first key is written before its second, with the same number. */
    @Test
    void snapshot_besideWriters_neverHasAnEffectWithoutItsCause() throws Exception {
        List<Future<?>> others = disturb();
        for (int pair = 0; pair < PAIRS; pair++) {
            int first = -2 - 2 * pair;
            put(new Mutation(), first, 0);
            put(new Mutation(), first + 1, 0);
            others.add(threads.submit(() -> writePairs(first)));
        }

        int moved = 0;
        for (int round = 0; round < SNAPSHOTS; round++) {
            Map<Integer, Integer> cut = snapshot();
            for (int pair = 0; pair < PAIRS; pair++) {
                int first = cut.get(-2 - 2 * pair);
                int second = cut.get(-1 - 2 * pair);
                assertThat(first - second).as("%d, then %d", first, second).isBetween(0, 1);
                moved = Math.max(moved, second);
            }
        }

        end(others);
        assertThat(moved).isPositive();
    }

    private Void writePairs(int first) {
        Mutation mutation = new Mutation();
        for (int number = 1; !over; number++) {
            put(mutation, first, number);
            put(mutation, first + 1, number);
        }
        return null;
    }

    /** Puts and deletes others' keys, so that the index splits, and has everything moved on. */
    private List<Future<?>> disturb() {
        List<Future<?>> others = new ArrayList<>();
        others.add(threads.submit(() -> writeOthers(new Random(1))));
        others.add(threads.submit(() -> writeOthers(new Random(2))));
        Callable<Void> compaction =
                () -> {
                    for (int shard = 0; !over; shard = (shard + 1) % SHARDS) {
                        store.reclaim(shard, Liveness.ALL);
                    }
                    return null;
                };
        others.add(threads.submit(compaction));
        return others;
    }

    private Void writeOthers(Random random) {
        Mutation mutation = new Mutation();
        while (!over) {
            int key = STAYING + random.nextInt(4000);
            if (random.nextInt(4) > 0) {
                put(mutation, key, key);
            } else {
                keyOf(mutation, key);
                store.delete(mutation.reset(), 1);
            }
        }
        return null;
    }

    private void end(List<Future<?>> others) throws Exception {
        over = true;
        for (Future<?> other : others) {
            other.get();
        }
    }

    private void put(Mutation mutation, int key, int number) {
        keyOf(mutation, key);
        mutation.value.wrap(StoreFixture.keyBytes(number), 0, Integer.BYTES);
        WriteStatus status;
        do {
            status = store.put(mutation.reset(), 1);
        } while (status == WriteStatus.BUSY && key < STAYING && !over);
    }

    private void keyOf(Mutation mutation, int key) {
        mutation.key.wrap(store.hasher(), StoreFixture.SPACE, StoreFixture.keyBytes(key));
    }

    private Map<Integer, Integer> scan() {
        Map<Integer, Integer> found = new HashMap<>();
        Scan scan = new Scan();
        scan.withValues = true;
        scan.bucketsMax = 16;
        do {
            store.scan(scan, 1, item -> keep(found, item));
        } while (scan.cursor != Scan.END);
        return found;
    }

    private static boolean keep(Map<Integer, Integer> found, ScannedItem item) {
        found.put(number(item.key()), number(item.value()));
        return true;
    }

    private Map<Integer, Integer> snapshot() throws IOException {
        Map<Integer, Integer> found = new HashMap<>();
        SnapshotItem item = new SnapshotItem();
        store.snapshot(
                1,
                Liveness.ALL,
                (block, length, items) -> {
                    for (int offset = 0; offset < length; ) {
                        offset = item.wrap(block, offset, length);
                        Integer before = found.put(number(item.key()), number(item.value()));
                        assertThat(before).as("key that comes twice").isNull();
                    }
                });
        return found;
    }

    private static int number(Slice bytes) {
        return ByteBuffer.wrap(bytes.toByteArray()).getInt();
    }
}

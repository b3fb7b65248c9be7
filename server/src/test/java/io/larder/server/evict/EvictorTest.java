package io.larder.server.evict;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.OffHeapMemory;
import io.larder.server.policy.Admission;
import io.larder.server.store.HitSink;
import io.larder.server.store.Key;
import io.larder.server.store.Liveness;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.StoreConfig;
import io.larder.server.store.WriteStatus;
import io.larder.server.work.MaintenancePool;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvictorTest {
    private static final int SEGMENT_BYTES = 1024;
    private static final int REFUSED_MAX = 1000;
    private static final StoreConfig CONFIG =
            new StoreConfig(256 * SEGMENT_BYTES, 4, SEGMENT_BYTES, 1, 2, 2);

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final Evictor evictor = new Evictor();
    private final Admission admission = Admission.ofBudget(CONFIG.memoryBytes(), CONFIG.shards());
    private final MaintenancePool pool = new MaintenancePool(2, errors::add);
    private final ShardedStore store =
            ShardedStore.open(
                    CONFIG,
                    OffHeapMemory::allocate,
                    () -> 1,
                    HitSink.FREQUENCY,
                    evictor,
                    shard -> Evictor.policy(admission, shard));

    @AfterEach
    void close() {
        pool.close();
        assertThat(errors).isEmpty();
    }

    private WriteStatus put(String key) {
        return put(key, 100);
    }

    private WriteStatus put(String key, int valueLength) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), 1, key.getBytes(StandardCharsets.US_ASCII));
        mutation.value.wrap(new byte[valueLength], 0, valueLength);
        return store.put(mutation, 1);
    }

    private boolean has(String key) {
        Key wrapped = new Key().wrap(store.hasher(), 1, key.getBytes(StandardCharsets.US_ASCII));
        return store.get(wrapped, 1, item -> {}) == ReadStatus.HIT;
    }

    private void attach() {
        evictor.attach(store, pool, Liveness.ALL, shard -> budget -> 0, errors::add);
    }

    /** Keeps all workers busy until the latch opens. */
    private CountDownLatch occupyPool() {
        CountDownLatch release = new CountDownLatch(1);
        for (int worker = 0; worker < 2; worker++) {
            pool.execute(() -> awaitQuietly(release));
        }
        return release;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void put_beforeAnEvictorIsAttached_isBusyOnceTheStoreIsFull() {
        int number = 0;
        while (put("key" + number) == WriteStatus.DONE) {
            number++;
        }

        assertThat(number).isGreaterThan(1000);
        assertThat(evictor.help(0)).isFalse();
        assertThat(has("key0")).isTrue();
    }

    @Test
    void put_ofAnyNumberOfKeys_isDone_whileWorkersKeepSegmentsFree() {
        attach();
        for (int number = 0; number < 20_000; number++) {
            // Both workers may be at it and be held up: then, and only then, a put is refused.
            int refused = 0;
            while (put("key" + number) != WriteStatus.DONE) {
                assertThat(++refused).isLessThan(REFUSED_MAX);
            }
        }

        assertThat(has("key19999")).isTrue();
        assertThat(has("key0")).isFalse();
        assertThat(store.stats().evictions()).isGreaterThan(10_000);
        Awaitility.await().until(() -> store.segmentsFree() >= store.lowWatermark());
    }

    @Test
    void put_whileAllWorkersAreBusy_helpsItself() {
        attach();
        CountDownLatch release = occupyPool();
        int busy = 0;
        for (int number = 0; number < 5_000; number++) {
            busy += put("key" + number) == WriteStatus.DONE ? 0 : 1;
        }

        assertThat(busy).isZero();
        assertThat(has("key4999")).isTrue();
        release.countDown();
    }

    @Test
    void put_afterThePoolIsClosed_stillHelpsItself() {
        attach();
        pool.close();
        int busy = 0;
        for (int number = 0; number < 5_000; number++) {
            busy += put("key" + number) == WriteStatus.DONE ? 0 : 1;
        }

        assertThat(busy).isZero();
    }

    @Test
    void put_ofItemsOfWhichASegmentHoldsOne_isDone() {
        attach();
        pool.close();
        int busy = 0;
        for (int number = 0; number < 2_000; number++) {
            busy += put("key" + number, SEGMENT_BYTES / 2) == WriteStatus.DONE ? 0 : 1;
        }

        assertThat(busy).isZero();
        assertThat(store.stats().evictions()).isGreaterThan(1_000);
    }

    @Test
    void keyReadAgainAndAgain_survivesEverythingElse() {
        attach();
        pool.close();
        put("hot");
        put("cold");
        int missed = 0;
        for (int number = 0; number < 20_000; number++) {
            missed += has("hot") ? 0 : 1;
            put("key" + number);
        }

        assertThat(missed).isZero();
        assertThat(has("cold")).isFalse();
        assertThat(store.stats().relocations()).isPositive();
    }

    @Test
    void request_belowTheLowWatermark_isServedUpToTheHighOne() {
        attach();
        CountDownLatch release = occupyPool();
        int number = 0;
        while (store.segmentsFree() >= store.lowWatermark()) {
            put("key" + number++);
        }
        assertThat(store.stats().evictions()).isZero();

        release.countDown();
        evictor.request(0);

        Awaitility.await().until(() -> store.segmentsFree() >= store.highWatermark());
        assertThat(store.stats().evictions()).isPositive();
    }

    @Test
    void sweep_wantedOnce_passesOverTheWholeShardOnce() {
        attach();
        for (int number = 0; number < 500; number++) {
            put("key" + number);
        }
        SweepTask[] sweeps = new SweepTask[store.shardCount()];
        for (int shard = 0; shard < sweeps.length; shard++) {
            sweeps[shard] = new SweepTask(store, shard, (space, version) -> space != 1);
            sweeps[shard].want();
            while (sweeps[shard].run(1) > 0) {
                assertThat(store.stats().evictions()).isZero();
            }
        }

        assertThat(store.stats().items()).isZero();
        assertThat(has("key0")).isFalse();
    }

    /** Items that a round has passed already when it is wanted again are seen by the next. */
    @Test
    void sweep_wantedDuringARound_doesAnother() {
        SweepTask[] self = new SweepTask[1];
        int[] asked = {0};
        self[0] =
                new SweepTask(
                        store,
                        0,
                        (space, version) -> {
                            if (asked[0]++ == 0) {
                                self[0].want();
                            }
                            return true;
                        });
        for (int number = 0; number < 50; number++) {
            put("key" + number);
        }

        sweep(self[0]);
        int wantedTwice = asked[0];
        sweep(self[0]);

        assertThat(wantedTwice).isEqualTo(2 * (asked[0] - wantedTwice)).isPositive();
    }

    private static void sweep(SweepTask task) {
        task.want();
        while (task.run(1) > 0) {
            assertThat(task.run(0)).isPositive(); // without a budget, nothing
        }
    }
}

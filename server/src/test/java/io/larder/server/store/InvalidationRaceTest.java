package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.OffHeapMemory;
import io.larder.server.memory.Slice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Readers, writers, counters and a sweep beside invalidations, round after round. Each round's
 * values say their round, so what was there before an acknowledged invalidation shows.
 */
class InvalidationRaceTest {
    private static final int KEYS = 64;
    private static final int ROUNDS = 300;
    private static final long OLD = 1_000_000_000L;
    private static final byte[] PREFIX = {'k'};

    private final StoreFixture fixture =
            new StoreFixture(
                    StoreFixture.config(256, 4096, 4),
                    OffHeapMemory::allocate,
                    StoreFixture.NO_HITS,
                    new ShardAssembly());
    private final ShardedStore store = fixture.store;
    private final long tag =
            store.hasher()
                    .tag(StoreFixture.SPACE, Slice.of("t".getBytes(StandardCharsets.US_ASCII)));
    private final CyclicBarrier round = new CyclicBarrier(5);
    private final AtomicInteger acknowledged = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasThereBefore_isNeverReadAfterTheAcknowledgement(boolean byTag) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(5);
        try {
            List<Future<Void>> all =
                    threads.invokeAll(
                            List.of(
                                    inRounds(this::prepare, now -> invalidate(now, byTag)),
                                    inRounds(now -> {}, this::read),
                                    inRounds(now -> {}, this::write),
                                    inRounds(now -> {}, this::count),
                                    inRounds(now -> {}, now -> fixture.sweep())),
                            2,
                            TimeUnit.MINUTES);
            for (Future<Void> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        StoreAudit.check(fixture);
        assertThat(acknowledged).hasValue(ROUNDS);
    }

    private interface Part {
        void play(int now);
    }

    private Callable<Void> inRounds(Part before, Part part) {
        return () -> {
            try {
                for (int now = 1; now <= ROUNDS; now++) {
                    before.play(now);
                    round.await();
                    part.play(now);
                    round.await();
                }
            } catch (BrokenBarrierException e) {
                // Another part has failed and says why.
            } catch (Throwable e) {
                round.reset();
                throw e;
            }
            return null;
        };
    }

    private static byte[] keyOf(int number) {
        return new byte[] {'k', (byte) number};
    }

    private Mutation mutation(int number, long value) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), StoreFixture.SPACE, keyOf(number));
        mutation.value.wrap(new byte[0], 0, 0);
        byte[] text = Long.toString(value).getBytes(StandardCharsets.US_ASCII);
        mutation.value.wrap(text, 0, text.length);
        mutation.addTag(tag);
        return mutation;
    }

    /**
     * Every key holds what this round's invalidation is to end; the counter holds a large number.
     */
    private void prepare(int now) {
        for (int key = 0; key < KEYS; key++) {
            WriteStatus status = store.put(mutation(key, key == 0 ? OLD : now), 1);
            while (status == WriteStatus.BUSY) {
                reclaim();
                status = store.put(mutation(key, key == 0 ? OLD : now), 1);
            }
        }
    }

    private void reclaim() {
        for (int shard = 0; shard < 4; shard++) {
            fixture.reclaim(shard, StoreFixture.ALL_SURVIVE);
        }
    }

    private void invalidate(int now, boolean byTag) {
        WriteStatus status =
                byTag
                        ? store.invalidateTag(StoreFixture.SPACE, tag, 1)
                        : store.invalidatePrefix(StoreFixture.SPACE, Slice.of(PREFIX), 1);
        assertThat(status).isEqualTo(WriteStatus.DONE);
        acknowledged.set(now);
    }

    private void read(int now) {
        Key key = new Key();
        StoreFixture.Reading reading = new StoreFixture.Reading();
        boolean last = false;
        while (!last) {
            last = acknowledged.get() == now;
            for (int number = 1; number < KEYS; number++) {
                int before = acknowledged.get();
                key.wrap(store.hasher(), StoreFixture.SPACE, keyOf(number));
                if (store.get(key, 1, reading) == ReadStatus.HIT) {
                    assertThat(Long.parseLong(reading.outcome().value()))
                            .as("round of key %d's value, %d acknowledged", number, before)
                            .isGreaterThan(before);
                }
            }
        }
    }

    /** Values of the next round, which may be there or not. */
    private void write(int now) {
        for (int key = 1; key < KEYS; key += 2) {
            store.put(mutation(key, now + 1), 1);
        }
    }

    /** Whatever the counter counts on from, the old number is not found afterwards. */
    private void count(int now) {
        for (int i = 0; i < 50; i++) {
            Mutation mutation = mutation(0, 0);
            mutation.delta = 1;
            mutation.createIfAbsent = true;
            boolean after = acknowledged.get() == now;
            if (store.increment(mutation, 1) == WriteStatus.DONE && after) {
                assertThat(mutation.number).isLessThan(OLD);
            }
        }
    }
}

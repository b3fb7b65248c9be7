package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.evict.Evictor;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.store.StoreFixture.Outcome;
import io.larder.server.store.StoreFixture.Reading;
import io.larder.server.work.MaintenancePool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Real threads on real memory with real eviction. Each key has one owner, who alone writes it and
 * so knows what a read may find: the last value, or a miss for good until the next write. Everybody
 * reads everybody's keys: what they find must be whole and never older than what they found before.
 */
class ConcurrentStoreTest {
    private static final int THREADS = 3;
    private static final int KEYS_EACH = 150;
    private static final int OPERATIONS = 200_000;
    private static final int SEGMENT_BYTES = 1024;
    private static final StoreConfig CONFIG =
            new StoreConfig(96 * SEGMENT_BYTES, 4, SEGMENT_BYTES, 0x5eed, 0xcafe, 3);

    private final StoreFixture fixture =
            new StoreFixture(
                    CONFIG, OffHeapMemory::allocate, HitSink.FREQUENCY, new ShardAssembly());

    /** A thread that owns some keys. */
    private final class Owner {
        private final int id;
        private final Random random;
        private final String[] expected = new String[KEYS_EACH];
        private final long[] newestSeen = new long[THREADS * KEYS_EACH];
        private final Mutation mutation = new Mutation();
        private final Key key = new Key();
        private final Reading reading = new Reading();
        private int hits;

        Owner(int id, long seed) {
            this.id = id;
            this.random = new Random(seed + id);
        }

        int run() {
            for (int i = 0; i < OPERATIONS; i++) {
                int which = random.nextInt(KEYS_EACH);
                switch (random.nextInt(8)) {
                    case 0, 1 -> put(which, i);
                    case 2 -> delete(which);
                    case 3, 4 -> readOwn(which);
                    default -> readAny(random.nextInt(THREADS * KEYS_EACH));
                }
            }
            return hits;
        }

        private void put(int which, int sequence) {
            int number = id * KEYS_EACH + which;
            String value = number + ":" + sequence + ":" + "x".repeat(random.nextInt(80)) + ".";
            byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
            of(number).value.wrap(bytes, 0, bytes.length);
            if (fixture.store.put(mutation, fixture.now) == WriteStatus.DONE) {
                expected[which] = value;
            }
        }

        private void delete(int which) {
            WriteStatus status = fixture.store.delete(of(id * KEYS_EACH + which), fixture.now);
            if (expected[which] == null) {
                assertThat(status).isEqualTo(WriteStatus.MISSING);
            }
            expected[which] = null;
        }

        private void readOwn(int which) {
            Outcome found = read(id * KEYS_EACH + which);
            if (found.isHit()) {
                assertThat(found.value()).isEqualTo(expected[which]);
            } else {
                expected[which] = null;
            }
        }

        private void readAny(int number) {
            Outcome found = read(number);
            if (!found.isHit()) {
                return;
            }
            hits++;
            assertThat(found.value()).startsWith(number + ":").endsWith(".");
            assertThat(found.version()).isGreaterThanOrEqualTo(newestSeen[number]);
            newestSeen[number] = found.version();
        }

        private Outcome read(int number) {
            key.wrap(fixture.store.hasher(), StoreFixture.SPACE, StoreFixture.keyBytes(number));
            return fixture.store.get(key, fixture.now, reading) == ReadStatus.HIT
                    ? reading.outcome()
                    : Outcome.MISS;
        }

        private Mutation of(int number) {
            mutation.reset();
            mutation.key.wrap(
                    fixture.store.hasher(), StoreFixture.SPACE, StoreFixture.keyBytes(number));
            return mutation;
        }
    }

    private static void keepWhatIsRead(SurvivalPolicy policy) {
        policy.survival = (freq, itemBytes) -> freq > 0;
        policy.fillingHoles = true;
    }

    @Test
    void owners_findWhatTheyWroteOrNothing_andNobodyFindsPieces() throws Exception {
        long seed = System.nanoTime();
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        Evictor evictor = new Evictor();
        fixture.reclaimer = evictor;
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (MaintenancePool pool = new MaintenancePool(2, errors::add)) {
            fixture.policies.forEach(ConcurrentStoreTest::keepWhatIsRead);
            evictor.attach(fixture.store, pool, Liveness.ALL, shard -> budget -> 0, errors::add);
            List<Future<Integer>> running = new ArrayList<>();
            for (int id = 0; id < THREADS; id++) {
                running.add(threads.submit(new Owner(id, seed)::run));
            }
            for (Future<Integer> each : running) {
                assertThat(each.get(120, TimeUnit.SECONDS)).isPositive();
            }
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        } finally {
            threads.shutdownNow();
        }
        assertThat(errors).as("seed %d", seed).isEmpty();
        StoreAudit.check(fixture);
        StoreStats stats = fixture.store.stats();
        assertThat(stats.evictions()).isPositive();
        assertThat(stats.relocations()).isPositive();
    }
}

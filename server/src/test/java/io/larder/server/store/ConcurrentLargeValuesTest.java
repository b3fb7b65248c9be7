package io.larder.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.evict.Evictor;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.work.MaintenancePool;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/**
 * Real threads overwrite, delete and read values of up to nine segments in a store that has room
 * for a part of them. A value is one number over and over, the key's version by its writers' count:
 * whoever reads one must find it whole, and no older than what was there when the read began.
 */
class ConcurrentLargeValuesTest {
    private static final int THREADS = 3;
    private static final int KEYS = 90;
    private static final int OPERATIONS = 10_000;
    private static final int SEGMENT_BYTES = 1024;
    private static final int VALUE_BYTES_MAX = 9 * SEGMENT_BYTES;
    private static final StoreConfig CONFIG =
            new StoreConfig(256 * SEGMENT_BYTES, 4, SEGMENT_BYTES, 0x5eed, 0xcafe, 3);

    private final StoreFixture fixture =
            new StoreFixture(
                    CONFIG, OffHeapMemory::allocate, HitSink.FREQUENCY, new ShardAssembly());

    /** What each key's only writer has written, before it writes the next. */
    private final AtomicIntegerArray done = new AtomicIntegerArray(KEYS);

    private int run(int id, long seed) {
        Random random = new Random(seed + id);
        Mutation mutation = new Mutation();
        byte[] bytes = new byte[VALUE_BYTES_MAX];
        int hits = 0;
        for (int i = 1; i <= OPERATIONS; i++) {
            int own = random.nextInt(KEYS / THREADS) * THREADS + id;
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    int length = 1 + random.nextInt(VALUE_BYTES_MAX);
                    for (int at = 0; at < length; at++) {
                        bytes[at] = (byte) (i >>> 8 * (at & 3));
                    }
                    wrap(mutation.reset().key, own);
                    mutation.value.wrap(bytes, 0, length);
                    if (fixture.store.put(mutation, fixture.now) == WriteStatus.DONE) {
                        done.set(own, i);
                    }
                }
                case 3 -> fixture.store.delete(of(mutation, own), fixture.now);
                default -> hits += read(mutation.key, random.nextInt(KEYS), random.nextBoolean());
            }
        }
        return hits;
    }

    private int read(Key key, int number, boolean inPieces) {
        int atLeast = done.get(number);
        byte[][] copy = new byte[1][];
        LargeValue[] retained = new LargeValue[1];
        ValueSink sink =
                item -> {
                    if (inPieces && item.isLarge()) {
                        retained[0] = item.retain();
                    } else {
                        copy[0] = new byte[item.valueLength()];
                        item.copyTo(copy[0], 0);
                    }
                };
        if (fixture.store.get(wrap(key, number), fixture.now, sink) == ReadStatus.MISS) {
            return 0;
        }
        if (retained[0] != null) {
            try (LargeValue value = retained[0]) {
                copy[0] = new byte[value.length()];
                for (int at = 0; at < value.length(); at += 700) {
                    value.copyTo(at, copy[0], at, Math.min(700, value.length() - at));
                }
            }
        }
        byte[] value = copy[0];
        int written = 0;
        for (int at = 0; at < value.length; at++) {
            if (at < 4) {
                written |= (value[at] & 0xFF) << 8 * at;
            } else {
                assertThat(value[at]).isEqualTo(value[at & 3]);
            }
        }
        if (value.length >= 4) {
            assertThat(written).isGreaterThanOrEqualTo(atLeast);
        }
        return 1;
    }

    private Mutation of(Mutation mutation, int number) {
        wrap(mutation.reset().key, number);
        return mutation;
    }

    private Key wrap(Key key, int number) {
        return key.wrap(fixture.store.hasher(), StoreFixture.SPACE, StoreFixture.keyBytes(number));
    }

    @Test
    void values_areFoundWhole_andAllSegmentsComeBack() throws Exception {
        long seed = System.nanoTime();
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        Evictor evictor = new Evictor();
        fixture.reclaimer = evictor;
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (MaintenancePool pool = new MaintenancePool(1, errors::add)) {
            evictor.attach(fixture.store, pool, Liveness.ALL, shard -> budget -> 0, errors::add);
            List<Future<Integer>> running = new ArrayList<>();
            for (int id = 0; id < THREADS; id++) {
                int thread = id;
                running.add(threads.submit(() -> run(thread, seed)));
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
        assertThat(fixture.store.stats().evictions()).isPositive();
        StoreAudit.check(fixture);

        Mutation mutation = new Mutation();
        for (int number = 0; number < KEYS; number++) {
            fixture.store.delete(of(mutation, number), fixture.now);
        }
        StoreAudit.check(fixture);
        assertThat(fixture.shards.stream().mapToInt(it -> it.account.chainSegments()))
                .containsOnly(0);
    }
}

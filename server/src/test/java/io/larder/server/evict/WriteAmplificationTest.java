package io.larder.server.evict;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.server.memory.OffHeapMemory;
import io.larder.server.policy.Admission;
import io.larder.server.store.HitSink;
import io.larder.server.store.Liveness;
import io.larder.server.store.Mutation;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.StoreConfig;
import io.larder.server.store.StoreStats;
import io.larder.server.store.WriteStatus;
import io.larder.server.work.MaintenancePool;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What overwriting costs a store that is nearly full, and that it costs no live item. */
class WriteAmplificationTest {
    private static final StoreConfig CONFIG = new StoreConfig(64 << 20, 4, 64 << 10, 1, 2, 2);
    private static final int VALUE_BYTES_MAX = 1_000;

    private final List<Throwable> errors = new ArrayList<>();
    private final Evictor evictor = new Evictor();
    private final MaintenancePool pool = new MaintenancePool(1, errors::add);
    private final Admission admission = Admission.ofBudget(CONFIG.memoryBytes(), CONFIG.shards());
    private final ShardedStore store =
            ShardedStore.open(
                    CONFIG,
                    OffHeapMemory::allocate,
                    () -> 1,
                    HitSink.FREQUENCY,
                    evictor,
                    shard -> Evictor.policy(admission, shard));
    private final Mutation mutation = new Mutation();
    private final byte[] key = new byte[8];
    private final byte[] value = new byte[VALUE_BYTES_MAX];

    private void put(long number, int bytes) {
        mutation.reset();
        ByteBuffer.wrap(key).putLong(number);
        mutation.key.wrap(store.hasher(), 1, key);
        mutation.value.wrap(value, 0, bytes);
        assertThat(store.put(mutation, 1)).isEqualTo(WriteStatus.DONE);
    }

    private int fill(int bytesMin, int livePercent) {
        Random random = new Random(1);
        int items = 0;
        StoreStats stats = store.stats();
        while (stats.bytesLive() + stats.bytesIndex() < livePercent * CONFIG.memoryBytes() / 100) {
            for (int i = 0; i < 100; i++) {
                put(items++, bytesMin + random.nextInt(VALUE_BYTES_MAX - bytesMin + 1));
            }
            stats = store.stats();
        }
        return items;
    }

    @ParameterizedTest
    @CsvSource({"1000, 95", "100, 90"})
    void overwrites_ofANearlyFullStore_copyAtMostTwiceWhatIsWritten_andEvictNothing(
            int bytesMin, int livePercent) {
        evictor.attach(store, pool, Liveness.ALL, shard -> budget -> 0, errors::add);
        int items = fill(bytesMin, livePercent);
        Zipfian ranks = new Zipfian(items);
        Random random = new Random(2);
        StoreStats before = store.stats();
        for (int i = 0; i < 10 * items; i++) {
            put(ranks.next(random), bytesMin + random.nextInt(VALUE_BYTES_MAX - bytesMin + 1));
        }
        StoreStats after = store.stats();
        pool.close();

        assertThat(after.evictions()).isEqualTo(before.evictions()).isZero();
        long written = after.bytesWritten() - before.bytesWritten();
        long copied = after.bytesRelocated() - before.bytesRelocated();
        assertThat((double) (written + copied) / written).isLessThanOrEqualTo(3.0);
        assertThat(errors).isEmpty();
    }

    @Test
    void ranks_ofZipfsLaw_areMostlyLow() {
        Zipfian ranks = new Zipfian(10_000);
        Random random = new Random(3);
        int top = 0;
        for (int i = 0; i < 10_000; i++) {
            top += ranks.next(random) < 100 ? 1 : 0;
        }
        assertThat(top).isBetween(4_500, 6_500);
    }

    /** Ranks of popularity with exponent 0.99, by a table of their sums. */
    private static final class Zipfian {
        private final double[] sums;

        Zipfian(int items) {
            sums = new double[items];
            double sum = 0;
            for (int rank = 0; rank < items; rank++) {
                sum += 1 / Math.pow(rank + 1, 0.99);
                sums[rank] = sum;
            }
        }

        int next(Random random) {
            double wanted = random.nextDouble() * sums[sums.length - 1];
            int found = Arrays.binarySearch(sums, wanted);
            return found >= 0 ? found : -found - 1;
        }
    }
}

package io.larder.server.store;

import io.larder.server.evict.Evictor;
import io.larder.server.expiry.ExpiryTask;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.policy.Admission;
import io.larder.server.work.MaintenancePool;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a put costs in a store of one shard, by the largest item that is copied in one hold of the
 * lock: above it, a put takes the lock twice and copies in between.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CopyBenchmark {
    private static final long MEMORY_BYTES = 64L << 20;
    private static final int SEGMENT_BYTES = 256 << 10;
    private static final int KEYS = 1 << 10;
    private static final int KEY_BYTES = 20;
    private static final int SPACE = 1;

    /** The store that all threads write to. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // by setUp
    public static class OneShard {
        @Param("4096")
        public int bound;

        private ShardedStore store;
        private MaintenancePool pool;

        @Setup
        public void setUp() {
            Evictor evictor = new Evictor();
            Admission admission = Admission.ofBudget(MEMORY_BYTES, 1);
            store =
                    ShardedStore.open(
                            new StoreConfig(MEMORY_BYTES, 1, SEGMENT_BYTES, 1, 2, 2),
                            OffHeapMemory::allocate,
                            () -> 1,
                            (memory, slotPosition, slot, hash) -> {},
                            evictor,
                            shard -> Evictor.policy(admission, shard),
                            new Bounded(bound));
            pool = new MaintenancePool(1, CopyBenchmark::fail);
            evictor.attach(
                    store,
                    pool,
                    Liveness.ALL,
                    shard -> new ExpiryTask(store, shard),
                    CopyBenchmark::fail);
        }

        @TearDown
        public void tearDown() {
            pool.close();
            store.close();
        }
    }

    private static void fail(Throwable error) {
        throw new IllegalStateException(error);
    }

    private static final class Bounded extends ShardAssembly {
        private final int bound;

        Bounded(int bound) {
            this.bound = bound;
        }

        @Override
        ShardWriter writer(WriteSteps steps) {
            return new ShardWriter(steps) {
                @Override
                int copyUnderLockBytes() {
                    return bound;
                }
            };
        }
    }

    /** One thread. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // by setUp
    public static class Writer {
        @Param("1000")
        public int valueBytes;

        private final Mutation mutation = new Mutation();
        private final byte[] key = new byte[KEY_BYTES];
        private final ByteBuffer keyView = ByteBuffer.wrap(key);
        private byte[] value;
        private int next = System.identityHashCode(this);

        @Setup
        public void setUp() {
            value = new byte[valueBytes];
        }

        private WriteStatus put(ShardedStore store) {
            next = next * 0x915F77F5 + 1;
            keyView.putInt(0, next & (KEYS - 1));
            mutation.key.wrap(store.hasher(), SPACE, key);
            mutation.value.wrap(value, 0, value.length);
            WriteStatus status = store.put(mutation, 1);
            if (status != WriteStatus.DONE && status != WriteStatus.BUSY) {
                throw new IllegalStateException("put: " + status);
            }
            return status;
        }
    }

    /** Stores an item anew. */
    @Benchmark
    public WriteStatus put(OneShard shard, Writer writer) {
        return writer.put(shard.store);
    }
}

package io.larder.server.store;

import io.larder.server.memory.HeapMemory;
import io.larder.server.store.StoreFixture.Outcome;
import java.util.HashMap;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two threads on a store of one shard over the heap twin do what a map would do: Lincheck chooses the
 * operations and the interleavings. The store is prepared so that the next new key splits a bucket.
 *
 * <p>The results are exact, versions included, because nothing is lost unless an operation says so:
 * {@code relocate} moves everything, {@code evict} drops one key, which only that can drop.
 */
@Tag("slow")
class StoreLincheckTest {
    /** The operations, on the store and on the map. */
    @Param(name = "key", gen = IntGen.class, conf = "0:2")
    @Param(name = "value", gen = IntGen.class, conf = "1:3")
    @Param(name = "version", gen = IntGen.class, conf = "6:9")
    public static class OnStore {
        private static final int FILLERS = 5;
        private static final int COLD = 77;
        private static final int COLD_BYTES = 40;

        private final StoreFixture store;

        public OnStore() {
            this(new ShardAssembly());
        }

        OnStore(ShardAssembly assembly) {
            store =
                    new StoreFixture(
                            StoreFixture.config(12, 256, 1),
                            HeapMemory::allocate,
                            HitSink.SECOND_CHANCE,
                            assembly);
            store.now = 0;
            for (int filler = 0; filler < FILLERS; filler++) {
                store.put(10 + filler, "1");
            }
        }

        @Operation
        public String get(@Param(name = "key") int key) {
            return store.get(key).toString();
        }

        @Operation
        public long put(@Param(name = "key") int key, @Param(name = "value") int value) {
            return write(store.mutationOf(key, "" + value));
        }

        private long write(Mutation mutation) {
            WriteStatus status = store.store.put(mutation, 0);
            return status == WriteStatus.DONE ? mutation.version : -status.ordinal();
        }
    }

    @Test
    void x() {
        long t = System.nanoTime();
        new ModelCheckingOptions().iterations(Integer.getInteger("it", 5)).invocationsPerIteration(Integer.getInteger("inv", 200)).threads(2).actorsPerThread(3).actorsBefore(1).actorsAfter(1).check(OnStore.class);
        System.out.println((System.nanoTime() - t) / 1000000);
    }
}

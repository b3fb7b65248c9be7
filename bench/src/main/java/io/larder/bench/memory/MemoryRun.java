package io.larder.bench.memory;

import io.larder.bench.BenchException;
import io.larder.bench.ProcessUsage;
import io.larder.bench.Progress;
import io.larder.server.LarderStore;
import io.larder.server.store.Mutation;
import io.larder.server.store.StoreStats;
import io.larder.server.store.WriteStatus;
import java.nio.ByteBuffer;

/** Fills a store, then overfills it, and looks at what is resident. For one thread. */
final class MemoryRun {
    static final int KEY_BYTES_MIN = 8;

    private static final int SPACE = 1;
    private static final long WARM_UP_BYTES = 4L << 20;
    private static final int WARM_UP_ITEMS = 200_000;
    private static final int PROGRESS_ITEMS = 1_000_000;

    /**
     * What to fill.
     *
     * @param items that are to be there together
     * @param keyBytes of each
     * @param valueBytes of each
     * @param memoryBytes the budget
     */
    record Plan(int items, int keyBytes, int valueBytes, long memoryBytes) {}

    /**
     * What came of it.
     *
     * @param filled the store with all items in it
     * @param filledBytes resident growth then
     * @param full the store after as much again as its budget was written
     * @param fullBytes resident growth then
     */
    record Outcome(StoreStats filled, long filledBytes, StoreStats full, long fullBytes) {}

    private final Mutation mutation = new Mutation();
    private final byte[] key;
    private final ByteBuffer keyView;
    private final byte[] value;

    private MemoryRun(Plan plan) {
        key = new byte[plan.keyBytes()];
        keyView = ByteBuffer.wrap(key);
        value = new byte[plan.valueBytes()];
    }

    /**
     * Does it.
     *
     * @throws BenchException if a write is refused
     */
    static Outcome run(Plan plan) {
        MemoryRun run = new MemoryRun(plan);
        run.warmUp();
        long before = residentBytes();
        try (LarderStore store = LarderStore.open(plan.memoryBytes())) {
            run.fill(store, 0, plan.items());
            StoreStats filled = store.store().stats();
            long filledBytes = residentBytes() - before;
            long itemBytes = Math.max(1, filled.bytesLive() / Math.max(1, filled.items()));
            long more = plan.memoryBytes() / itemBytes;
            run.fill(store, plan.items(), plan.items() + more);
            return new Outcome(
                    filled, filledBytes, store.store().stats(), residentBytes() - before);
        }
    }

    /** Loads and compiles what the store is made of, so that it is not counted as the store's. */
    private void warmUp() {
        try (LarderStore store = LarderStore.open(WARM_UP_BYTES)) {
            fill(store, 0, WARM_UP_ITEMS);
        }
    }

    private void fill(LarderStore store, long from, long to) {
        for (long index = from; index < to; index++) {
            keyView.putLong(0, index * 0x9E3779B97F4A7C15L);
            mutation.key.wrap(store.store().hasher(), SPACE, key);
            mutation.value.wrap(value, 0, value.length);
            WriteStatus status = store.store().put(mutation, store.clock().nowMillis());
            if (status != WriteStatus.DONE) {
                throw new BenchException("put " + index + ": " + status + " (expected: DONE)");
            }
            if (index % PROGRESS_ITEMS == 0) {
                Progress.say("memory: %d items, %d MiB", index, residentBytes() >> 20);
            }
        }
    }

    private static long residentBytes() {
        return ProcessUsage.of(ProcessHandle.current().pid()).residentBytes();
    }
}

package io.larder.server.store;

import io.larder.server.memory.HeapMemory;
import io.larder.server.memory.Slice;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * What Lincheck does to a region of a store: single keys, and whole sets of them by a clear of the
 * region, of a tag, of a prefix. {@link LincheckRegionMap} says what that must come to, key by key.
 *
 * <p>Versions are no part of the results: a write that has begun before a clear counts as done
 * before it, whatever version it got.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:2")
@Param(name = "value", gen = IntGen.class, conf = "1:9")
public class LincheckRegion {
    /** All of these begin with the same byte. */
    static final int[] KEYS = {7, 421_791, 2};

    private static final byte[] PREFIX = {0};
    private static final long TAG = 0x7A6;

    /** What a region is to a store: the space that its keys are hashed with. */
    private final AtomicInteger space = new AtomicInteger(1);

    private final Liveness liveness = (of, version) -> of == space.get();
    private final ShardedStore store;
    private final SurvivalPolicy policy;

    public LincheckRegion() {
        StoreFixture fixture =
                new StoreFixture(
                        StoreFixture.config(20, 128, 1),
                        HeapMemory::allocate,
                        HitSink.FREQUENCY,
                        new RecordedAssembly());
        fixture.now = 0;
        store = fixture.store;
        policy = fixture.policies.get(0);
    }

    private Mutation of(int key) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), space.get(), StoreFixture.keyBytes(KEYS[key]));
        return mutation;
    }

    /** The value, 0 if the key is absent. */
    @Operation
    public int get(@Param(name = "key") int key) {
        int[] value = {0};
        store.get(of(key).key, 0, item -> value[0] = numberOf(item));
        return value[0];
    }

    private static int numberOf(ItemView item) {
        byte[] digit = new byte[item.valueLength()];
        item.copyTo(digit, 0);
        return digit.length == 1 ? digit[0] - '0' : -1;
    }

    @Operation
    public boolean put(@Param(name = "key") int key, @Param(name = "value") int value) {
        return put(of(key), value);
    }

    @Operation
    public boolean putTagged(@Param(name = "key") int key, @Param(name = "value") int value) {
        Mutation mutation = of(key);
        mutation.addTag(TAG);
        return put(mutation, value);
    }

    private boolean put(Mutation mutation, int value) {
        mutation.value.wrap(new byte[] {(byte) ('0' + value)}, 0, 1);
        return store.put(mutation, 0) == WriteStatus.DONE;
    }

    @Operation
    public boolean delete(@Param(name = "key") int key) {
        return store.delete(of(key), 0) == WriteStatus.DONE;
    }

    @Operation
    public void clearRegion() {
        space.incrementAndGet();
    }

    @Operation
    public void clearTag() {
        store.invalidateTag(space.get(), TAG, 0);
    }

    @Operation
    public void clearPrefix() {
        Slice prefix = Slice.of(PREFIX);
        store.invalidatePrefix(space.get(), prefix, 0);
    }

    /** Copies the oldest segment's items on and frees it; what was cleared is dropped. */
    @Operation(nonParallelGroup = "reclaim")
    public void relocate() {
        ShardedStore.Reclaimed reclaimed;
        policy.survival = StoreFixture.ALL_SURVIVE;
        do {
            reclaimed = store.reclaim(0, liveness);
        } while (reclaimed == ShardedStore.Reclaimed.PART);
    }

    /** Drops all that was cleared. */
    @Operation(nonParallelGroup = "reclaim")
    public void sweep() {
        long bucket = 0;
        while (bucket >= 0) {
            bucket = store.sweep(0, bucket, 64, liveness);
        }
    }
}

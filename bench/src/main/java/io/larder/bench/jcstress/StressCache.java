package io.larder.bench.jcstress;

import io.larder.server.memory.Memory;
import io.larder.server.memory.OffHeapMemory;
import io.larder.server.store.Key;
import io.larder.server.store.Mutation;
import io.larder.server.store.ReadStatus;
import io.larder.server.store.ShardedStore;
import io.larder.server.store.ShardedStore.Reclaimed;
import io.larder.server.store.StressStore;
import io.larder.server.store.StressStore.Fault;
import io.larder.server.store.WriteStatus;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * A tiny store whose values are one byte repeated, so that a torn one shows. Each method makes its
 * own carriers: any actor may call any.
 */
final class StressCache {
    /** A read that found nothing. */
    static final int MISS = 0;

    /** A read whose bytes were not all the same. */
    static final int TORN = -1;

    /** About as long as it takes to recycle a segment and fill it again. */
    private static final int SPINS = 50;

    private static final int SPACE = 1;
    private static final long NOW = 1;
    private static final long BLOCK_BYTES = 512L << 20;
    private static final OffHeapMemory BLOCK = OffHeapMemory.allocate(BLOCK_BYTES);
    private static final AtomicLong CLAIMED_BYTES = new AtomicLong();

    private final ShardedStore store;

    /** A cache in part of a block that comes round long after this state is gone. */
    StressCache(int segments, int segmentBytes, Fault fault) {
        this(segments, segmentBytes, fault, StressCache::claim);
    }

    StressCache(int segments, int segmentBytes, Fault fault, LongFunction<Memory> allocator) {
        store = StressStore.open(segments, segmentBytes, allocator, fault);
    }

    private static Memory claim(long bytes) {
        long rounded = bytes + 63 & -64;
        long position;
        do {
            position = CLAIMED_BYTES.getAndAdd(rounded) % BLOCK_BYTES;
        } while (position + rounded > BLOCK_BYTES);
        return BLOCK.slice(position, rounded);
    }

    /** Stores {@code length} times {@code fill}; false if there was no room. */
    boolean put(int key, int fill, int length) {
        byte[] value = new byte[length];
        Arrays.fill(value, (byte) fill);
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), SPACE, bytes(key));
        mutation.value.wrap(value, 0, length);
        return store.put(mutation, NOW) == WriteStatus.DONE;
    }

    void delete(int key) {
        Mutation mutation = new Mutation();
        mutation.key.wrap(store.hasher(), SPACE, bytes(key));
        store.delete(mutation, NOW);
    }

    /** The byte that the value repeats, {@link #MISS} or {@link #TORN}. */
    int get(int key) {
        return get(key, 0);
    }

    /**
     * As {@link #get(int)}, but the reader spins between finding the item and copying it, so that
     * much can happen to the item in that time.
     */
    int getSlowly(int key) {
        return get(key, SPINS);
    }

    private int get(int key, int spins) {
        byte[][] copy = new byte[1][];
        Key wrapped = new Key().wrap(store.hasher(), SPACE, bytes(key));
        ReadStatus status =
                store.get(
                        wrapped,
                        NOW,
                        item -> {
                            for (int i = 0; i < spins; i++) {
                                Thread.onSpinWait();
                            }
                            copy[0] = new byte[item.valueLength()];
                            item.copyTo(copy[0], 0);
                        });
        if (status == ReadStatus.MISS) {
            return MISS;
        }
        byte[] value = copy[0];
        for (byte each : value) {
            if (each != value[0]) {
                return TORN;
            }
        }
        return value.length == 0 ? TORN : value[0];
    }

    /** Frees the oldest segment, copying on all that lives in it. */
    void recycle() {
        Reclaimed reclaimed;
        do {
            reclaimed = store.reclaim(0, (space, version) -> true);
        } while (reclaimed == Reclaimed.PART);
    }

    /** The hash that the store goes by. */
    long hash(int key) {
        return new Key().wrap(store.hasher(), SPACE, bytes(key)).hash();
    }

    private static byte[] bytes(int key) {
        return new byte[] {
            (byte) (key >>> 24), (byte) (key >>> 16), (byte) (key >>> 8), (byte) key
        };
    }
}

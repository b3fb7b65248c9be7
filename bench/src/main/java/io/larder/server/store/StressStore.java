package io.larder.server.store;

import io.larder.server.memory.Memory;
import io.larder.server.metrics.StripedCounter;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/**
 * Small stores of one shard for stress tests, whole or with a fault planted. In the store's own
 * package, since a fault replaces a part of a shard; the server knows nothing of it.
 *
 * <p>Nothing is reclaimed but by {@link ShardedStore#reclaim}; a writer that finds no room is BUSY.
 */
public final class StressStore {
    private static final long SEED_0 = 0x0706050403020100L;
    private static final long SEED_1 = 0x0F0E0D0C0B0A0908L;

    /** What is wrong with a store. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** A value of the same length is written over the old one in place. */
        OVERWRITES_IN_PLACE,
        /** The generation is not looked at again after the copy. */
        GENERATION_UNCHECKED,
        /** A split publishes the geometry before it has copied the slots. */
        GEOMETRY_BEFORE_COPY,
        /** A segment is recycled although an item in it is still being filled. */
        PENDING_IGNORED,
        /** A reader of a large value does not keep its chain from being freed. */
        CHAIN_NOT_PINNED
    }

    private StressStore() {}

    /** Opens a store of so many segments, in memory from {@code allocator}. */
    public static ShardedStore open(
            int segments, int segmentBytes, LongFunction<Memory> allocator, Fault fault) {
        StoreConfig config =
                new StoreConfig((long) segments * segmentBytes, 1, segmentBytes, SEED_0, SEED_1, 1);
        return ShardedStore.open(
                config,
                allocator,
                () -> 1,
                StressStore::ignoreHit,
                new Refusing(),
                shard -> new Keeping(),
                of(fault));
    }

    private static void ignoreHit(Memory memory, long slotPosition, long slot, long hash) {}

    private static final class Refusing implements SpaceReclaimer {
        @Override
        public void request(int shard) {}

        @Override
        public boolean help(int shard) {
            return false;
        }
    }

    /** Copies everything on, again and again. */
    private static final class Keeping implements ShardPolicy {
        @Override
        public int admit(long hash, int itemBytes) {
            return SMALL;
        }

        @Override
        public int source(long smallBytes, long mainBytes) {
            return smallBytes > 0 ? SMALL : MAIN;
        }

        @Override
        public boolean duels(int queue) {
            return false;
        }

        @Override
        public int judge(int queue, long hash, int freq, int itemBytes, long victimHash) {
            return KEEP;
        }

        @Override
        public boolean compacts(
                long liveBytes, long segmentBytes, long deadBytes, long copyCredit) {
            return false;
        }

        @Override
        public int freqAfter(int queue, int freq) {
            return freq;
        }
    }

    private static ShardAssembly of(Fault fault) {
        return switch (fault) {
            case NONE -> new ShardAssembly();
            case OVERWRITES_IN_PLACE -> new InPlace();
            case GENERATION_UNCHECKED -> new Unchecked();
            case GEOMETRY_BEFORE_COPY -> new PublishedFirst();
            case PENDING_IGNORED -> new PendingIgnored();
            case CHAIN_NOT_PINNED -> new NotPinned();
        };
    }

    private static final class InPlace extends ShardAssembly {
        @Override
        ShardWriter writer(WriteSteps steps) {
            Shard shard = steps.shard;
            return new ShardWriter(steps) {
                @Override
                WriteStatus put(Mutation mutation, long nowMillis) {
                    shard.lock.lock();
                    try {
                        long slotAt = shard.index.find(mutation.key);
                        if (slotAt != HashIndex.NO_SLOT) {
                            long item = Slot.position(shard.memory.getLong(slotAt));
                            shard.memory.copyIn(
                                    ItemLayout.keyPosition(item, 0) + mutation.key.bytes().length(),
                                    mutation.value);
                            return WriteStatus.DONE;
                        }
                    } finally {
                        shard.lock.unlock();
                    }
                    return super.put(mutation, nowMillis);
                }
            };
        }
    }

    private static final class Unchecked extends ShardAssembly {
        @Override
        ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            return new ShardReader(shard, hitSink, readsLocked) {
                @Override
                Verdict lookAt(long slotAt, long hint, Key key, long nowMillis, ValueSink sink) {
                    return judge(key, hint, floors.active(), nowMillis, sink);
                }
            };
        }
    }

    private static final class NotPinned extends ShardAssembly {
        @Override
        ShardReader reader(Shard shard, HitSink hitSink, StripedCounter readsLocked) {
            return new ShardReader(shard, hitSink, readsLocked) {
                @Override
                boolean pin(LargeValue value) {
                    return true;
                }
            };
        }
    }

    private static final class PublishedFirst extends ShardAssembly {
        @Override
        HashIndex index(Memory arena, IndexChunks chunks) {
            return new HashIndex(arena, chunks) {
                @Override
                void split(long seen, long image, LongUnaryOperator hashOfItemAt) {
                    long source = primaryPosition(bucketOf(image, seen));
                    publishGeometry(after(seen));
                    int count = copyUp(seen, source, primaryPosition(image), hashOfItemAt);
                    raiseRelocation(source);
                    clearMoved(count);
                    pullTogether(source);
                }
            };
        }
    }

    private static final class PendingIgnored extends ShardAssembly {
        @Override
        SegmentLog log(SegmentTable segments, long nowMillis) {
            return new SegmentLog(segments, nowMillis) {
                @Override
                boolean mayRecycle(int segment) {
                    return true;
                }
            };
        }
    }
}

package io.larder.server.store;

import io.larder.server.memory.OffHeapMemory;

/**
 * Stores for tests of what is kept elsewhere: the real one, and ones that are broken on purpose, to
 * show that a test would notice. They evict all that they are told to reclaim, as from MAIN.
 */
public enum OverflowTwin {
    /** As it is. */
    NONE,
    /** Believes what was fetched if anything is kept for the key, whichever eviction's it is. */
    PLACE_NOT_VERSION,
    /** Believes what was fetched. */
    NOT_CHECKED,
    /** A write leaves what is kept of its key. */
    NOT_VOIDED,
    /** What was written is named again, though it was void by then. */
    BATCH_NAMES_VOID;

    /** Opens a store. */
    public ShardedStore open(StoreConfig config, Clock clock) {
        return ShardedStore.open(
                config,
                OffHeapMemory::allocate,
                clock,
                StoreFixture.NO_HITS,
                new NoReclaimer(),
                shard -> new AllFromMain(),
                new Assembly());
    }

    private final class Assembly extends ShardAssembly {
        @Override
        ShardReturns returns(WriteSteps steps, KeyHasher hasher) {
            return switch (OverflowTwin.this) {
                case PLACE_NOT_VERSION ->
                        new ShardReturns(steps, hasher) {
                            @Override
                            boolean isNamed(long hash, long stamp) {
                                return steps.shard.overflow.stamp(hash) != ShardOverflow.NONE;
                            }
                        };
                case NOT_CHECKED ->
                        new ShardReturns(steps, hasher) {
                            @Override
                            boolean isNamed(long hash, long stamp) {
                                return true;
                            }
                        };
                default -> super.returns(steps, hasher);
            };
        }

        @Override
        Shard shard(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis) {
            return OverflowTwin.this == NOT_VOIDED
                    ? new Unvoiding(id, segments, index, log, hasher, nowMillis)
                    : super.shard(id, segments, index, log, hasher, nowMillis);
        }
    }

    private static final class Unvoiding extends Shard {
        Unvoiding(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis) {
            super(id, segments, index, log, hasher, nowMillis);
        }

        @Override
        void publish(
                long position, long hash, long slotAt, long expiryMillis, long version, int kind) {
            publishReturned(position, hash, slotAt, expiryMillis, version, kind);
        }
    }

    private static final class NoReclaimer implements SpaceReclaimer {
        @Override
        public void request(int shard) {}

        @Override
        public boolean help(int shard) {
            return false;
        }
    }

    private static final class AllFromMain implements ShardPolicy {
        @Override
        public int admit(long hash, int itemBytes) {
            return MAIN;
        }

        @Override
        public int source(long smallBytes, long mainBytes) {
            return MAIN;
        }

        @Override
        public boolean duels(int queue) {
            return false;
        }

        @Override
        public int judge(int queue, long hash, int freq, int itemBytes, long victimHash) {
            return EVICT;
        }

        @Override
        public boolean compacts(
                long liveBytes, long segmentBytes, long deadBytes, long copyCredit) {
            return false;
        }

        @Override
        public int freqAfter(int queue, int freq) {
            return 0;
        }
    }
}

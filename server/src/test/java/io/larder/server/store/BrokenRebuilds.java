package io.larder.server.store;

import java.util.function.LongPredicate;

/** Stores that are broken where only a process sees it that comes after one that was killed. */
final class BrokenRebuilds {
    private BrokenRebuilds() {}

    /** A moved item's source stays COMPLETE. */
    static final class SourceLeft extends ShardAssembly {
        @Override
        Shard shard(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis) {
            return new BrokenShards.SourceLeft(id, segments, index, log, hasher, nowMillis);
        }
    }

    /** An item that is not its key's newest stays COMPLETE. */
    static final class LosersLeft extends ShardAssembly {
        @Override
        ShardRebuild rebuild(
                Shard shard,
                KeyHasher hasher,
                LongPredicate isMine,
                ChainClaims claims,
                RebuildProgress progress) {
            return new ShardRebuild(shard, hasher, isMine, claims, progress) {
                @Override
                void lost(long position, long word0) {}
            };
        }
    }

    /** An item is COMPLETE before it is decided whether it is stored at all. */
    static final class DecidedLate extends ShardAssembly {
        @Override
        ShardWriter writer(WriteSteps steps) {
            return new ShardWriter(steps) {
                @Override
                WriteStatus put(Mutation mutation, long nowMillis) {
                    int extensionBytes = steps.extensionBytes(mutation);
                    return steps.fits(mutation, extensionBytes, mutation.value.length())
                                    && steps.isInline(mutation.value.length())
                            ? putCompleted(steps, mutation, extensionBytes, nowMillis)
                            : super.put(mutation, nowMillis);
                }
            };
        }

        private static WriteStatus putCompleted(
                WriteSteps steps, Mutation mutation, int extensionBytes, long nowMillis) {
            Shard shard = steps.shard;
            int length = mutation.value.length();
            int bytes = ItemLayout.itemBytes(extensionBytes, mutation.key.bytes().length(), length);
            shard.lock.lock();
            try {
                long slotAt = shard.index.find(mutation.key);
                long position =
                        steps.reserve(mutation, slotAt, length, bytes, extensionBytes, nowMillis);
                if (position < 0) {
                    return WriteStatus.BUSY;
                }
                steps.fill(mutation, mutation.value, position, extensionBytes);
                complete(steps, position, mutation, nowMillis);
                WriteStatus status = steps.decide(mutation, slotAt, nowMillis);
                if (status != WriteStatus.DONE) {
                    steps.abandon(mutation, position, bytes);
                    return status;
                }
                steps.seal(position);
                steps.publish(mutation, position, slotAt, nowMillis, bytes);
                return WriteStatus.DONE;
            } finally {
                steps.unlock();
            }
        }

        private static void complete(
                WriteSteps steps, long position, Mutation mutation, long nowMillis) {
            steps.seal(position);
            long word0 = steps.memory.getLong(position);
            long word1 =
                    ItemLayout.word1(
                            steps.shard.nextVersion(nowMillis),
                            mutation.key.bytes().length(),
                            ItemLayout.KIND_VALUE,
                            true);
            steps.memory.putLong(position + ItemLayout.WORD1_OFFSET, word1);
            ItemSum.finish(steps.memory, position, word0, word1);
            steps.memory.putLongRelease(
                    position,
                    ItemLayout.withExpiry(
                            ItemLayout.withState(word0, ItemLayout.STATE_COMPLETE),
                            Mutation.NEVER));
        }
    }
}

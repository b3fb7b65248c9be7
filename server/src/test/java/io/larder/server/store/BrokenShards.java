package io.larder.server.store;

import java.util.HashMap;
import java.util.Map;

/** The shards of {@link Twin}s, and their logs and survivors. */
final class BrokenShards {
    private BrokenShards() {}

    static final class DeadLater extends Shard {
        private long markAt;

        DeadLater(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis) {
            super(id, segments, index, log, hasher, nowMillis);
        }

        @Override
        void markDead(long position, long word0) {
            if (markAt != 0) {
                super.markDead(markAt, memory.getLong(markAt));
            }
            markAt = position;
        }
    }

    static final class SourceLeft extends Shard {
        private boolean moving;

        SourceLeft(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis) {
            super(id, segments, index, log, hasher, nowMillis);
        }

        @Override
        void move(long source, long target, long hash, long slotAt, int freq) {
            moving = true;
            super.move(source, target, hash, slotAt, freq);
            moving = false;
        }

        @Override
        void markDead(long position, long word0) {
            if (!moving) {
                super.markDead(position, word0);
            }
        }
    }

    static final class StaleWord0 extends Survivors {
        private final Map<Long, Long> word0s = new HashMap<>();

        StaleWord0(Shard shard) {
            super(shard);
        }

        @Override
        void copyBody(long source, long target) {
            super.copyBody(source, target);
            word0s.put(target, shard.memory.getLong(source));
        }

        @Override
        void settle(long source, long target, long hash, int freq) {
            boolean linked = shard.index.locate(hash, source) != HashIndex.NO_SLOT;
            super.settle(source, target, hash, freq);
            long word0 = word0s.remove(target);
            if (linked) {
                shard.memory.putLongRelease(target, word0);
            }
        }
    }

    static final class FloorByTime extends Shard {
        FloorByTime(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis) {
            super(id, segments, index, log, hasher, nowMillis);
        }

        @Override
        void invalidateTag(long tag, int rule, long now) {
            floors.raiseTag(tag, now << 8);
        }
    }

    static final class FloorsIgnored extends Shard {
        FloorsIgnored(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis) {
            super(id, segments, index, log, hasher, nowMillis);
        }

        @Override
        boolean isInvalidated(long position) {
            return false;
        }
    }

    static final class ReusedUnraised extends Shard {
        ReusedUnraised(
                int id,
                SegmentTable segments,
                HashIndex index,
                SegmentLog log,
                KeyHasher hasher,
                long nowMillis) {
            super(id, segments, index, log, hasher, nowMillis);
        }

        @Override
        void raiseForReuse(int segment) {}
    }

    static final class PendingIgnored extends SegmentLog {
        PendingIgnored(SegmentTable segments, long nowMillis) {
            super(segments, nowMillis);
        }

        @Override
        boolean mayRecycle(int segment) {
            return true;
        }
    }
}
